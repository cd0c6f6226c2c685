"""All that was ever recorded about one household and bears on its money, with days and documents.

The calculation needs what was known at one instant; an explanation also needs what was known at
earlier ones, and what became known between them. Here any month can be seen as at any instant.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from relief.kernel.money import Fen
from relief.kernel.months import Month
from relief.payouts.queries import Run
from relief.payouts.rules import VOIDING_STATES


@dataclass(frozen=True)
class Fact:
    """A fact row with when it was known. Of a rate the confirmation stands for `recorded_at`."""

    id: int
    recorded_at: dt.datetime
    superseded_at: dt.datetime | None

    def known_at(self, at: dt.datetime) -> bool:
        """Recorded by the instant, and not superseded at it."""
        return self.recorded_at <= at and (self.superseded_at is None or self.superseded_at > at)


@dataclass(frozen=True)
class SpellFact(Fact):
    """A fact for `[from_month, until_month)`."""

    from_month: Month
    until_month: Month | None

    def covers(self, month: Month) -> bool:
        """Whether it holds in a month."""
        return self.from_month <= month and (self.until_month is None or month < self.until_month)


@dataclass(frozen=True)
class EnrolmentFact(SpellFact):
    """The household is approved."""

    approved_on: dt.date
    exited_on: dt.date | None


@dataclass(frozen=True)
class MembershipFact(SpellFact):
    """A person in the household."""

    person_id: int
    relation: str
    counted: bool
    joined_on: dt.date | None
    left_on: dt.date | None
    left_by_death: bool


@dataclass(frozen=True)
class GradeDecision(Fact):
    """A grade from a month on."""

    grade: str
    from_month: Month
    decided_on: dt.date


@dataclass(frozen=True)
class ConfirmedRate(Fact):
    """A rate from a month on, with its document."""

    grade: str
    from_month: Month
    rate_fen: Fen
    document_no: str


@dataclass(frozen=True)
class HoldFact(Fact):
    """Payment suspended, or resumed."""

    held: bool
    event_on: dt.date


@dataclass(frozen=True)
class AccountFact(Fact):
    """Where the money goes; `none` where it cannot go anywhere."""

    kind: str
    event_on: dt.date


@dataclass(frozen=True)
class ChoiceFact(Fact):
    """How over-payments are recovered."""

    choice: str


@dataclass(frozen=True)
class LineStep:
    """What happened to a line, with the bank's own reason."""

    state: str
    at: dt.datetime
    day: dt.date
    reason: str


@dataclass(frozen=True)
class PastLine:
    """A line of any run, and what became of it."""

    id: int
    run_id: int
    reference: str
    made_at: dt.datetime
    steps: tuple[LineStep, ...]

    @property
    def taken_back(self) -> LineStep | None:
        """The step that voided its items, if any."""
        return next((step for step in self.steps if step.state in VOIDING_STATES), None)

    def cancelled_by(self, at: dt.datetime) -> bool:
        """Cancelled with its list by an instant: the list was never there."""
        return any(step.state == "cancelled" and step.at <= at for step in self.steps)


@dataclass(frozen=True)
class PastItem:
    """Fen of a line for one month."""

    line: PastLine
    month: Month
    amount_fen: Fen
    made_at: dt.datetime
    voided_at: dt.datetime | None

    def stands_at(self, at: dt.datetime) -> bool:
        """Whether it counts in P as it stood at an instant."""
        return self.made_at < at and (self.voided_at is None or self.voided_at > at)


@dataclass(frozen=True)
class Receipt:
    """A repayment (negative) or a write-off (positive), with its paper."""

    month: Month
    amount_fen: Fen
    document_no: str
    confirmed_at: dt.datetime


@dataclass(frozen=True)
class PastException:
    """What a run did not settle."""

    run_id: int
    reason: str
    made_at: dt.datetime


@dataclass(frozen=True)
class MonthView:
    """One month as known at an instant: who counts, at which grade and rate."""

    at: dt.datetime
    month: Month
    enrolment: EnrolmentFact | None
    counted: tuple[MembershipFact, ...]
    grade: GradeDecision | None
    rate: ConfirmedRate | None

    @property
    def persons(self) -> int:
        """The counted persons; 0 where no enrolment covers the month."""
        return len(self.counted) if self.enrolment else 0

    @property
    def rate_fen(self) -> Fen:
        """The rate of the grade; 0 where none is known."""
        return self.rate.rate_fen if self.rate else 0

    @property
    def owed_fen(self) -> Fen:
        """E."""
        return self.persons * self.rate_fen


@dataclass(frozen=True)
class Evidence:
    """One household; facts in the order of record, lines and items in the order of making."""

    household_no: str
    recorded_at: dt.datetime
    enrolments: tuple[EnrolmentFact, ...]
    memberships: tuple[MembershipFact, ...]
    grades: tuple[GradeDecision, ...]
    rates: tuple[ConfirmedRate, ...]
    holds: tuple[HoldFact, ...]
    accounts: tuple[AccountFact, ...]
    choices: tuple[ChoiceFact, ...]
    lines: tuple[PastLine, ...]
    items: tuple[PastItem, ...]
    exceptions: tuple[PastException, ...]
    repayments: tuple[Receipt, ...]
    write_offs: tuple[Receipt, ...]
    runs: tuple[Run, ...]
    day_of: Callable[[dt.datetime], dt.date]

    def view(self, at: dt.datetime, month: Month) -> MonthView:
        """A month as it was known at an instant."""
        enrolments = [e for e in known(self.enrolments, at) if e.covers(month)]
        counted = [m for m in known(self.memberships, at) if m.counted and m.covers(month)]
        begun = [g for g in known(self.grades, at) if g.from_month <= month]
        grade = max(begun, key=lambda g: (g.from_month, g.id), default=None)
        rates = [
            r
            for r in known(self.rates, at)
            if grade is not None and r.grade == grade.grade and r.from_month <= month
        ]
        return MonthView(
            at=at,
            month=month,
            enrolment=enrolments[-1] if enrolments else None,
            counted=tuple(counted),
            grade=grade,
            rate=max(rates, key=lambda r: (r.from_month, r.recorded_at, r.id), default=None),
        )

    def paid_fen(self, at: dt.datetime, month: Month) -> Fen:
        """P."""
        items = (i.amount_fen for i in self.items if i.month == month and i.stands_at(at))
        return sum(items) + _confirmed_fen(self.repayments, at, month)

    def written_off_fen(self, at: dt.datetime, month: Month) -> Fen:
        """W."""
        return _confirmed_fen(self.write_offs, at, month)

    def over_fen(self, at: dt.datetime, month: Month) -> Fen:
        """P - E - W where positive."""
        over = self.paid_fen(at, month) - self.view(at, month).owed_fen
        return max(over - self.written_off_fen(at, month), 0)


SomeFact = TypeVar("SomeFact", bound=Fact)


def known(facts: Iterable[SomeFact], at: dt.datetime) -> list[SomeFact]:
    """The facts known at an instant."""
    return [fact for fact in facts if fact.known_at(at)]


def _confirmed_fen(receipts: Iterable[Receipt], at: dt.datetime, month: Month) -> Fen:
    return sum(r.amount_fen for r in receipts if r.month == month and r.confirmed_at <= at)
