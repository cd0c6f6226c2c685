"""Tables of the office's calendar. A row is never updated but for `superseded_at`: what was held
to be a working day at any instant can be read for ever."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from relief.kernel.columns import instant, row_id

_KNOWN = sa.text("superseded_at IS NULL")


def _one_known(table: str, *columns: str) -> sa.Index:
    """At most one row that has not been superseded, for these columns."""
    return sa.Index(
        f"uq_{table}_known", *columns, unique=True, sqlite_where=_KNOWN, postgresql_where=_KNOWN
    )


class Declared(SQLModel):
    """What every row carries (a mixin of columns). `recorded_by` is a username."""

    recorded_at: dt.datetime = instant()
    recorded_by: str
    superseded_at: dt.datetime | None = instant(nullable=True)


class CalendarDay(Declared, table=True):
    """The office declares that a day is worked, or is not, whatever the package says."""

    __tablename__ = "calendar_day"
    __table_args__ = (_one_known("calendar_day", "day"),)

    id: int | None = row_id()
    day: dt.date
    is_worked: bool
    note: str = ""
    document_no: str = ""


class CalendarYear(Declared, table=True):
    """The office holds a year's days to be announced: they are no longer provisional."""

    __tablename__ = "calendar_year"
    __table_args__ = (_one_known("calendar_year", "year"),)

    id: int | None = row_id()
    year: int
    document_no: str = ""


class OfficeHours(Declared, table=True):
    """The hours of a worked day, as `hours.format_hours` writes them: 08:30-12:00 14:00-17:30."""

    __tablename__ = "office_hours"
    __table_args__ = (_one_known("office_hours", "applies_to"),)

    id: int | None = row_id()
    applies_to: str = "worked_day"
    hours: str = Field(sa_type=sa.Text)
