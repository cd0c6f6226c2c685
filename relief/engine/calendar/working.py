"""The working days of an office: a pure value, the same answers for ever.

Three layers, the first that knows a day answers: what the office declared itself; what was
announced for the country, as the package has it; and, for a year that neither knows, weekends
and fixed holidays, with the answer marked provisional: never an error, never taken for certain.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple

from relief.engine.calendar.announced import (
    KNOWN_YEARS,
    PACKAGE,
    PACKAGE_VERSION,
    is_announced_work,
    is_plain_work,
)
from relief.engine.calendar.hours import DEFAULT_HOURS, Hours, format_hours, hours_problems
from relief.kernel.errors import Invalid
from relief.kernel.text import as_json

ONE_DAY = dt.timedelta(days=1)
# Who says whether a day is worked: the office, the package, or the date alone.
Source = Literal["office", "package", "date"]


class Judged(NamedTuple):
    """Whether a day is worked; provisional where nobody has announced it."""

    is_worked: bool
    provisional: bool


class Found(NamedTuple):
    """A day that was counted to; provisional where a day on the way was."""

    day: dt.date
    provisional: bool


@dataclass(frozen=True)
class WorkingCalendar:
    """Working days and office hours.

    `days` are the office's own declarations (True: worked), `years` those that it holds to be
    announced, `intervals` the hours of a worked day in minutes; refused (`Invalid`) where these
    are empty, backwards, out of order or beyond the day.
    """

    days: Mapping[dt.date, bool] = field(default_factory=dict)
    years: frozenset[int] = frozenset()
    intervals: Hours = DEFAULT_HOURS

    def __post_init__(self) -> None:
        problems = hours_problems(self.intervals)
        if problems:
            raise Invalid(problems)

    @cached_property
    def version(self) -> str:
        """Names all that the answers depend on: the package's version and the office's own."""
        own = {
            "days": {day.isoformat(): worked for day, worked in self.days.items()},
            "years": sorted(self.years),
            "hours": format_hours(self.intervals),
        }
        return (
            f"{PACKAGE}-{PACKAGE_VERSION}+{hashlib.sha256(as_json(own).encode()).hexdigest()[:12]}"
        )

    def source(self, day: dt.date) -> Source:
        """Who says whether a day is worked."""
        if day in self.days:
            return "office"
        return "package" if day.year in KNOWN_YEARS else "date"

    def is_announced(self, year: int) -> bool:
        """True where a year's days are certain."""
        return year in KNOWN_YEARS or year in self.years

    def is_working_day(self, day: dt.date) -> Judged:
        """Whether a day is worked."""
        declared = self.days.get(day)
        if declared is not None:
            return Judged(declared, provisional=False)
        if day.year in KNOWN_YEARS:
            return Judged(is_announced_work(day), provisional=False)
        return Judged(is_plain_work(day), provisional=day.year not in self.years)

    def roll_back(self, day: dt.date) -> Found:
        """The day itself where it is worked, else the last working day before it."""
        return self._roll(day, -ONE_DAY)

    def roll_forward(self, day: dt.date) -> Found:
        """The day itself where it is worked, else the next working day."""
        return self._roll(day, ONE_DAY)

    def working_days_after(self, day: dt.date, count: int) -> Found:
        """The working day that is `count` working days after a day, itself not counted."""
        return self._count(day, count, ONE_DAY)

    def working_days_before(self, day: dt.date, count: int) -> Found:
        """The working day that is `count` working days before a day, itself not counted."""
        return self._count(day, count, -ONE_DAY)

    def _count(self, day: dt.date, count: int, step: dt.timedelta) -> Found:
        assert count >= 0
        provisional = False
        for _counted in range(count):
            day, unsure = self._roll(day + step, step)
            provisional = provisional or unsure
        return Found(day, provisional)

    def _roll(self, day: dt.date, step: dt.timedelta) -> Found:
        provisional = False
        while True:
            is_worked, unsure = self.is_working_day(day)
            provisional = provisional or unsure
            if is_worked:
                return Found(day, provisional)
            day += step
