"""Tables of the people who work here."""

from __future__ import annotations

import datetime as dt

from sqlmodel import Field, SQLModel

from relief.kernel.database import instant, links_to, row_id


class User(SQLModel, table=True):
    """Someone who signs in. Never deleted: the journal names them."""

    __tablename__ = "user_account"

    id: int | None = row_id()
    username: str = Field(unique=True)
    password_hash: str
    is_demo: bool = False
    recorded_at: dt.datetime = instant()
    disabled_at: dt.datetime | None = instant(nullable=True)
    version: int = 0


class UserRole(SQLModel, table=True):
    """A role that a user holds; one person may hold several."""

    __tablename__ = "user_role"

    user_id: int = links_to("user_account.id", primary_key=True)
    role: str = Field(primary_key=True)


class Absence(SQLModel, table=True):
    """A user is away from one day to another, both included; the deputy acts for them.

    Never removed, and changed only once: `ended_at` is set where somebody is back earlier (or
    does not leave), and from then on the row counts for nothing. The reason is sealed.
    """

    __tablename__ = "absence"

    id: int | None = row_id()
    user_id: int = links_to("user_account.id", index=True)
    from_on: dt.date
    until_on: dt.date
    deputy_id: int | None = links_to("user_account.id", default=None, nullable=True)
    sealed_reason: bytes | None = None
    recorded_at: dt.datetime = instant()
    recorded_by: str
    ended_at: dt.datetime | None = instant(nullable=True)
    ended_by: str | None = None
