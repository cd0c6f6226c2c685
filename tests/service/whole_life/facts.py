"""Facts through every door: the register, the ledger, the steps of a file, rates, choices."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import sqlalchemy as sa
from hypothesis import strategies as st

from relief.households.queries import HOUSEHOLD
from relief.kernel.files.columns import Place
from relief.kernel.months import month_of
from relief.payouts.rate_file import RateRow
from relief.payouts.rates import confirm_rates, list_rates, propose_rates
from tests.life import GRADES, HOUSEHOLDS, id_number
from tests.office import AN, CHEN, PING
from tests.service.whole_life.centre import QIN, Centre, always, deed

NEW = ("H4", "H5", "H6")
NOS = (*HOUSEHOLDS, *NEW)
PERSONS = tuple(id_number(serial) for serial in range(14))
_no, _person = st.sampled_from((*HOUSEHOLDS, *NOS)), st.sampled_from(PERSONS)
_back, _grade = st.sampled_from((45, 0, 3, 20, 80, 120, 45, 200)), st.sampled_from(GRADES)
VISIT = {
    "visitors": "陈试、方试", "annual_household_income": "3000.00", "unavoidable_expense": "500",
    "persons": "2", "main_cause": "major_illness", "exclusion_criterion": "none",
}  # fmt: skip
# What leads a file on, from where it stands.
ONWARDS: dict[str, tuple[str, ...]] = {
    "applied": ("survey",),
    "surveyed": ("publish",),
    "published": ("approve", "approve", "object", "publish"),
    "objection": ("dismiss_objection", "uphold_objection"),
    "active": ("recheck", "exit", "suspend"),
    "suspended": ("resume", "exit", "recheck"),
    "exited": ("apply_again", "resume", "suspend"),
    "refused": ("apply_again",),
}
DECIDED = frozenset({"approve", "dismiss_objection", "uphold_objection", "refuse"})


class Facts(Centre):
    """What becomes known of households and rates."""

    @deed(
        always, place=st.integers(0, 2), back=_back, grade=_grade, decided=st.booleans(), acct=_back
    )
    def bring_the_register(
        self, place: int, back: int, grade: str, decided: bool, acct: int
    ) -> None:
        """A household is taken over with its decision, or has only applied."""
        row = {
            "household_no": NEW[place],
            "applicant_name": "试丙",
            "applicant_id": PERSONS[11 + place],
            "account_no": f"6228480000000002{acct:03d}" if acct else "",
        }
        if decided:
            row |= {"grade": grade, "approved_on": self._day(back)}
        self.attempt("register", lambda: self.office.register([row]))

    @deed(always,
        change=st.sampled_from(("approve", "exit", "grade", "suspend", "resume", "account")),
        no=_no, back=_back, grade=_grade,
    )  # fmt: skip
    def bring_the_ledger(self, change: str, no: str, back: int, grade: str) -> None:
        """An event of a household; a day long ago is an old claim, or a correction."""
        row: dict[str, str] = {
            "household_no": no,
            "change": change,
            "effective_on": self._day(back),
        }
        if change in ("approve", "grade"):
            row["grade"] = grade
        if change == "account":
            row["account_no"] = f"6228480000000003{back:03d}"
        self.attempt(f"ledger {change}", lambda: self.office.change(row))

    @deed(always,
        change=st.sampled_from(("join", "leave", "move", "die", "uncounted")),
        no=_no, other=_no, person=_person, back=_back,
    )  # fmt: skip
    def bring_a_person(self, change: str, no: str, other: str, person: str, back: int) -> None:
        """Somebody joins, leaves, dies, or moves from where they are to another household."""
        if change in ("leave", "die", "move"):
            no = self.home.get(person, no)
        about = {"id_number": person, "effective_on": self._day(back)}
        join = about | {"change": "join", "name": "试乙", "relation": "other"}
        leave = about | {"change": "leave"}
        rows: dict[str, list[dict[str, str]]] = {
            "join": [join | {"household_no": no}],
            "uncounted": [join | {"household_no": no, "counted": "no"}],
            "leave": [leave | {"household_no": no}],
            "die": [leave | {"household_no": no, "reason": "died"}],
            "move": [leave | {"household_no": no}, join | {"household_no": other}],
        }
        if self.attempt(change, lambda: self.office.change(*rows[change])):
            self.home[person] = rows[change][-1]["household_no"]

    @deed(
        always,
        wrong=st.sampled_from(PERSONS[3:8]),
        right=st.sampled_from(PERSONS[8:11]),
        back=st.sampled_from((0, 3, 20, 45)),
    )
    def put_a_number_right(self, wrong: str, right: str, back: int) -> None:
        """Somebody was recorded under another number: that one leaves, the right one joins."""
        no, day = self.home.get(wrong, "H1"), self._day(back)
        row = {"household_no": no, "effective_on": day}
        rows = (
            row | {"change": "leave", "id_number": wrong, "reason": "wrong number"},
            row | {"change": "join", "id_number": right, "name": "试乙", "relation": "other"},
        )
        if self.attempt("number put right", lambda: self.office.change(*rows)):
            self.home.pop(wrong, None)
            self.home[right] = no

    @deed(
        always, no=_no, choice=st.integers(0, 3), back=st.sampled_from((0, 0, 1, 9)), grade=_grade,
        late=st.booleans(),
    )  # fmt: skip
    def step_of_a_file(self, no: str, choice: int, back: int, grade: str, late: bool) -> None:
        """The next step of a hardship file, by the right person, now and then entered late."""
        with self.office.relief.reading() as work:
            found = work.rows(sa.select(HOUSEHOLD.c.state).where(HOUSEHOLD.c.household_no == no))
        if not found:
            return
        onwards = ONWARDS.get(found[0].state, ("refuse",))
        action = onwards[choice % len(onwards)]
        more: dict[str, Any] = {"fields": _fields(action, grade), "reason": _reason(action, grade)}
        if late:
            more["on"] = self._day(back)
        who = QIN if action in DECIDED else CHEN
        self.attempt(action, lambda: self.office.file_step(no, action, who, **more))

    @deed(always, grade=_grade, months=st.integers(0, 14), fen=st.integers(14_900, 20_100))
    def propose_a_rate(self, grade: str, months: int, fen: int) -> None:
        """A document sets a rate, perhaps one beside the band."""
        no = f"2005-{100 + self.steps}"
        row = RateRow(Place("rates", 2, {}), grade, month_of(dt.date(2005, 1, 1)) + months, fen, no)
        sha256 = hashlib.sha256(no.encode()).hexdigest()

        def propose() -> None:
            with self.office.relief.work() as work:
                propose_rates(work, AN, [row], sha256, "rates.csv")
                work.commit()

        self.attempt("propose rate", propose)

    @deed(
        lambda centre: centre.done["propose rate"] > centre.done["confirm rate"],
        who=st.sampled_from((PING, PING, AN)),
    )
    def confirm_a_rate(self, who: Any) -> None:
        """The oldest that waits; not by who proposed it."""
        with self.office.relief.reading() as work:
            waiting = [r.document_no for r in list_rates(work) if r.confirmed_at is None]

        def confirm() -> None:
            with self.office.relief.work() as work:
                confirm_rates(work, who, waiting[0])
                work.commit()

        self.attempt("confirm rate", confirm)

    @deed(always, no=_no, choice=st.sampled_from(("offset", "wait")))
    def choose_recovery(self, no: str, choice: str) -> None:
        """An approver lets an over-payment wait, or be taken back."""
        self.attempt("choose", lambda: self.office.choose(no, choice))

    def _day(self, back: int) -> str:
        return (self.life.day - dt.timedelta(days=back)).isoformat()


def _fields(action: str, grade: str) -> dict[str, str]:
    asked: dict[str, dict[str, str]] = {
        "survey": VISIT,
        "recheck": VISIT | {"recheck_result": "regraded", "grade": grade},
        "publish": {"objection_phone": "0576-87000000", "grade": grade},
        "object": {"objection": "they have a shop"},
        "approve": {"grade": grade},
        "exit": {"exit_reason": "graduation"},
    }
    return asked.get(action, {})


def _reason(action: str, grade: str) -> str:
    return "" if action == "object" else f"as decided for {grade}"
