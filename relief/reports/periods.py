"""The half-years that reports are made of. Pure."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from relief.kernel.errors import Invalid, refuse
from relief.kernel.months import Month, first_day, last_day
from relief.kernel.text import _

_MONTHS = 6


@dataclass(frozen=True, order=True)
class HalfYear:
    """A calendar half-year: 2005H1 is 2005-01-01 to 2005-06-30, both days in it, by the office's
    dates."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> HalfYear:
        """Read `2005H1`; anything else is refused."""
        match = re.fullmatch(r"(\d{4})[Hh]([12])", text.strip(), re.ASCII)
        if match and 1900 <= int(match[1]) <= 2999:
            return cls(int(match[1]), int(match[2]))
        raise refuse(
            Invalid,
            "half_year.unreadable",
            _('"{text}" is not a half-year; write it as 2005H1 (H1 or H2).', text=text[:40]),
            "period",
        )

    @property
    def _first_month(self) -> Month:
        return self.year * 12 + (self.number - 1) * _MONTHS

    @property
    def first_on(self) -> dt.date:
        """The first day."""
        return first_day(self._first_month)

    @property
    def last_on(self) -> dt.date:
        """The last day."""
        return last_day(self._first_month + _MONTHS - 1)

    def __contains__(self, day: dt.date) -> bool:
        return self.first_on <= day <= self.last_on

    def is_over(self, today: dt.date) -> bool:
        """True once its last day has passed."""
        return today > self.last_on

    def __str__(self) -> str:
        return f"{self.year:04d}H{self.number}"
