"""The second, independent way of the calculation: one household, month by month, in plain Python.

Read it beside docs/payouts.md, section 3, whose words it keeps: E is owed, P paid, W written off.
It knows nothing of the database and shares nothing with the set-based way; `verify` and the tests
hold the two against each other.

The caller hands in what was known at the instant T and nothing else: facts recorded by T and not
superseded at T, rates confirmed by T, and P and W as they stood at T.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from relief.kernel.money import Fen
from relief.kernel.months import Month
from relief.payouts.verification.given_up import GivenUp, still_given_up

ItemKind = Literal["regular", "arrears", "recovery"]
Reason = Literal["no_rate", "on_hold", "no_account", "over_paid", "not_yet"]

QUARTER_MONTHS = 3


# What is known at T


@dataclass(frozen=True)
class Spell:
    """An enrolment, for `[from_month, until_month)`; `id` is the order of record."""

    from_month: Month
    until_month: Month | None
    id: int


@dataclass(frozen=True)
class KnownMembership:
    """A person in the household, for `[from_month, until_month)`; owed for only where `counted`."""

    person_id: int
    counted: bool
    from_month: Month
    until_month: Month | None


@dataclass(frozen=True)
class KnownGrade:
    """A grade from a month until the next; `id` is the order of record."""

    id: int
    grade: str
    from_month: Month


@dataclass(frozen=True)
class KnownRate:
    """Fen per person per month of a grade, from a month until the next.

    The order of confirmation is that of `confirmed_at`, and of `id` within one confirmation.
    """

    id: int
    grade: str
    from_month: Month
    rate_fen: Fen
    confirmed_at: dt.datetime


@dataclass(frozen=True)
class KnownHousehold:
    """The facts of one household, and by month what was paid (P) and given up. P may be below 0 or
    above E where lines were voided after later runs had counted on them."""

    household_no: str
    enrolments: tuple[Spell, ...]
    memberships: tuple[KnownMembership, ...]
    grades: tuple[KnownGrade, ...]
    held: bool
    has_account: bool
    choice: str
    paid: Mapping[Month, Fen]
    written_off: Mapping[Month, Sequence[GivenUp]]


@dataclass(frozen=True)
class Window:
    """The months a run looks at: from the go-live to the last month of the quarter, both included.

    The go-live may lie inside the quarter.
    """

    first_month: Month
    last_month: Month

    @property
    def months(self) -> range:
        """All months of the window; none where the go-live comes after the quarter."""
        return range(self.first_month, self.last_month + 1)

    def in_quarter(self, month: Month) -> bool:
        """Whether a month lies in the run's own quarter."""
        return self.last_month - QUARTER_MONTHS < month <= self.last_month


# What is answered


class Owed(NamedTuple):
    """E of one month, and what it is made of.

    `persons` is 0 where no enrolment covers the month, `grade` None and `rate_fen` 0 where none is
    known: in such months nothing is owed.
    """

    persons: int
    grade: str | None
    rate_fen: Fen
    owed_fen: Fen


@dataclass(frozen=True)
class Balance:
    """One month: what is owed (E) against what was paid (P) and written off (W, what stands)."""

    month: Month
    owed: Owed
    paid_fen: Fen
    written_off_fen: Fen

    @property
    def due_fen(self) -> Fen:
        """E - P where positive. A write-off never makes anything due."""
        return max(self.owed.owed_fen - self.paid_fen, 0)

    @property
    def over_fen(self) -> Fen:
        """P - E - W where positive."""
        return max(self.paid_fen - self.owed.owed_fen - self.written_off_fen, 0)

    @property
    def lacks_rate(self) -> bool:
        """Counted persons without grade or rate. A rate lies in the band, so it is never 0."""
        return self.owed.persons > 0 and self.owed.rate_fen == 0


class Item(NamedTuple):
    """Fen for one month of a line; a recovery is negative."""

    month: Month
    kind: ItemKind
    amount_fen: Fen
    persons: int
    rate_fen: Fen


class Unsettled(NamedTuple):
    """An exception: what this run does not settle for the household, and why."""

    reason: Reason
    amount_fen: Fen


@dataclass(frozen=True)
class Outcome:
    """What one run does for one household.

    `amount_fen` is always `due_fen` - `recovery_fen`; it is paid where there are items, that is,
    a line. `clean`: the run leaves E = P in every month by paying alone, so a later run may skip
    these months while nothing new becomes known.
    """

    household_no: str
    items: tuple[Item, ...]
    amount_fen: Fen
    due_fen: Fen
    over_fen: Fen
    recovery_fen: Fen
    exception: Unsettled | None
    clean: bool

    @property
    def has_line(self) -> bool:
        """Whether the household gets a line; it has no items without one."""
        return bool(self.items)

    @property
    def listed(self) -> bool:
        """Whether the run mentions the household at all."""
        return self.has_line or self.exception is not None


# The calculation


def owed(household: KnownHousehold, rates: Sequence[KnownRate], month: Month) -> Owed:
    """E of one household and month: counted persons x rate of the grade, where enrolled; else 0."""
    persons = _counted_persons(household, month)
    grade = _grade(household, month)
    rate_fen = _rate_fen(rates, grade, month)
    return Owed(persons, grade, rate_fen, persons * rate_fen)


def balance_of(household: KnownHousehold, rates: Sequence[KnownRate], month: Month) -> Balance:
    """One month of one household: E, P and W side by side."""
    is_owed = owed(household, rates, month)
    written_off_fen = still_given_up(household.written_off.get(month, ()), is_owed.owed_fen)
    return Balance(month, is_owed, household.paid.get(month, 0), written_off_fen)


def compute(
    household: KnownHousehold,
    rates: Sequence[KnownRate],
    window: Window,
    recovery_percent: int = 50,
) -> Outcome:
    """What a run over the window does for one household: a line, an exception, both or neither."""
    # Below 100, whoever is due anything is paid something: a line is there wherever due is above 0.
    assert 0 <= recovery_percent < 100
    balances = [balance_of(household, rates, month) for month in window.months]
    due_fen = sum(balance.due_fen for balance in balances)
    over_fen = sum(balance.over_fen for balance in balances)
    recovery_fen = _recovery_fen(household, due_fen, over_fen, recovery_percent)
    amount_fen = due_fen - recovery_fen
    blocked = _blocked(household, balances, amount_fen)
    items = () if blocked else _items(balances, window, recovery_fen)
    exception = blocked or _left_over(household, window, over_fen - recovery_fen, amount_fen)
    clean = not blocked and _pays_to_the_fen(balances, items)
    return Outcome(
        household.household_no, items, amount_fen, due_fen, over_fen, recovery_fen, exception, clean
    )


# E, from the facts


def _covers(spell: Spell | KnownMembership, month: Month) -> bool:
    return spell.from_month <= month and (spell.until_month is None or month < spell.until_month)


def _counted_persons(household: KnownHousehold, month: Month) -> int:
    if not any(_covers(enrolment, month) for enrolment in household.enrolments):
        return 0
    return sum(member.counted and _covers(member, month) for member in household.memberships)


def _grade(household: KnownHousehold, month: Month) -> str | None:
    """The last that began by the month; of two with one first month the later recorded."""
    begun = [grade for grade in household.grades if grade.from_month <= month]
    if not begun:
        return None
    return max(begun, key=lambda grade: (grade.from_month, grade.id)).grade


def _rate_fen(rates: Sequence[KnownRate], grade: str | None, month: Month) -> Fen:
    """The grade's last that began by the month; of two with one first month the later confirmed."""
    begun = [rate for rate in rates if rate.grade == grade and rate.from_month <= month]
    if not begun:
        return 0
    return max(begun, key=lambda rate: (rate.from_month, rate.confirmed_at, rate.id)).rate_fen


# Recovery and items


def _recovery_fen(household: KnownHousehold, due_fen: Fen, over_fen: Fen, percent: int) -> Fen:
    """What is over-paid, up to the percent of what is due, rounded down; nothing where it waits."""
    if household.choice == "wait":
        return 0
    return min(over_fen, due_fen * percent // 100)


def _items(balances: Sequence[Balance], window: Window, recovery_fen: Fen) -> tuple[Item, ...]:
    """The items of a line by month; none where nothing is due, for then nothing is recovered.

    A month is either due or over-paid, so it has one item at most.
    """
    items = [*_due_items(balances, window), *_recovery_items(balances, recovery_fen)]
    return tuple(sorted(items, key=lambda item: item.month))


def _due_items(balances: Sequence[Balance], window: Window) -> Iterator[Item]:
    for balance in balances:
        if balance.due_fen:
            kind: ItemKind = "regular" if window.in_quarter(balance.month) else "arrears"
            yield _item(balance, kind, balance.due_fen)


def _recovery_items(balances: Sequence[Balance], recovery_fen: Fen) -> Iterator[Item]:
    """Take the recovery from the over-paid months, oldest first."""
    left_fen = recovery_fen
    for balance in balances:
        taken_fen = min(balance.over_fen, left_fen)
        if taken_fen:
            yield _item(balance, "recovery", -taken_fen)
            left_fen -= taken_fen


def _item(balance: Balance, kind: ItemKind, amount_fen: Fen) -> Item:
    return Item(balance.month, kind, amount_fen, balance.owed.persons, balance.owed.rate_fen)


def _pays_to_the_fen(balances: Sequence[Balance], items: Sequence[Item]) -> bool:
    """Whether E = P in every month once the items are paid, with nothing over-paid before."""
    paid_now = {item.month: item.amount_fen for item in items}
    return all(
        balance.over_fen == 0
        and balance.paid_fen + paid_now.get(balance.month, 0) == balance.owed.owed_fen
        for balance in balances
    )


# Exceptions: the first that applies


def _blocked(
    household: KnownHousehold, balances: Sequence[Balance], amount_fen: Fen
) -> Unsettled | None:
    """The three that leave the household without a line; each shows due - recovery."""
    if any(balance.lacks_rate for balance in balances):
        return Unsettled("no_rate", amount_fen)
    if household.held and any(balance.due_fen or balance.over_fen for balance in balances):
        return Unsettled("on_hold", amount_fen)
    if not household.has_account and amount_fen > 0:
        return Unsettled("no_account", amount_fen)
    return None


def _left_over(
    household: KnownHousehold, window: Window, left_fen: Fen, amount_fen: Fen
) -> Unsettled | None:
    """What stays over-paid, with or without a line; else that the household is not yet due."""
    if left_fen > 0:
        return Unsettled("over_paid", left_fen)
    if amount_fen == 0 and _starts_after(household, window.last_month):
        return Unsettled("not_yet", 0)
    return None


def _starts_after(household: KnownHousehold, month: Month) -> bool:
    """Whether the latest enrolment starts after the month; one without months does not start."""
    if not household.enrolments:
        return False
    latest = max(household.enrolments, key=lambda spell: (spell.from_month, spell.id))
    has_months = latest.until_month is None or latest.from_month < latest.until_month
    return has_months and latest.from_month > month
