"""Where cases stand: every step that starts there, with all that stands against somebody taking it.

Of many cases it is asked with as many statements as of one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from relief.engine.actors import Actor
from relief.engine.cases import Case, case_of, is_visible
from relief.engine.journal.passages import know_passages, passages_of
from relief.engine.step import Choice, Step
from relief.engine.steps.checks import clock_refusals, guard_refusals, personal_refusals
from relief.engine.steps.recusal import know_recused, recused
from relief.engine.steps.separation import separation_in
from relief.engine.work import Work
from relief.kernel.looking import looking
from relief.kernel.unit_of_work import in_chunks


def standing_of(work: Work, kind: str, subject_ids: Collection[int]) -> dict[int, Case]:
    """Cases of one kind by their ids, in that order; those that are not there are left out. What
    each has been through, and who stands aside in it, is known then: only while it is looked."""
    known = work.workflows.kinds[kind]
    rows = {
        row["id"]: dict(row)
        for chunk in in_chunks(subject_ids)
        for row in work.connection.execute(known.by_ids, {"b_ids": chunk}).mappings()
    }
    know_passages(work, kind, rows)
    know_recused(work, kind, rows)
    if known.beforehand:
        known.beforehand(work, list(rows.values()))
    return {each: case_of(work, known, rows[each]) for each in subject_ids if each in rows}


def available_of_many(
    work: Work, kind: str, subject_ids: Collection[int], actor: Actor
) -> dict[int, list[Choice]]:
    """The same as `available` of each of these cases, by their ids; of those that the actor may not
    see there is nothing."""
    with looking(work):
        cases, at = standing_of(work, kind, subject_ids), work.as_known_now()
        return {
            each: choices_of(work, case, actor, at)
            for each, case in cases.items()
            if is_visible(work, case, actor)
        }


def choices_of(work: Work, case: Case, actor: Actor, at: dt.datetime) -> list[Choice]:
    """Every step of a case that starts here, as it may be taken at an instant."""
    definition, day = case.machine.definition, work.clock.day_of(at)
    passages = passages_of(work, case.kind.key, case.id)
    aside = recused(work, case.kind.key, case.id)
    asked = Step(
        case.kind.key, case.id, case.reference, case.state, case.row, "", actor,
        {}, "", "", {}, at, at, day, attempted=False,
    )  # fmt: skip
    choices = []
    for action in definition.actions_from(case.state):
        step, apart = asked.by_action(action.id), separation_in(work, case, action, passages)
        refusals = personal_refusals(work, definition, apart, step, aside)
        refusals += clock_refusals(work, definition, action, step, passages)
        refusals += guard_refusals(work, action, step)
        choices.append(Choice(action, tuple(refusals), not work.workflows.only_follows(action)))
    return choices
