"""What the package knows of the country's working days (the only import of chinese_calendar).

The State Council announces a year's days in the autumn before it. For a year that was not
announced yet, weekends and the holidays that the law ties to a date are all that can be told.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from importlib.metadata import version

import chinese_calendar

PACKAGE = "chinesecalendar"
PACKAGE_VERSION = version(PACKAGE)
KNOWN_YEARS = frozenset(day.year for day in chinese_calendar.holidays)
# The holidays that the sun tells, as 全国年节及纪念日放假办法 has had them since 2025, by
# month and day. Those of the moon's calendar are not told.
FIXED_HOLIDAYS = {
    (1, 1): chinese_calendar.Holiday.new_years_day,
    (5, 1): chinese_calendar.Holiday.labour_day,
    (5, 2): chinese_calendar.Holiday.labour_day,
    (10, 1): chinese_calendar.Holiday.national_day,
    (10, 2): chinese_calendar.Holiday.national_day,
    (10, 3): chinese_calendar.Holiday.national_day,
}
_TITLES = {each.value: {"en": each.value, "zh": each.chinese} for each in chinese_calendar.Holiday}


@lru_cache(maxsize=4096)  # the package checks each day that it is asked for, and says the same ever
def is_announced_work(day: dt.date) -> bool:
    """Whether a day of a known year is worked."""
    assert day.year in KNOWN_YEARS
    return bool(chinese_calendar.is_workday(day))


def is_plain_work(day: dt.date) -> bool:
    """Whether a day is worked as far as its date alone tells."""
    return day.isoweekday() <= 5 and (day.month, day.day) not in FIXED_HOLIDAYS


def holiday_title(day: dt.date) -> dict[str, str] | None:
    """The holiday for whose sake a day is free, or worked instead of another."""
    if day.year not in KNOWN_YEARS:
        fixed = FIXED_HOLIDAYS.get((day.month, day.day))
        return _TITLES[fixed.value] if fixed else None
    name = chinese_calendar.holidays.get(day) or chinese_calendar.workdays.get(day)
    return _TITLES.get(name)
