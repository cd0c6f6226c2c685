"""How many cases of a kind stand in each state, how many of them are overdue, and how long cases
stayed there that have left: of the cases that somebody may see.

Both are counted by the database, over all cases at once.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from relief.engine.actors import Actor
from relief.engine.clocks.deadlines import DEADLINE
from relief.engine.journal.chain import JOURNAL
from relief.engine.kinds import SubjectKind
from relief.engine.step import HAPPENED_AT
from relief.engine.work import Work
from relief.flows.stays import TENTHS
from relief.petitions.seeing import seen_of

# Stays are told of the cases that left within so many days.
LOOKS_BACK_DAYS = 365
_DAY_SECONDS = 86_400
# Half a tenth is rounded up also where the database's days are a hair shorter than they are.
_HAIR = 1e-6
# The day on which SQLite's count of days has come to 1970.
_EPOCH_JULIAN = 2_440_587.5


@dataclass(frozen=True)
class Standing:
    """The cases of a kind that stand in a state; the deadline of `overdue` of them has passed."""

    count: int
    overdue: int


@dataclass(frozen=True)
class Stays:
    """How long cases stood in a state that they left: so many of them, the median in days."""

    count: int
    median_days: float


def standing_of(work: Work, kind: SubjectKind, reader: Actor) -> dict[str, Standing]:
    """The states in which cases stand (one statement)."""
    table = kind.table
    of_case = sa.and_(DEADLINE.c.subject_kind == kind.key, DEADLINE.c.subject_id == table.c.id)
    late = sa.case((DEADLINE.c.due_at <= work.as_known_now(), 1), else_=0)
    counted = (
        sa.select(table.c.state, sa.func.count(), sa.func.sum(late))
        .select_from(table.outerjoin(DEADLINE, of_case))
        .where(kind.mine, seen_of(kind, reader.username))
        .group_by(table.c.state)
    )
    return {state: Standing(int(n), int(overdue)) for state, n, overdue in work.rows(counted)}


def stays_of(work: Work, kind: SubjectKind, reader: Actor, since: dt.datetime) -> dict[str, Stays]:
    """The states that cases have left since an instant (one statement), each as long as
    `tenths_between` says."""
    stay = _stays(work, kind, reader, since).subquery()
    tenths = sa.cast(sa.func.round(stay.c.days * TENTHS + _HAIR), sa.Integer)
    counted = (
        sa.select(stay.c.state, tenths.label("tenths"), sa.func.count())
        .where(stay.c.left_day >= since.timestamp() / _DAY_SECONDS)
        .group_by(stay.c.state, tenths)
        .order_by(stay.c.state, tenths)
    )
    return {
        state: middle_of([(int(length), int(count)) for _state, length, count in found])
        for state, found in groupby(work.rows(counted), key=itemgetter(0))
    }


def middle_of(counts: Sequence[tuple[int, int]]) -> Stays:
    """The median of lengths in tenths of a day, the shortest first, each with how often it was."""
    every = sum(count for _length, count in counts)
    ends = list(accumulate(count for _length, count in counts))
    low, high = (
        counts[bisect_left(ends, place)][0] for place in ((every + 1) // 2, every // 2 + 1)
    )
    return Stays(every, (low + high) / 2 / TENTHS)


def open_of(work: Work, kind: str, standing: Mapping[str, Standing]) -> Standing:
    """All that is open of a kind."""
    states = work.workflows.definitions[kind].state_by_id
    still = [
        each for state, each in standing.items() if state not in states or not states[state].final
    ]
    return Standing(sum(each.count for each in still), sum(each.overdue for each in still))


def _stays(work: Work, kind: SubjectKind, reader: Actor, since: dt.datetime) -> sa.Select[Any]:
    """Each stay that has ended: its state, its days, and the day on which it ended; of the cases of
    which something was entered since: no step happens after its entry, so that no other was left
    since, and years of closed cases are not walked through."""
    may_see = sa.select(kind.table.c.id).where(kind.mine, seen_of(kind, reader.username))
    journal = JOURNAL.c
    moved_since = sa.select(journal.subject_id).where(
        journal.subject_kind == kind.key, journal.at >= since
    )
    day = sa.func.max(_happened_day(work))  # time never runs back
    step = (
        sa.select(
            journal.subject_id,
            journal.number,
            journal.from_state,
            journal.to_state,
            day.over(partition_by=journal.subject_id, order_by=journal.number).label("day"),
        )
        .where(
            journal.subject_kind == kind.key,
            journal.subject_id.in_(may_see),
            journal.subject_id.in_(moved_since),
        )
        .subquery()
    ).c
    came = sa.func.lag(step.day).over(partition_by=step.subject_id, order_by=step.number)
    moved = (
        sa.select(
            step.from_state.label("state"),
            (step.day - came).label("days"),
            step.day.label("left_day"),
        )
        .where(step.from_state != step.to_state)
        .subquery()
    )
    return sa.select(moved).where(moved.c.days.is_not(None))


def _happened_day(work: Work) -> sa.ColumnElement[Any]:
    """When an entry's step happened, in days since 1970."""
    said: sa.ColumnElement[Any]
    if work.is_sqlite:
        said = sa.func.json_extract(JOURNAL.c.facts, f"$.{HAPPENED_AT}")
        return sa.func.julianday(sa.func.coalesce(said, JOURNAL.c.at)) - _EPOCH_JULIAN
    facts = sa.cast(JOURNAL.c.facts, JSONB)
    said = sa.cast(facts[HAPPENED_AT].astext, sa.DateTime(timezone=True))
    happened = sa.func.coalesce(said, sa.cast(JOURNAL.c.at, sa.DateTime(timezone=True)))
    return sa.extract("epoch", happened) / _DAY_SECONDS
