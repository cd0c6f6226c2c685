"""Figures and the rows they are counted from. Pure.

A figure has no number of its own: its value is the sum of its rows, so rows and value cannot
differ.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from relief.kernel.money import format_yuan
from relief.kernel.text import Text, _

PERSONS, PERSON_TIMES, HOUSEHOLDS = "persons", "person_times", "households"
BATCHES, PIECES, YUAN = "batches", "pieces", "yuan"
FRACTION, PERCENT = "fraction", "percent"
UNITS = {
    PERSONS: _("people"),
    PERSON_TIMES: _("person-times"),
    HOUSEHOLDS: _("households"),
    BATCHES: _("batches"),
    PIECES: _("pieces"),
    YUAN: _("in yuan"),
    FRACTION: Text(""),
    PERCENT: Text(""),
}
# All that is said of a restricted matter: neither its number nor a day.
RESTRICTED = _("restricted")


@dataclass(frozen=True)
class Row:
    """One thing that a figure counts: what people call it, the day it counts by, how much it counts
    for (heads, pieces or fen; of a rate 1 where it is fulfilled, else 0), and why."""

    reference: str
    counts_on: dt.date
    counts: int
    why: Text

    @property
    def is_restricted(self) -> bool:
        """Whether it is counted, and nothing more is said of it."""
        return self.why == RESTRICTED

    @property
    def shown_reference(self) -> Text | str:
        """What it is called where everybody may read it."""
        return RESTRICTED if self.is_restricted else self.reference

    @property
    def shown_on(self) -> dt.date | None:
        """Its day where everybody may read it; None of what is restricted."""
        return None if self.is_restricted else self.counts_on


@dataclass(frozen=True)
class Figure:
    """A figure of a report: its definition, and the rows that it is the sum of."""

    id: str
    title: Text
    definition: Text
    unit: str
    rows: tuple[Row, ...]

    @property
    def total(self) -> int:
        """The sum of the rows: persons, pieces, or fen."""
        return sum(row.counts for row in self.rows)

    @property
    def value(self) -> int | str | None:
        """As programs read it: a number, yuan as `42000.00`, a rate as `20/22`, a percentage as
        `90.9` (None where there is nothing to divide by)."""
        if self.unit == YUAN:
            return format_yuan(self.total)
        if self.unit == FRACTION:
            return f"{self.total}/{len(self.rows)}"
        if self.unit == PERCENT:
            return percent(self.total, len(self.rows))
        return self.total

    @property
    def shown(self) -> Text | str:
        """As people read it."""
        if self.unit == YUAN:
            return format_yuan(self.total, grouped=True)
        if self.unit == PERCENT:
            return f"{self.value}%" if self.rows else _("none")
        return str(self.value)


def figure(figure_id: str, title: Text, definition: Text, unit: str, rows: Iterable[Row]) -> Figure:
    """A figure with its rows by day, then by reference; what is restricted comes last, so that its
    place says nothing of its day."""
    ordered = sorted(rows, key=lambda row: (row.is_restricted, row.counts_on, row.reference))
    return Figure(figure_id, title, definition, unit, tuple(ordered))


def percent(part: int, whole: int) -> str | None:
    """A share with one decimal, cut off and never rounded up: a report must not overstate."""
    if not whole:
        return None
    tenths = part * 1000 // whole
    return f"{tenths // 10}.{tenths % 10}"


def ten_thousands(amount_fen: int) -> str:
    """Yuan in ten thousands with one decimal, cut off: 4.2 of 42,999.99."""
    tenths = amount_fen // 100_000
    return f"{tenths // 10}.{tenths % 10}" if tenths >= 0 else format_yuan(amount_fen)
