"""Use cases of a calendar of one's own: a secret address, made, renewed and ended by its owner."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from relief.accounts import guesses
from relief.accounts.queries import USER, absences_within
from relief.accounts.throttle import HOUR, Limit
from relief.engine.actors import Actor, check_own_name
from relief.engine.clocks.deadlines import DEADLINE
from relief.engine.definitions.definition import Titles
from relief.engine.journal.kept_rows import KeptRows, stands_by_journal, write_ended, write_made
from relief.engine.work import Work
from relief.kernel.columns import table_of
from relief.kernel.errors import NotFound, Problem
from relief.kernel.text import _
from relief.kernel.unit_of_work import UnitOfWork
from relief.petitions.queries import CASE
from relief.petitions.seeing import seen_cases
from relief.reminders.addresses import user_id_of, username_of
from relief.reminders.tables import CalendarFeed

FEED = table_of(CalendarFeed)
# Each address has entries in the journal: one that ended opens nothing, whatever its row says.
KEPT = KeptRows("calendar_feed", FEED, username_of(FEED))
_KEY_BYTES = 32
_PURPOSE = "calendar feed"
LIMITS = (Limit(30, HOUR, lambda failure: failure.same_address),)
NO_FEED = Problem("feed.unknown", _("There is no such calendar; its address was renewed or ended."))
_OWNER = (
    sa.select(
        USER.c.username,
        USER.c.locale,
        FEED.c.id,
        FEED.c.user_id,
        FEED.c.key_sha256,
        FEED.c.owner_seal,
    )
    .join(FEED, FEED.c.user_id == USER.c.id)
    .where(
        FEED.c.key_sha256 == sa.bindparam("b_key"),
        FEED.c.ended_at.is_(None),
        USER.c.disabled_at.is_(None),
    )
)


@dataclass(frozen=True)
class Owner:
    """Whose calendar it is, and their language ("": none chosen)."""

    username: str
    locale: str


@dataclass(frozen=True)
class DueDay:
    """A day by which a case is to leave its state; of a restricted one no more is told than the
    day. `changed_at` is when it was reckoned last."""

    case_id: int
    reference: str
    kind_title: Titles
    state_title: Titles
    restricted: bool
    due_on: dt.date
    changed_at: dt.datetime


def make_feed(work: UnitOfWork, actor: Actor) -> str:
    """A new address for somebody's own calendar, by its key, which is kept nowhere; one that there
    was has ended."""
    check_own_name(actor)
    end_feed(work, actor)
    key, user_id = secrets.token_urlsafe(_KEY_BYTES), user_id_of(work, actor.username)
    feed_id = work.insert(
        CalendarFeed,
        user_id=user_id,
        key_sha256=_digest(key),
        owner_seal=owner_seal(work, user_id, _digest(key)),
        made_at=work.instant(),
        ended_at=None,
    )
    write_made(work, actor, KEPT, feed_id)
    return key


def end_feed(work: UnitOfWork, actor: Actor) -> bool:
    """End somebody's own address; True where there was one."""
    check_own_name(actor)
    user_id = user_id_of(work, actor.username)
    at = work.instant()
    stands = sa.select(FEED.c.id).where(FEED.c.user_id == user_id, FEED.c.ended_at.is_(None))
    found = work.rows(stands)
    for (feed_id,) in found:
        work.connection.execute(sa.update(FEED).where(FEED.c.id == feed_id).values(ended_at=at))
        write_ended(work, actor, KEPT, feed_id)
    return bool(found)


def feed_since(work: UnitOfWork, username: str) -> dt.datetime | None:
    """Since when somebody has an address; None where they have none."""
    statement = (
        sa.select(FEED)
        .join(USER, USER.c.id == FEED.c.user_id)
        .where(USER.c.username == username, FEED.c.ended_at.is_(None))
    )
    rows = [row for row in work.rows(statement) if is_its_owners(work, row)]
    return rows[0].made_at if rows else None


def owner_of(work: UnitOfWork, key: str) -> Owner | None:
    """Whose calendar a key opens; nobody's where it ended (by its row or by the journal), its owner
    was disabled, or its row was not made here for them."""
    row = work.connection.execute(_OWNER, {"b_key": _digest(key)}).one_or_none()
    if row and is_its_owners(work, row) and stands_by_journal(work, KEPT, row.id):
        return Owner(row.username, row.locale)
    return None


def is_its_owners(work: UnitOfWork, row: Any) -> bool:
    """False for a row that was put in by hand, or given to another."""
    return hmac.compare_digest(owner_seal(work, row.user_id, row.key_sha256), row.owner_seal)


def owner_seal(work: UnitOfWork, user_id: int, key_sha256: str) -> str:
    """What binds the hash of a key to whose calendar it opens; none but the office can make it."""
    return work.cipher.blind_index(f"{user_id} {key_sha256}", "calendar feed owner")


def note_guess(work: UnitOfWork, address: str, now: dt.datetime) -> NotFound:
    """Write down that a key was wrong, and give the refusal to tell. Refused (`TooManyGuesses`) an
    address from which too many were."""
    work.take_turn()
    guess = guesses.guessed(work, _PURPOSE, address, address)
    guesses.check(work, guess, LIMITS, now)
    guesses.note(work, guess, now)
    return NotFound(NO_FEED)


def due_days(work: Work, username: str) -> Sequence[DueDay]:
    """The days of somebody's own cases and of those of who is away and named them, as far as they
    may see them."""
    absent = (
        away.username
        for away in absences_within(work, work.today, work.today)
        if away.deputy == username
    )
    statement = (
        sa.select(
            CASE.c.id, CASE.c.reference, CASE.c.kind, CASE.c.restricted,
            DEADLINE.c.state, DEADLINE.c.due_on, DEADLINE.c.reckoned_at,
        )
        .join(
            DEADLINE,
            sa.and_(DEADLINE.c.subject_kind == CASE.c.kind, DEADLINE.c.subject_id == CASE.c.id),
        )
        .where(
            CASE.c.case_worker.in_([username, *absent]),
            DEADLINE.c.due_on.is_not(None),
            seen_cases(username),
        )
        .order_by(DEADLINE.c.due_on, CASE.c.id)
    )  # fmt: skip
    definitions = work.workflows.definitions
    return [
        DueDay(
            row.id,
            row.reference,
            definitions[row.kind].title,
            work.workflows.state_title(row.kind, row.state),
            row.restricted,
            row.due_on,
            row.reckoned_at,
        )
        for row in work.rows(statement)
    ]


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
