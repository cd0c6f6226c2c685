"""Tables of the people who work here."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from relief.kernel.columns import instant, links_to, row_id


def _added(default: Any, server_default: Any) -> Any:
    """A column that came to a table that had rows already."""
    return Field(default=default, sa_column_kwargs={"server_default": server_default})


class User(SQLModel, table=True):
    """Someone who signs in. Never deleted: the journal names them.

    `version` counts the journal's entries about this user (added, roles, disabled, enabled,
    password), `journal_head` is the hash of the last. `signed_in_at` is real time, all other
    instants are the office's. `locale` is the language that the user chose ("": none), `keys_off`
    that the keyboard's short ways are switched off. `password_is_lent`: somebody else chose it.
    `full_name` is how others know them ("": by the username).
    """

    __tablename__ = "user_account"

    id: int | None = row_id()
    username: str = Field(unique=True)
    password_hash: str
    is_demo: bool = False
    recorded_at: dt.datetime = instant()
    disabled_at: dt.datetime | None = instant(nullable=True)
    version: int = 0
    journal_head: str = _added("", sa.text("''"))
    signed_in_at: dt.datetime | None = instant(nullable=True)
    password_is_lent: bool = _added(False, sa.false())
    locale: str = _added("", sa.text("''"))
    keys_off: bool = _added(False, sa.false())
    full_name: str = _added("", sa.text("''"))


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


class AuthSession(SQLModel, table=True):
    """Somebody is signed in, until it ends, rests or grows old; all instants are real time.

    Of the key only its SHA-256 is kept, of the address a keyed hash. It holds for the user as they
    were at `user_version`: whatever changes the user ends it. Kept for 30 days, to know from where
    somebody usually signs in.
    """

    __tablename__ = "auth_session"

    id: int | None = row_id()
    user_id: int = links_to("user_account.id", index=True)
    user_version: int
    key_sha256: str = Field(unique=True)
    address_index: str
    user_agent: str
    started_at: dt.datetime = instant()
    seen_at: dt.datetime = instant()
    ended_at: dt.datetime | None = instant(nullable=True)


class Guess(SQLModel, table=True):
    """A wrong guess at something that is secret and no password, in real time; removed after a day.
    What was tried and the address are kept as keyed hashes."""

    __tablename__ = "guess"
    __table_args__ = (
        sa.Index(None, "target_index", "at"),
        sa.Index(None, "address_index", "at"),
    )

    id: int | None = row_id()
    target_index: str
    address_index: str
    at: dt.datetime = instant(index=True)


class SignInAttempt(SQLModel, table=True):
    """A sign-in that failed, in real time; removed after a day. The name that was tried and the
    address are kept as keyed hashes: a password typed into the wrong field stays unreadable."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        sa.Index(None, "account_index", "at"),
        sa.Index(None, "address_index", "at"),
    )

    id: int | None = row_id()
    account_index: str
    address_index: str
    from_known: bool
    at: dt.datetime = instant(index=True)
