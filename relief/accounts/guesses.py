"""Wrong guesses at secrets that are no passwords: counted in the database, as failed sign-ins are.

Who asks takes a turn first (`work.take_turn()`), looks whether one more is answered (`check`), and
writes a wrong one down (`note`) in the same unit of work: so of many guesses at once no more are
answered than of as many one after the other. Every `now` is real time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from relief.accounts.tables import Guess
from relief.accounts.throttle import HOUR, Failure, Limit, minutes_to_wait, place_of
from relief.kernel.columns import table_of
from relief.kernel.errors import NotAllowed, Problem
from relief.kernel.text import Text, _
from relief.kernel.unit_of_work import UnitOfWork

GUESS = table_of(Guess)
KEPT = dt.timedelta(days=1)
THROTTLED = "guess.throttled"
_FOUND = sa.select(GUESS).where(
    GUESS.c.at > sa.bindparam("b_since"),
    sa.or_(
        GUESS.c.target_index == sa.bindparam("b_target"),
        GUESS.c.address_index == sa.bindparam("b_address"),
    ),
)


class TooManyGuesses(NotAllowed):
    """No more is answered for some minutes, right or wrong."""

    def __init__(self, minutes: int) -> None:
        super().__init__(Problem(THROTTLED, _told(minutes)))
        self.minutes = minutes


@dataclass(frozen=True)
class Guessed:
    """What is tried, and from where, as they are counted: keyed hashes."""

    target_index: str
    address_index: str


def guessed(work: UnitOfWork, purpose: str, target: str, address: str) -> Guessed:
    """A guess at a secret of this purpose; `target` is what it belongs to ("": nobody says)."""
    return Guessed(
        work.cipher.blind_index(_plain(target), f"{purpose} target"),
        work.cipher.blind_index(_plain(place_of(address)), f"{purpose} address"),
    )


def check(work: UnitOfWork, guess: Guessed, limits: Sequence[Limit], now: dt.datetime) -> None:
    """Refuse (`TooManyGuesses`) where too many failed."""
    asked = {
        "b_since": now - HOUR,
        "b_target": guess.target_index,
        "b_address": guess.address_index,
    }
    failures = [
        Failure(row.at, row.target_index == guess.target_index,
                row.address_index == guess.address_index)
        for row in work.connection.execute(_FOUND, asked)
    ]  # fmt: skip
    minutes = minutes_to_wait(failures, now, limits=limits)
    if minutes:
        raise TooManyGuesses(minutes)


def note(work: UnitOfWork, guess: Guessed, now: dt.datetime) -> None:
    """Write a wrong one down; what counts for nothing any more goes."""
    work.connection.execute(sa.delete(GUESS).where(GUESS.c.at < now - KEPT))
    work.insert(Guess, target_index=guess.target_index, address_index=guess.address_index, at=now)


def _told(minutes: int) -> Text:
    return _("Too many tries failed. Wait {minutes} minutes, then try again.", minutes=minutes)


def _plain(text: str) -> str:
    """Half characters have no bytes to take a hash of."""
    return text.encode("utf-8", "replace").decode()
