"""All that was ever recorded about one household and bears on its money, with days and documents.

The calculation needs what was known at one instant; an explanation also needs what was known at
earlier ones, and what became known between them. Here any month can be seen as at any instant.

Facts are for the words: which one, of which day, recorded when. Every amount (persons, rate, E, P,
W, what is due or over-paid) is the plain way's over what was known at that instant; none is
calculated here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from relief.kernel.money import Fen
from relief.kernel.months import Month
from relief.payouts.over_paid.kinds import MoneyKind
from relief.payouts.queries import Run
from relief.payouts.rules import VOIDING_STATES
from relief.payouts.verification.plain import (
    Balance,
    KnownHousehold,
    KnownRate,
    Owed,
    balance_of,
)


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
        """Whether an instant's P has it."""
        return self.made_at < at and (self.voided_at is None or self.voided_at > at)


@dataclass(frozen=True)
class Receipt:
    """A repayment or a write-off, with its paper; `amount_fen` as people write it."""

    kind: MoneyKind
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
class KnownThen:
    """What was known at an instant, in the form that the plain way takes."""

    household: KnownHousehold
    rates: tuple[KnownRate, ...]


@dataclass(frozen=True)
class MonthView:
    """One month as known at an instant: what is owed, and the facts that tell why."""

    at: dt.datetime
    month: Month
    owed: Owed
    enrolment: EnrolmentFact | None
    counted: tuple[MembershipFact, ...]
    grade: GradeDecision | None
    rate: ConfirmedRate | None

    def __post_init__(self) -> None:
        told = (
            len(self.counted) if self.enrolment else 0,
            self.grade.grade if self.grade else None,
            self.rate.rate_fen if self.rate else 0,
        )
        assert told == self.owed[:3], f"the facts of {self.month} do not bear out what is owed"


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
    receipts: tuple[Receipt, ...]
    runs: tuple[Run, ...]
    day_of: Callable[[dt.datetime], dt.date]
    known_at: Callable[[dt.datetime], KnownThen]

    def balance(self, at: dt.datetime, month: Month) -> Balance:
        """E, P and W of a month, as they stood at an instant."""
        then = self.known_at(at)
        return balance_of(then.household, then.rates, month)

    def view(self, at: dt.datetime, month: Month) -> MonthView:
        """A month as it was known at an instant, with the facts that say what was owed."""
        owed = self.balance(at, month).owed
        enrolments = [e for e in known(self.enrolments, at) if e.covers(month)]
        counted = [m for m in known(self.memberships, at) if m.counted and m.covers(month)]
        grades = [
            g for g in known(self.grades, at) if g.grade == owed.grade and g.from_month <= month
        ]
        rates = [
            r
            for r in known(self.rates, at)
            if (r.grade, r.rate_fen) == (owed.grade, owed.rate_fen) and r.from_month <= month
        ]
        return MonthView(
            at=at,
            month=month,
            owed=owed,
            enrolment=enrolments[-1] if enrolments else None,
            counted=tuple(counted),
            grade=max(grades, key=lambda g: (g.from_month, g.id), default=None),
            rate=max(rates, key=lambda r: (r.from_month, r.recorded_at, r.id), default=None),
        )


SomeFact = TypeVar("SomeFact", bound=Fact)


def known(facts: Iterable[SomeFact], at: dt.datetime) -> list[SomeFact]:
    """The facts known at an instant."""
    return [fact for fact in facts if fact.known_at(at)]
