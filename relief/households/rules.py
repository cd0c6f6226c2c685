"""The rules of hardship files: from the day of an event to the months it means. Pure.

A spell is `[from_month, until_month)`; the end is None while it is open. The defaults follow the
practice of regular aid: it counts from the month after the decision (compare 浙江省社会救助条例,
article 56), and the month of an exit or a death is still paid.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from relief.kernel.months import Month, first_day, last_day, month_of

GRADES = ("deep", "relative", "accidental")
RELATIONS = ("self", "spouse", "child", "parent", "other")
CHANGES = ("approve", "exit", "suspend", "resume", "join", "leave", "grade", "account")
START_RULES = ("next_month", "same_month")
STOP_RULES = ("event_month_paid", "event_month_unpaid")
ENROLLED_STATES = ("active", "suspended")
# From the first survey here to the decision.
BEGUN_STATES = ("surveyed", "published", "objection", "waiting")


class Spell(Protocol):
    """Anything that holds for whole months."""

    from_month: Month
    until_month: Month | None


SomeSpell = TypeVar("SomeSpell", bound=Spell)


def start_month(day: dt.date, rule: str) -> Month:
    """The first month that an approval, a joining or a new grade on a day counts for."""
    return month_of(day) + (1 if rule == "next_month" else 0)


def stop_month(day: dt.date, rule: str) -> Month:
    """The first month that a leaving or an exit on a day no longer counts for."""
    return month_of(day) + (1 if rule == "event_month_paid" else 0)


def has_months(spell: Spell) -> bool:
    """A spell may be without months: it is valid and counts for nothing."""
    return spell.until_month is None or spell.until_month > spell.from_month


def overlap(one: Spell, other: Spell) -> bool:
    """True where two spells share a month."""
    if not (has_months(one) and has_months(other)):
        return False
    return _begins_before_end(one, other) and _begins_before_end(other, one)


def _begins_before_end(one: Spell, other: Spell) -> bool:
    return other.until_month is None or one.from_month < other.until_month


def spell_meant(spells: Iterable[SomeSpell], day: dt.date) -> SomeSpell:
    """The spell that a leaving or an exit on a day means: the latest that starts no later than the
    month after the day, else the earliest."""
    in_order = sorted(spells, key=lambda spell: spell.from_month)
    begun = [spell for spell in in_order if spell.from_month <= month_of(day) + 1]
    return begun[-1] if begun else in_order[0]


def first_overlap(spells: Sequence[SomeSpell]) -> tuple[SomeSpell, SomeSpell] | None:
    """Two of the spells that share a month, or None."""
    in_order = sorted(filter(has_months, spells), key=lambda spell: spell.from_month)
    for one, other in itertools.pairwise(in_order):
        if overlap(one, other):
            return one, other
    return None


def months_back(today: dt.date, months: int) -> dt.date:
    """The day that lies a number of months before today (the last of a shorter month)."""
    return months_on(today, -months)


def months_on(day: dt.date, months: int) -> dt.date:
    """The day that lies a number of months after a day (the last of a shorter month)."""
    month = month_of(day) + months
    return first_day(month).replace(day=min(day.day, last_day(month).day))
