"""Reads of the office's calendar."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from relief.engine.calendar.hours import DEFAULT_HOURS, Hours, parse_hours
from relief.engine.calendar.tables import CalendarDay, CalendarYear, OfficeHours
from relief.engine.calendar.working import WorkingCalendar
from relief.kernel.columns import table_of
from relief.kernel.unit_of_work import UnitOfWork

DAY, YEAR, HOURS = table_of(CalendarDay), table_of(CalendarYear), table_of(OfficeHours)


class DeclaredDay(NamedTuple):
    """A day as the office declared it."""

    day: dt.date
    is_worked: bool
    note: str
    document_no: str


class DeclaredYear(NamedTuple):
    """A year that the office holds to be announced."""

    year: int
    document_no: str


# Days, years and hours in one question: nearly every step of a case asks it.
_DECLARED = sa.union_all(
    sa.select(DAY.c.day, DAY.c.is_worked, sa.null().label("year"), sa.null().label("hours")).where(
        DAY.c.superseded_at.is_(None)
    ),
    sa.select(sa.null(), sa.null(), YEAR.c.year, sa.null()).where(YEAR.c.superseded_at.is_(None)),
    sa.select(sa.null(), sa.null(), sa.null(), HOURS.c.hours).where(
        HOURS.c.superseded_at.is_(None)
    ),
)


def office_calendar(work: UnitOfWork) -> WorkingCalendar:
    """The office's calendar as it is known now."""
    return _calendar_of(frozenset(map(tuple, work.rows(_DECLARED))))


@lru_cache(maxsize=8)
def _calendar_of(declared: frozenset[Any]) -> WorkingCalendar:
    """The calendar that follows from these rows; the same rows give the same one."""
    hours = next((said for *_others, said in declared if said is not None), None)
    return WorkingCalendar(
        {day: is_worked for day, is_worked, *_others in declared if day is not None},
        frozenset(year for _day, _is_worked, year, _said in declared if year is not None),
        parse_hours(hours.split()) if hours else DEFAULT_HOURS,
    )


def declared_days(work: UnitOfWork) -> list[DeclaredDay]:
    """What the office declares, by day."""
    columns = [DAY.c[name] for name in DeclaredDay._fields]
    known = sa.select(*columns).where(DAY.c.superseded_at.is_(None)).order_by(DAY.c.day)
    return [DeclaredDay(*row) for row in work.rows(known)]


def declared_years(work: UnitOfWork) -> list[DeclaredYear]:
    """The years that the office holds to be announced."""
    known = sa.select(YEAR.c.year, YEAR.c.document_no).where(YEAR.c.superseded_at.is_(None))
    return [DeclaredYear(*row) for row in work.rows(known.order_by(YEAR.c.year))]


def office_hours(work: UnitOfWork) -> Hours:
    """The hours of a worked day."""
    rows = work.rows(sa.select(HOURS.c.hours).where(HOURS.c.superseded_at.is_(None)))
    return parse_hours(rows[0].hours.split()) if rows else DEFAULT_HOURS
