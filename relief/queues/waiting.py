"""What waits for somebody: cases of any kind, by the state they stand in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from relief.accounts.queries import roles_there
from relief.engine.actors import Actor
from relief.engine.clocks.deadlines import DEADLINE
from relief.engine.definitions.definition import Action, Titles
from relief.engine.kinds import SubjectKind
from relief.engine.work import Work
from relief.petitions.queries import seen_cases
from relief.petitions.rules import KINDS


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


def waiting_for(work: Work, reader: Actor, roles: frozenset[str]) -> list[Waiting]:
    """What waits for somebody who reads, and can act in these roles: kind by kind, in the order of
    the states. A step that several roles may take waits for the first that its workflow names and
    somebody holds who is there."""
    at, there = work.as_known_now(), roles_there(work)
    found = []
    for key, kind in work.workflows.kinds.items():
        steps = _steps_of(work, key, roles, there)
        counts = _counts(work, kind, tuple(steps), reader, at) if steps else {}
        definition = work.workflows.definitions[key]
        found += [
            Waiting(
                kind=key,
                kind_title=definition.title,
                state=state,
                state_title=definition.state_by_id[state].title,
                step=steps[state].title,
                count=count,
                overdue=overdue,
            )
            for state in steps
            for count, overdue in [counts.get(state, (0, 0))]
            if count
        ]
    return found


def _steps_of(
    work: Work, kind: str, roles: frozenset[str], there: frozenset[str]
) -> dict[str, Action]:
    """By state, the step by which a case goes on, where it waits for one of these roles."""
    states = (state.id for state in work.workflows.definitions[kind].states)
    steps = {state: work.workflows.next_step(kind, state) for state in states}
    return {
        state: step
        for state, step in steps.items()
        if step and next((role for role in step.roles if role in there), "") in roles
    }


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
