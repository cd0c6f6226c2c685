"""What waits for somebody: cases of any kind, by the state they stand in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from relief.accounts.queries import roles_there
from relief.engine.actors import Actor
from relief.engine.clocks.deadlines import DEADLINE
from relief.engine.definitions.definition import Titles
from relief.engine.kinds import SubjectKind
from relief.engine.work import Work
from relief.petitions.queries import seen_cases
from relief.petitions.rules import KINDS

# Where a file rests: something may be done, but nothing waits to be.
_RESTING = {("household", "active"), ("household", "suspended")}


@dataclass(frozen=True)
class Waiting:
    """So many cases of a kind stand in a state that somebody leads on, by this step."""

    kind: str
    kind_title: Titles
    state: str
    state_title: Titles
    step: Titles
    count: int
    overdue: int


def waiting_for(work: Work, reader: Actor) -> list[Waiting]:
    """What waits for this person's roles, kind by kind, in the order of the states. A step that
    several roles may take waits for the first that its workflow names and somebody who is here
    holds."""
    at = work.as_known_now()
    there = roles_there(work)
    return [
        found
        for key, kind in work.workflows.kinds.items()
        for found in _of_kind(work, kind, there, reader, at)
    ]


def _of_kind(
    work: Work, kind: SubjectKind, there: frozenset[str], reader: Actor, at: dt.datetime
) -> Iterator[Waiting]:
    definition = work.workflows.definitions[kind.key]
    steps = {
        state.id: step
        for state in definition.states
        if (kind.key, state.id) not in _RESTING
        and (step := work.workflows.next_step(kind.key, state.id))
        and next((role for role in step.roles if role in there), "") in reader.roles
    }
    if not steps:
        return
    counts = _counts(work, kind, tuple(steps), reader, at)
    for state, action in steps.items():
        count, overdue = counts.get(state, (0, 0))
        if count:
            yield Waiting(
                kind=kind.key,
                kind_title=definition.title,
                state=state,
                state_title=definition.state_by_id[state].title,
                step=action.title,
                count=count,
                overdue=overdue,
            )


def _counts(
    work: Work, kind: SubjectKind, states: tuple[str, ...], reader: Actor, at: dt.datetime
) -> dict[str, tuple[int, int]]:
    table = kind.table
    of_case = sa.and_(DEADLINE.c.subject_kind == kind.key, DEADLINE.c.subject_id == table.c.id)
    seen = seen_cases(reader.username) if kind.key in KINDS else sa.true()
    statement = (
        sa.select(
            table.c.state,
            sa.func.count(),
            sa.func.sum(sa.case((DEADLINE.c.due_at <= at, 1), else_=0)),
        )
        .select_from(table.outerjoin(DEADLINE, of_case))
        .where(kind.mine, seen, table.c.state.in_(states))
        .group_by(table.c.state)
    )
    return {row[0]: (int(row[1]), int(row[2] or 0)) for row in work.rows(statement)}
