"""One year of the office's calendar, as people look at it: the days that are not as every week
has them, each with who says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from relief.engine.calendar.announced import KNOWN_YEARS, holiday_title
from relief.engine.calendar.queries import (
    DeclaredDay,
    declared_days,
    declared_years,
    office_calendar,
)
from relief.engine.calendar.working import ONE_DAY, Source, WorkingCalendar
from relief.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class SpecialDay:
    """A day that was declared or announced; `note` is the office's text, or a holiday's titles."""

    day: dt.date
    is_worked: bool
    source: Source
    note: object = ""
    document_no: str = ""


@dataclass(frozen=True)
class YearView:
    """A year of the office's calendar. `by_office` is the document by which the office holds it
    announced ("" where none was named), None where it does not."""

    year: int
    calendar: WorkingCalendar
    days: tuple[SpecialDay, ...]
    by_office: str | None

    @property
    def provisional(self) -> bool:
        """True where nobody has announced the year yet."""
        return not self.calendar.is_announced(self.year)

    @property
    def known_to_package(self) -> bool:
        """True where the package has the year."""
        return self.year in KNOWN_YEARS


def view_year(work: UnitOfWork, year: int) -> YearView:
    """Look at a year."""
    declared = {each.day: each for each in declared_days(work)}
    years = {each.year: each.document_no for each in declared_years(work)}
    calendar = office_calendar(work)
    special = (_special(calendar, day, declared.get(day)) for day in _days_of(year))
    return YearView(year, calendar, tuple(filter(None, special)), years.get(year))


def _special(
    calendar: WorkingCalendar, day: dt.date, declared: DeclaredDay | None
) -> SpecialDay | None:
    is_worked, source = calendar.is_working_day(day).is_worked, calendar.source(day)
    if declared is not None:
        return SpecialDay(day, is_worked, source, declared.note, declared.document_no)
    title = holiday_title(day)
    return SpecialDay(day, is_worked, source, title) if title else None


def _days_of(year: int) -> Iterator[dt.date]:
    day = dt.date(year, 1, 1)
    while day.year == year:
        yield day
        day += ONE_DAY
