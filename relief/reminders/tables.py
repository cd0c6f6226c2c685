"""Tables of reminders, and of how they reach people."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from relief.kernel.columns import instant, links_to, row_id


def _one_standing(name: str, column: str) -> sa.Index:
    """At most one row of each has not ended."""
    stands = sa.text("ended_at IS NULL")
    return sa.Index(name, column, unique=True, sqlite_where=stands, postgresql_where=stands)


class Reminder(SQLModel, table=True):
    """A case is due soon or overdue: one row for each deadline and sort, whatever happens. It has
    ended when the case left the state, its deadline moved, or it is overdue and was due; where the
    same deadline comes to hold again, so does its row."""

    __tablename__ = "reminder"
    __table_args__ = (sa.UniqueConstraint("case_id", "sort", "state", "due_on"),)

    id: int | None = row_id()
    case_id: int = links_to("petition_case.id")
    sort: str
    state: str
    due_on: dt.date
    made_at: dt.datetime = instant()
    ended_at: dt.datetime | None = instant(nullable=True)


class ReminderFor(SQLModel, table=True):
    """Somebody is told of a reminder, once; until `ended_at` it is for them. `read_at` is when they
    said that they had read it."""

    __tablename__ = "reminder_for"
    __table_args__ = (sa.UniqueConstraint("reminder_id", "username"),)

    id: int | None = row_id()
    reminder_id: int = links_to("reminder.id")
    username: str = Field(index=True)
    told_at: dt.datetime = instant()
    read_at: dt.datetime | None = instant(nullable=True)
    ended_at: dt.datetime | None = instant(nullable=True)


class MailAddress(SQLModel, table=True):
    """Where somebody's mail goes, until `ended_at`; a change is a new row, so who changed it when
    stands. The address is sealed (`mail_address.address:<token>:<user_id>`). `digest`: they
    want the day's mail."""

    __tablename__ = "mail_address"
    __table_args__ = (_one_standing("uq_mail_address_standing", "user_id"),)

    id: int | None = row_id()
    user_id: int = links_to("user_account.id")
    token: str
    sealed_address: bytes
    digest: bool
    recorded_at: dt.datetime = instant()
    recorded_by: str
    ended_at: dt.datetime | None = instant(nullable=True)


class DigestMail(SQLModel, table=True):
    """Somebody's mail of a day: one row, so that there is one mail.

    `waiting` (from `next_at` on), `sending` (handed over now; written down before it is), `sent`,
    `given_up` (refused for good, or too often), or `unsure` (the program ended, or the line broke,
    while it was being handed over: not sent again).
    """

    __tablename__ = "digest_mail"
    __table_args__ = (
        sa.UniqueConstraint("user_id", "on"),
        sa.Index(None, "state", "next_at"),
    )

    id: int | None = row_id()
    user_id: int = links_to("user_account.id")
    on: dt.date
    state: str
    attempts: int = 0
    next_at: dt.datetime = instant()
    tried_at: dt.datetime | None = instant(nullable=True)


class CalendarFeed(SQLModel, table=True):
    """A secret address under which somebody's deadlines are read, until `ended_at`. Of its key only
    the SHA-256 is kept, and under the office's keys whose it is (`owner_seal`): a row that somebody
    put in by hand, or gave to another, opens nothing."""

    __tablename__ = "calendar_feed"
    __table_args__ = (_one_standing("uq_calendar_feed_standing", "user_id"),)

    id: int | None = row_id()
    user_id: int = links_to("user_account.id")
    key_sha256: str = Field(unique=True)
    owner_seal: str = Field(default="", sa_column_kwargs={"server_default": sa.text("''")})
    made_at: dt.datetime = instant()
    ended_at: dt.datetime | None = instant(nullable=True)
