"""Reads of the office's calendar."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import sqlalchemy as sa

from relief.engine.calendar.hours import DEFAULT_HOURS, Hours, parse_hours
from relief.engine.calendar.tables import CalendarDay, CalendarYear, OfficeHours
from relief.engine.calendar.working import WorkingCalendar
from relief.kernel.database import UnitOfWork, table_of

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


def office_calendar(work: UnitOfWork) -> WorkingCalendar:
    """The office's calendar as it is known now."""
    return WorkingCalendar(
        {each.day: each.is_worked for each in declared_days(work)},
        frozenset(each.year for each in declared_years(work)),
        office_hours(work),
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
    return parse_hours(rows[0].hours.split(" ")) if rows else DEFAULT_HOURS
