"""Months and quarters. A month is an integer (year * 12 + month - 1), so months add and compare.

A spell of months is half-open, `[from_month, until_month)`; it is open where the end is None.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from relief.kernel.errors import Invalid, refuse
from relief.kernel.text import _

Month = int

# Membership without a date has always been there: an earliest month keeps the sums simple.
ALWAYS: Month = 0


def month_of(day: dt.date) -> Month:
    """The month that a day lies in."""
    return day.year * 12 + day.month - 1


def first_day(month: Month) -> dt.date:
    """The first day of a month."""
    return dt.date(month // 12, month % 12 + 1, 1)


def last_day(month: Month) -> dt.date:
    """The last day of a month."""
    return first_day(month + 1) - dt.timedelta(days=1)


def format_month(month: Month) -> str:
    """`2005-04`."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def parse_month(text: str, field: str = "month") -> Month:
    """Read `2005-04`; anything else is refused."""
    match = re.fullmatch(r"(\d{4})-(\d{1,2})", text.strip(), re.ASCII)
    if match and 1900 <= int(match[1]) <= 2999 and 1 <= int(match[2]) <= 12:
        return int(match[1]) * 12 + int(match[2]) - 1
    raise refuse(
        Invalid,
        "month.unreadable",
        _('"{text}" is not a month; write it as 2005-04.', text=text[:40]),
        field,
    )


@dataclass(frozen=True, order=True)
class Quarter:
    """A calendar quarter: 2005Q2 is April to June 2005."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """Read `2005Q2`; anything else is refused."""
        match = re.fullmatch(r"(\d{4})[Qq]([1-4])", text.strip(), re.ASCII)
        if match and 1900 <= int(match[1]) <= 2999:
            return cls(int(match[1]), int(match[2]))
        raise refuse(
            Invalid,
            "quarter.unreadable",
            _('"{text}" is not a quarter; write it as 2005Q2 (Q1 to Q4).', text=text[:40]),
            "quarter",
        )

    @classmethod
    def of(cls, month: Month) -> Quarter:
        """The quarter that a month lies in."""
        return cls(month // 12, month % 12 // 3 + 1)

    @property
    def first_month(self) -> Month:
        """The quarter's first month."""
        return self.year * 12 + (self.number - 1) * 3

    @property
    def last_month(self) -> Month:
        """The quarter's last month."""
        return self.first_month + 2

    @property
    def months(self) -> range:
        """The three months."""
        return range(self.first_month, self.first_month + 3)

    def next(self) -> Quarter:
        """The quarter after this one."""
        return Quarter.of(self.first_month + 3)

    def __str__(self) -> str:
        return f"{self.year:04d}Q{self.number}"
