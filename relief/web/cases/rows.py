"""What is shown of the rows of a list of cases, and what may be done with them from there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from relief.engine.definitions.definition import Titles
from relief.engine.work import Work
from relief.petitions.lists.pages import CaseRow
from relief.petitions.lists.queues import UNASSIGNED, aside_in
from relief.petitions.many.bulk_steps import Row
from relief.web.access import may
from relief.web.cases.many import step_options
from relief.web.language import say
from relief.web.request import person


def to_do(work: Work, rows: Iterable[CaseRow], queue: str) -> dict[str, Any]:
    """Which steps may be chosen for many of these rows, which of them may be taken, and who stands
    aside in which."""
    me = person()
    # What somebody works on who is away is the deputy's to go on with, and there is nothing to
    # take: but where who is away stands aside in it.
    worked_on = {me.username} if queue == UNASSIGNED else {me.username, *me.lent}
    shown = list(rows)
    aside, now = aside_in(work, shown), work.as_known_now()
    return {
        "aside": aside,
        "steps": step_options(work, [_as_row(row, aside, now) for row in shown], me.may_act_as)
        if may("bulk.bulk")
        else [],
        "to_take": {
            row.reference
            for row in shown
            if row.case_worker not in worked_on
            and me.username not in aside[row.id]
            and _may_be_taken(work, row, me.roles)
        }
        if may("taking.take")
        else set(),
    }


def _as_row(row: CaseRow, aside: Mapping[int, frozenset[str]], now: dt.datetime) -> Row:
    """The row before a step for many."""
    names = aside[row.id]
    all_aside = bool(names) and all(each.people & names for each in person().identities)
    looked_at = row.urgent or row.collective or row.is_overdue(now)
    return Row(row.kind, row.state, row.restricted or all_aside, looked_at)


def _may_be_taken(work: Work, row: CaseRow, roles: frozenset[str]) -> bool:
    definition = work.workflows.definitions.get(row.kind)
    assign = definition.action_from(row.state, "assign") if definition else None
    return assign is not None and not roles.isdisjoint(assign.roles)


def next_steps(work: Work, rows: Iterable[CaseRow]) -> dict[str, tuple[str, str]]:
    """The step that each of these cases waits for, with its title, by kind and state."""
    places = {(row.kind, row.state) for row in rows}
    steps = {place: work.workflows.next_step(*place) for place in places}
    return {f"{k}.{s}": (step.id, say(step.title)) for (k, s), step in steps.items() if step}


def titles_of(work: Work, rows: Iterable[CaseRow]) -> dict[str, Titles]:
    """The words for the kinds and states that a page shows."""
    words, shown = work.workflows, {(row.kind, row.state) for row in rows}
    kinds = {kind: words.kind_title(kind) for kind, _state in shown}
    return kinds | {f"{kind}.{state}": words.state_title(kind, state) for kind, state in shown}
