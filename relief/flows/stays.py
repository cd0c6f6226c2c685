"""How long a case stood where: one rule, for a single case and for the medians of many (pure).

A stay is as long as what lies between its two steps, to a tenth of a day (of twenty-four hours, not
of days of the calendar). The steps happened when the passages of the journal say: time never runs
back, so that a step that was entered as earlier than the one before it ends a stay at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from relief.engine.journal.passages import Passage

TENTHS = 10
_TENTH = dt.timedelta(days=1) / TENTHS


@dataclass(frozen=True)
class Stay:
    """A time in a state: by which step the case came there, when, and for how many tenths of a day;
    `until` is None where it stands there still."""

    state: str
    action: str
    came_at: dt.datetime
    until: dt.datetime | None
    tenths: int

    @property
    def days(self) -> float:
        """Its length in days."""
        return self.tenths / TENTHS


def tenths_between(came_at: dt.datetime, left_at: dt.datetime) -> int:
    """The length of a stay in tenths of a day, rounded half up."""
    return (left_at - came_at + _TENTH / 2) // _TENTH


def moves_of(passages: Sequence[Passage]) -> list[Passage]:
    """The steps that led a case elsewhere, its beginning among them."""
    return [each for each in passages if each.from_state != each.to_state]


def stays_in(passages: Sequence[Passage], now: dt.datetime) -> list[Stay]:
    """The stays of a case, the earliest first; the last goes on until now."""
    moves = moves_of(passages)
    ends = [*(move.happened_at for move in moves[1:]), None]
    return [
        Stay(
            move.to_state,
            move.action,
            move.happened_at,
            until,
            tenths_between(move.happened_at, until or now),
        )
        for move, until in zip(moves, ends, strict=True)
    ]
