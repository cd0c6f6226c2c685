"""Use cases of signing in: who tries, what they may do until it ends, and what they set for
themselves.

Every `now` here is real time, also in a rehearsal: what protects people never takes the office's
clock. To sign somebody in: `candidate` (reading), `matches` (in no transaction: it takes its time),
then `open_session` or `record_failure` (writing). The two ask the throttle again under the lock of
record, so that of many tries at once no more are answered than of as many one after the other.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from relief.accounts import passwords
from relief.accounts.queries import USER
from relief.accounts.rules import USERNAME
from relief.accounts.sign_in_queries import (
    ATTEMPT,
    SESSION,
    SIGNED_IN,
    Tried,
    failures_of,
    known_user,
    tried,
)
from relief.accounts.tables import AuthSession, SignInAttempt
from relief.accounts.throttle import KNOWN_FOR, SKEW, minutes_to_wait
from relief.accounts.user_journal import record_change, user_row
from relief.engine.actors import SYSTEM, Actor
from relief.kernel.errors import Invalid, NotAllowed, Problem, refuse
from relief.kernel.text import LOCALES, _, is_plain
from relief.kernel.unit_of_work import UnitOfWork

IDLE_MAX = dt.timedelta(minutes=30)
AGE_MAX = dt.timedelta(hours=12)
ATTEMPTS_KEPT = dt.timedelta(days=1)
_KEY_BYTES = 32
_USER_AGENT_LENGTH_MAX = 200

# What is said of a name that is not there, of one that was disabled, and of a wrong password.
WRONG = Problem(
    "signin.wrong",
    _("The user name or the password is not right. Type both anew; an admin can set a password."),
)


@dataclass
class Candidate:
    """Somebody who wants to sign in, by the name that they typed. Where nobody of that name may,
    `username` is empty and the hash one that nothing matches."""

    name: str = field(repr=False)
    username: str
    password_hash: str = field(repr=False)
    matched: bool = False
    upgraded_hash: str = field(default="", repr=False)
    _typed: str = field(default="", repr=False)

    def matches(self, password: str) -> bool:
        """Whether this is the password. Takes a fifth of a second: never within a transaction."""
        self.matched = passwords.matches(self.password_hash, password)
        if self.matched:
            self._typed = password
            self.upgraded_hash = passwords.upgraded(self.password_hash, password)
        return self.matched

    def proves(self, username: str, password_hash: str) -> bool:
        """True where it was this user's password that matched, and it still is."""
        return self.matched and (self.username, self.password_hash) == (username, password_hash)

    def is_typed_again(self, password: str) -> bool:
        """True where this is the password that matched."""
        return self.matched and password == self._typed


@dataclass(frozen=True)
class SignedIn:
    """Who is signed in, with the roles held now, those of each who is away today and named them as
    deputy, and what they set for themselves. `staff_version` is another one as soon as any user was
    changed."""

    session_id: int
    username: str
    roles: frozenset[str]
    lent: Mapping[str, frozenset[str]]
    seen_at: dt.datetime
    locale: str
    keys_off: bool
    password_is_lent: bool
    staff_version: int

    @property
    def may_act_as(self) -> frozenset[str]:
        """The roles in which they can do something today: their own, and those lent."""
        return self.roles.union(*self.lent.values())

    @property
    def identities(self) -> list[Actor]:
        """As whom they can do something today: themself first, then each who is away."""
        absent = [Actor(self.username, lent, name) for name, lent in sorted(self.lent.items())]
        return [Actor(self.username, self.roles), *absent]

    def acting_for(self, roles: frozenset[str]) -> list[str]:
        """As whom they may do what one of these roles does: "" for themself, then who is away."""
        absent = (name for name, lent in sorted(self.lent.items()) if lent & roles)
        return [*([""] if self.roles & roles else ()), *absent]


def candidate(work: UnitOfWork, username: str, address: str, now: dt.datetime) -> Candidate:
    """Who is meant (reading); `NotAllowed` with the code `signin.throttled` and the minutes to
    wait, where too many failed (relief/accounts/throttle.py has the rule)."""
    name = username.strip().lower()
    row = known_user(work, name if USERNAME.fullmatch(name) else "")
    _check_throttle(work, tried(work, row, name, address, now), now)
    if row is None:
        return Candidate(name, "", passwords.matches_nothing())
    return Candidate(name, row.username, row.password_hash)


def open_session(
    work: UnitOfWork, candidate: Candidate, address: str, now: dt.datetime, user_agent: str = ""
) -> str:
    """Sign a candidate in whose password matched, and give the session's key: it is kept nowhere
    else. Refused where the user was changed meanwhile (as a wrong password) or too many failed."""
    work.take_turn()
    row = known_user(work, candidate.username)
    attempt = tried(work, row, candidate.name, address, now)
    _check_throttle(work, attempt, now)
    if row is None or not candidate.proves(row.username, row.password_hash):
        raise NotAllowed(WRONG)
    version = _upgraded(work, candidate) or row.version
    key = secrets.token_urlsafe(_KEY_BYTES)
    _remove_old(work, now)
    work.insert(
        AuthSession,
        user_id=row.id,
        user_version=version,
        key_sha256=_digest(key),
        address_index=attempt.address_index,
        user_agent=user_agent[:_USER_AGENT_LENGTH_MAX] if is_plain(user_agent) else "",
        started_at=now,
        seen_at=now,
        ended_at=None,
    )
    _set(work, row.username, signed_in_at=now)
    return key


def record_failure(
    work: UnitOfWork, candidate: Candidate, address: str, now: dt.datetime
) -> NotAllowed:
    """Count a failure, and give the refusal to tell; refused as throttled where others failed
    meanwhile and none more is answered."""
    work.take_turn()
    attempt = tried(work, known_user(work, candidate.username), candidate.name, address, now)
    _check_throttle(work, attempt, now)
    _remove_old(work, now)
    work.insert(
        SignInAttempt,
        account_index=attempt.account_index,
        address_index=attempt.address_index,
        from_known=attempt.from_known,
        at=now,
    )
    return NotAllowed(WRONG)


def signed_in(work: UnitOfWork, key: str, now: dt.datetime) -> SignedIn | None:
    """Who a session's key signs in (one statement). None where it ended, rested for 30 minutes or
    is 12 hours old, and where the user was changed or disabled since it began."""
    found = work.connection.execute(
        SIGNED_IN,
        {
            "b_key": _digest(key),
            "b_seen": now - IDLE_MAX,
            "b_started": now - AGE_MAX,
            "b_soon": now + SKEW,
            "b_today": work.today,
        },
    ).all()
    if not found:
        return None
    first = found[0]
    held: dict[str, frozenset[str]] = {}
    for row in found:
        held[row.holder] = held.get(row.holder, frozenset()) | {row.role}
    return SignedIn(
        session_id=first.id,
        username=first.username,
        roles=held.pop(first.username, frozenset()),
        lent=held,
        seen_at=first.seen_at,
        locale=first.locale,
        keys_off=first.keys_off,
        password_is_lent=first.password_is_lent,
        staff_version=first.staff_version,
    )


def whose(work: UnitOfWork, key: str) -> str:
    """The user whose session a key opens or opened; "" where none is kept of it."""
    found = sa.select(USER.c.username).join(SESSION, SESSION.c.user_id == USER.c.id)
    return work.connection.scalar(found.where(SESSION.c.key_sha256 == _digest(key))) or ""


def touch(work: UnitOfWork, session_id: int, now: dt.datetime) -> None:
    """Somebody is still there: the 30 minutes begin anew. Once a minute is enough."""
    work.connection.execute(
        sa.update(SESSION)
        .where(SESSION.c.id == session_id, SESSION.c.ended_at.is_(None), SESSION.c.seen_at < now)
        .values(seen_at=now)
    )


def sign_out(work: UnitOfWork, key: str, now: dt.datetime) -> None:
    """End the session of a key; of one that signs nobody in, nothing happens."""
    _end(work, SESSION.c.key_sha256 == _digest(key), now)


def end_sessions(work: UnitOfWork, username: str, now: dt.datetime) -> int:
    """End every session of a user; gives how many there were."""
    user_id = sa.select(USER.c.id).where(USER.c.username == username).scalar_subquery()
    return _end(work, SESSION.c.user_id == user_id, now)


def choose_locale(work: UnitOfWork, username: str, locale: str) -> None:
    """Keep the language that a user chose for themself; "" for that of their browser."""
    if locale not in ("", *LOCALES):
        text = _("There is no such language; there are {known}.", known=list(LOCALES))
        raise refuse(Invalid, "user.locale", text, "locale")
    _set(work, username, locale=locale)


def switch_keys(work: UnitOfWork, username: str, off: bool) -> None:
    """Switch a user's short ways by keyboard off, or on again."""
    _set(work, username, keys_off=off)


def _upgraded(work: UnitOfWork, candidate: Candidate) -> int:
    """Keep the password as it would be kept today; gives the user's version after that, 0 where
    nothing was done. While the office's clock is wrong nothing is written down: it waits."""
    user = user_row(work, candidate.username)
    if not (user and candidate.upgraded_hash) or work.clock_fault():
        return 0
    _set(work, user.username, password_hash=candidate.upgraded_hash)
    return record_change(work, SYSTEM, user, user.id, "rehash_password")


def _check_throttle(work: UnitOfWork, attempt: Tried, now: dt.datetime) -> None:
    failures = failures_of(work, attempt, now)
    minutes = minutes_to_wait(failures, now, from_known=attempt.from_known)
    if minutes:
        text = _(
            "Too many sign-ins failed. Wait {minutes} minutes, then try again; an admin can set "
            "a new password.",
            minutes=minutes,
        )
        raise refuse(NotAllowed, "signin.throttled", text)


def _remove_old(work: UnitOfWork, now: dt.datetime) -> None:
    """What counts for nothing any more."""
    connection = work.connection
    connection.execute(sa.delete(ATTEMPT).where(ATTEMPT.c.at < now - ATTEMPTS_KEPT))
    connection.execute(sa.delete(SESSION).where(SESSION.c.started_at < now - KNOWN_FOR))


def _end(work: UnitOfWork, which: sa.ColumnElement[bool], now: dt.datetime) -> int:
    ended = sa.update(SESSION).where(which, SESSION.c.ended_at.is_(None)).values(ended_at=now)
    return work.connection.execute(ended).rowcount


def _set(work: UnitOfWork, username: str, **values: object) -> None:
    work.connection.execute(sa.update(USER).where(USER.c.username == username).values(**values))


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
