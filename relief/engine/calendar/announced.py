"""What the package knows of the country's working days (the only import of chinese_calendar).

The State Council announces a year's days in the autumn before it. For a year that was not
announced yet, weekends and the holidays that the law ties to a date are all that can be told.
"""

from __future__ import annotations

import datetime as dt
from importlib.metadata import version

import chinese_calendar

PACKAGE = "chinesecalendar"
PACKAGE_VERSION = version(PACKAGE)
KNOWN_YEARS = frozenset(day.year for day in chinese_calendar.holidays)
# Month and day of the holidays that follow the sun's calendar; those of the moon's are not told.
FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
# As the Regulation on Public Holidays of 2024 has them: 全国年节及纪念日放假办法.
_TITLES = {each.value: {"en": each.value, "zh": each.chinese} for each in chinese_calendar.Holiday}


def is_announced_work(day: dt.date) -> bool:
    """Whether a day of a known year is worked."""
    assert day.year in KNOWN_YEARS
    return bool(chinese_calendar.is_workday(day))


def is_plain_work(day: dt.date) -> bool:
    """Whether a day is worked as far as its date alone tells."""
    return day.isoweekday() <= 5 and (day.month, day.day) not in FIXED_HOLIDAYS


def holiday_title(day: dt.date) -> dict[str, str] | None:
    """The holiday for whose sake a day of a known year is free, or worked instead of another."""
    name = chinese_calendar.holidays.get(day) or chinese_calendar.workdays.get(day)
    return _TITLES.get(name) if name else None
