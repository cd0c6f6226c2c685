"""Signing in, in the steps that the web takes; in real time, twenty years after the office's."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from relief.accounts.sessions import (
    Candidate,
    SignedIn,
    candidate,
    open_session,
    record_failure,
    signed_in,
)
from relief.kernel.errors import NotAllowed
from tests.office import PASSWORD, Office

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
HOME, AWAY = "192.0.2.7", "198.51.100.23"


def who_tries(
    office: Office, username: str, address: str = HOME, now: dt.datetime = NOW
) -> Candidate:
    """Who is meant."""
    with office.relief.reading() as work:
        return candidate(work, username, address, now)


def signs_in(
    office: Office,
    username: str,
    password: str = PASSWORD,
    address: str = HOME,
    now: dt.datetime = NOW,
) -> str:
    """The session's key; refused where the web refuses."""
    tried = who_tries(office, username, address, now)
    matches = tried.matches(password)
    with office.relief.work() as work:
        if not matches:
            refusal = record_failure(work, tried, address, now)
            work.commit()
            raise refusal
        key = open_session(work, tried, address, now, "Firefox")
        work.commit()
    return key


def answer(office: Office, *tried: object, **more: object) -> str:
    """What somebody is told, with its code; "in" where they are signed in."""
    try:
        signs_in(office, *tried, **more)  # type: ignore[arg-type]
    except NotAllowed as refused:
        (problem,) = refused.problems
        return f"{problem.code}: {problem.located()}"
    return "in"


def who(office: Office, key: str, now: dt.datetime = NOW) -> SignedIn | None:
    """Whom a key signs in."""
    with office.relief.reading() as work:
        return signed_in(work, key, now)


def everything(office: Office, table: sa.Table) -> list[dict[str, object]]:
    """All rows of a table."""
    with office.relief.reading() as work:
        return [dict(row._mapping) for row in work.rows(sa.select(table))]
