"""Reads of signing in: whom a key signs in, who tries, and what failed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import sqlalchemy as sa

from relief.accounts.queries import ABSENCE, USER, USER_ROLE
from relief.accounts.tables import AuthSession, SignInAttempt
from relief.accounts.throttle import HOUR, KNOWN_FOR, Failure, place_of
from relief.kernel.columns import table_of
from relief.kernel.unit_of_work import UnitOfWork

SESSION, ATTEMPT = table_of(AuthSession), table_of(SignInAttempt)
NOBODY_ID = 0  # no row has it

_HOLDER = USER.alias("holder")
# Whose roles somebody has today (`b_today`): their own, and of who is away and named them.
_AWAY = sa.select(ABSENCE.c.user_id).where(
    ABSENCE.c.deputy_id == USER.c.id,
    ABSENCE.c.ended_at.is_(None),
    sa.bindparam("b_today", type_=sa.Date).between(ABSENCE.c.from_on, ABSENCE.c.until_on),
)
# Every request says it: a row for each role of each whose roles they are (`b_key`, `b_seen`,
# `b_started`, `b_soon`). What a wrong clock wrote far ahead signs nobody in: it would never rest.
SIGNED_IN = (
    sa.select(
        SESSION.c.id,
        SESSION.c.seen_at,
        USER.c.username,
        USER.c.locale,
        USER.c.keys_off,
        USER.c.password_is_lent,
        USER_ROLE.c.role,
        _HOLDER.c.username.label("holder"),
        sa.select(sa.func.sum(USER.alias("every").c.version))
        .scalar_subquery()
        .label("staff_version"),
    )
    .join(USER, USER.c.id == SESSION.c.user_id)
    .join(_HOLDER, sa.or_(_HOLDER.c.id == USER.c.id, _HOLDER.c.id.in_(_AWAY)))
    .join(USER_ROLE, USER_ROLE.c.user_id == _HOLDER.c.id)
    .where(
        SESSION.c.key_sha256 == sa.bindparam("b_key"),
        SESSION.c.ended_at.is_(None),
        SESSION.c.seen_at.between(sa.bindparam("b_seen"), sa.bindparam("b_soon")),
        SESSION.c.started_at.between(sa.bindparam("b_started"), sa.bindparam("b_soon")),
        USER.c.disabled_at.is_(None),
        _HOLDER.c.disabled_at.is_(None),
        USER.c.version == SESSION.c.user_version,
    )
)
_USER_NAMED = sa.select(USER.c.id, USER.c.username, USER.c.version, USER.c.password_hash).where(
    USER.c.username == sa.bindparam("b_username"), USER.c.disabled_at.is_(None)
)
_SIGNED_IN_FROM = (
    sa.select(SESSION.c.id)
    .where(
        SESSION.c.user_id == sa.bindparam("b_user"),
        SESSION.c.address_index == sa.bindparam("b_address"),
        SESSION.c.started_at > sa.bindparam("b_since"),
    )
    .limit(1)
)
_FAILURES = sa.select(ATTEMPT).where(
    ATTEMPT.c.at > sa.bindparam("b_since"),
    sa.or_(
        ATTEMPT.c.account_index == sa.bindparam("b_account"),
        ATTEMPT.c.address_index == sa.bindparam("b_address"),
    ),
)


@dataclass(frozen=True)
class Tried:
    """A name that is tried from an address, as the throttle counts both: keyed hashes."""

    account_index: str
    address_index: str
    from_known: bool


@dataclass(frozen=True)
class KnownUser:
    """An enabled user, with what is kept of the password."""

    id: int
    username: str
    version: int
    password_hash: str = field(repr=False)


def known_user(work: UnitOfWork, username: str) -> KnownUser | None:
    """The enabled user of a name."""
    row = work.connection.execute(_USER_NAMED, {"b_username": username}).one_or_none()
    return KnownUser(*row) if row else None


def tried(
    work: UnitOfWork, user: KnownUser | None, name: str, address: str, now: dt.datetime
) -> Tried:
    """What the throttle has to know of a name as it was typed, and of an address. As many
    statements for a name that is not there as for one that is."""
    account = work.cipher.blind_index(_plain(name), "sign-in account")
    place = work.cipher.blind_index(_plain(place_of(address)), "sign-in address")
    user_id = user.id if user else NOBODY_ID
    asked = {"b_user": user_id, "b_address": place, "b_since": now - KNOWN_FOR}
    known = work.connection.execute(_SIGNED_IN_FROM, asked).first() is not None
    return Tried(account, place, known)


def failures_of(work: UnitOfWork, attempt: Tried, now: dt.datetime) -> list[Failure]:
    """What failed within the last hour against the same account, or from the same address."""
    asked = {
        "b_since": now - HOUR,
        "b_account": attempt.account_index,
        "b_address": attempt.address_index,
    }
    return [
        Failure(
            row.at,
            row.account_index == attempt.account_index,
            row.address_index == attempt.address_index,
            row.from_known,
        )
        for row in work.connection.execute(_FAILURES, asked)
    ]


def _plain(text: str) -> str:
    """Half characters have no bytes to take a hash of."""
    return text.encode("utf-8", "replace").decode()
