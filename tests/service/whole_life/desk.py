"""What people do beside the money: papers, letters, numbers shown, calendars, views, names."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

from relief.accounts.service import change_full_name
from relief.engine.actors import Actor
from relief.engine.work import Work
from relief.petitions.lists.kept_lists import change_list, drop_list, keep_list, lists_of
from relief.petitions.lists.queues import Asked
from relief.petitions.phones_shown import show_case_phone
from relief.reminders.feeds import end_feed, make_feed
from tests.letters import issued
from tests.matters import do, opened
from tests.office import AN, CHEN, FANG, PING
from tests.papers import JPEG, PDF, PNG, attached
from tests.service.whole_life.centre import Centre, always, deed

_PHONES = ("", "13800000017")


def has_a_matter(centre: Centre) -> bool:
    """Only where somebody has brought one."""
    return centre.done["matter"] > 0


class Desk(Centre):
    """A matter or two, and what hangs on them."""

    @deed(lambda centre: centre.done["matter"] < 2, phone=st.sampled_from(_PHONES))
    def bring_a_matter(self, phone: str) -> None:
        """Somebody comes, with a number to call or without."""
        self.attempt("matter", lambda: self.matters.append(opened(self.office, phone=phone)))

    @deed(
        has_a_matter, content=st.sampled_from((PDF, PDF, JPEG, PNG)),
        who=st.sampled_from((CHEN, CHEN, PING, FANG)),
    )  # fmt: skip
    def bring_a_paper(self, content: bytes, who: Actor) -> None:
        """A paper, perhaps one that is not what its name says, or by who works on no cases."""
        name = "照片.jpg" if content == JPEG else "证明.pdf"
        self.attempt(
            "paper", lambda: attached(self.office, self.matters[-1], name, content, actor=who)
        )

    @deed(has_a_matter, number=st.sampled_from(("1", "2")))
    def take_a_paper_back(self, number: str) -> None:
        """One that was attached, or is not there."""
        fields = {"paper_no": number}
        self.attempt(
            "paper taken back",
            lambda: do(self.office, self.matters[-1], "detach", CHEN, fields, reason="错"),
        )

    @deed(has_a_matter, letter=st.sampled_from(("receipt", "opinion")),
          language=st.sampled_from(("zh", "en")))  # fmt: skip
    def send_a_letter(self, letter: str, language: str) -> None:
        """One that is offered, or not yet."""
        self.attempt(
            "letter", lambda: issued(self.office, self.matters[0], letter, language=language)
        )

    @deed(has_a_matter, who=st.sampled_from((CHEN, PING, FANG)))
    def see_a_number(self, who: Actor) -> None:
        """A number whole; each showing is written down."""
        self._attempt("number", lambda work: show_case_phone(work, who, self.matters[0]))

    @deed(always, who=st.sampled_from((CHEN, PING)), made=st.booleans())
    def subscribe(self, who: Actor, made: bool) -> None:
        """An address of one's own calendar, made or ended."""
        change = make_feed if made else end_feed
        self._attempt("address made" if made else "address ended", lambda work: change(work, who))

    @deed(always, who=st.sampled_from((CHEN, PING)),
          what=st.sampled_from(("keep", "share", "drop")))  # fmt: skip
    def keep_a_view(self, who: Actor, what: str) -> None:
        """A view of one's own, or somebody else's, which is refused."""

        def change(work: Work) -> None:
            seen = [*lists_of(work, CHEN.username), *lists_of(work, PING.username)]
            if what == "keep" or not seen:
                keep_list(work, who, f"急件{len(seen) % 2}", Asked(urgent=True), shared=False)
            elif what == "share":
                change_list(work, who, seen[0].id, "大家的", shared=True)
            else:
                drop_list(work, who, seen[0].id)

        self._attempt(f"view: {what}", change)

    @deed(always, name=st.sampled_from(("高试", "高试二", "")))
    def name_a_colleague(self, name: str) -> None:
        """How others know a user; one who is called so already is refused."""
        self._attempt("full name", lambda work: change_full_name(work, AN, "gao", name))

    def _attempt(self, what: str, change: Callable[[Work], object]) -> None:
        def act() -> None:
            with self.office.relief.work() as work:
                change(work)
                work.commit()

        self.attempt(what, act)
