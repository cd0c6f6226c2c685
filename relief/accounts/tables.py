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
