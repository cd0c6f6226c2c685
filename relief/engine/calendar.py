"""Working days in China: weekends, public holidays, and the weekends that are worked instead.

The State Council announces a year's days in the autumn before it. For years that the calendar
lacks, Monday to Friday are working days and the answer is marked provisional: never an error, and
never taken for certain.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import chinese_calendar

ONE_DAY = dt.timedelta(days=1)
KNOWN_YEARS = frozenset(day.year for day in chinese_calendar.holidays)


class Judged(NamedTuple):
    """Whether a day is worked; provisional where its year is not known."""

    is_worked: bool
    provisional: bool


class Found(NamedTuple):
    """A day that was counted to; provisional where a day on the way was."""

    day: dt.date
    provisional: bool


def is_working_day(day: dt.date) -> Judged:
    """Whether a day is worked."""
    if day.year in KNOWN_YEARS:
        return Judged(bool(chinese_calendar.is_workday(day)), provisional=False)
    return Judged(day.isoweekday() <= 5, provisional=True)


def roll_back_to_working_day(day: dt.date) -> Found:
    """The day itself where it is worked, else the last working day before it."""
    return _roll(day, -ONE_DAY)


def roll_forward_to_working_day(day: dt.date) -> Found:
    """The day itself where it is worked, else the next working day."""
    return _roll(day, ONE_DAY)


def working_days_after(day: dt.date, count: int) -> Found:
    """The working day that is `count` working days after a day, which itself is not counted."""
    assert count >= 0
    provisional = False
    for _counted in range(count):
        day, unsure = _roll(day + ONE_DAY, ONE_DAY)
        provisional = provisional or unsure
    return Found(day, provisional)


def _roll(day: dt.date, step: dt.timedelta) -> Found:
    provisional = False
    while True:
        is_worked, unsure = is_working_day(day)
        provisional = provisional or unsure
        if is_worked:
            return Found(day, provisional)
        day += step
