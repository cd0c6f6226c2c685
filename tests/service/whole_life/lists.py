"""Lists and what the bank says of them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from relief.engine.actors import SCHEDULER, SYSTEM
from relief.kernel.months import Quarter, month_of
from relief.payouts.rules import REGULAR, SUPPLEMENTARY
from tests.invariants import lists
from tests.life import ANSWERS
from tests.office import FANG, GAO, PING
from tests.service.whole_life.centre import (
    BOTH,
    DEPUTIES,
    PEOPLE,
    QIN,
    Centre,
    always,
    deed,
    while_any,
)
from tests.service.whole_life.facts import NOS

LIVE = ("draft", "submitted", "approved")
OUT = ("released", "settled")
_who = st.sampled_from((*PEOPLE, *DEPUTIES))
_place = st.integers(0, 5)
_NEXT = {"draft": ("submit", FANG), "submitted": ("approve", PING), "approved": ("release", GAO)}


class Lists(Centre):
    """Runs in all their states."""

    @deed(
        always, back=st.sampled_from((0, 0, 0, 1, 2)), who=st.sampled_from((SCHEDULER, FANG, PING))
    )
    def prepare(self, back: int, who: Any) -> None:
        """A quarter's list, new or anew; made twice it is the same to the byte."""
        quarter = Quarter.of(month_of(self.life.day) - 1 - 3 * back)
        if self._prepared(str(quarter), REGULAR, who):
            self._prepared(str(quarter), REGULAR, who, again=True)

    @deed(while_any(*OUT), place=_place)
    def prepare_supplementary(self, place: int) -> None:
        """What changed since a regular list."""
        regular = [run for run in self.in_state(*OUT) if run.kind == REGULAR]
        if regular:
            self._prepared(str(regular[place % len(regular)].quarter), SUPPLEMENTARY, FANG)

    @deed(while_any(*LIVE), place=_place)
    def carry_on(self, place: int) -> None:
        """The next step of a list, by its own person."""
        live = self.in_state(*LIVE)
        run = live[place % len(live)]
        action, who = _NEXT[run.state]
        self._step(run.reference, action, who)

    @deed(while_any(*LIVE),
        place=_place, who=_who,
        action=st.sampled_from(("submit", "return", "approve", "release", "cancel")),
    )  # fmt: skip
    def anybody_does_anything(self, place: int, who: Any, action: str) -> None:
        """Wrong people, wrong states; and lists that are returned or cancelled."""
        live = self.in_state(*LIVE)
        reason = {"reason": "somebody asked"} if action in ("return", "cancel") else {}
        self._step(live[place % len(live)].reference, action, who, **reason)

    @deed(
        while_any(*LIVE),
        place=_place,
        no=st.sampled_from(NOS),
        who=st.sampled_from((PING, QIN, FANG)),
    )
    def withdraw(self, place: int, no: str, who: Any) -> None:
        """One line is taken out."""
        live = self.in_state(*LIVE)
        fields = {"household_no": no}
        reference = live[place % len(live)].reference
        self._step(reference, "withdraw", who, fields=fields, reason="asked to wait")

    @deed(
        while_any(*OUT),
        place=_place,
        answers=st.lists(st.sampled_from(("", *ANSWERS, "success")), min_size=6, max_size=6),
        again=st.booleans(),
    )
    def the_bank_answers(self, place: int, answers: list[str], again: bool) -> None:
        """For some lines or all; said again it changes nothing of the lines."""
        with_lines = [run for run in self.in_state(*OUT) if run.line_count]
        if not with_lines:
            return
        reference = with_lines[place % len(with_lines)].reference
        said = dict(zip(NOS, answers, strict=True))
        lines = self.office.lines(reference)
        statuses = {li.household_no: said[li.household_no] for li in lines if said[li.household_no]}
        if not statuses:
            return
        if self.attempt("answer", lambda: self.office.answer(reference, statuses)) and again:
            stands = self.office.lines(reference)
            self.attempt("answer again", lambda: self.office.answer(reference, statuses))
            assert self.office.lines(reference) == stands, "said twice, and yet changed"

    @deed(
        while_any(*OUT),
        place=_place,
        action=st.sampled_from(("prepare", "submit", "return", "approve", "cancel", "settle")),
    )
    def nobody_takes_back_what_is_out(self, place: int, action: str) -> None:
        """A list that went to the bank takes no step but its answers."""
        reference = self.in_state(*OUT)[place % len(self.in_state(*OUT))].reference
        who = BOTH if action != "settle" else SYSTEM
        reason = {"reason": "somebody asked"} if action in ("return", "cancel") else {}
        taken = self.attempt(
            "step of a list that is out",
            lambda: self.office.step(reference, action, who, **reason),
        )
        assert not taken, f"{reference} was released, and {action} was taken"

    def _step(self, reference: str, action: str, who: Any, **more: Any) -> None:
        self.attempt(action, lambda: self.office.step(reference, action, who, **more))

    def _prepared(self, quarter: str, kind: str, who: Any, *, again: bool = False) -> bool:
        before = {run.id: run.sha256 for run in self.runs}
        taken = self.attempt(f"prepare {kind}", lambda: self.office.prepare(quarter, kind, who))
        if taken:
            run = max(self.runs, key=lambda run: run.as_of)
            with self.office.relief.reading() as work:
                lists.recomputed(work, run)
                lists.bounds(work, run)
            if again:
                assert run.sha256 == before[run.id], "made anew with nothing new: another list"
        return taken
