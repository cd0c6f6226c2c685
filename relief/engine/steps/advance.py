"""The one way to begin a case and to change its state.

Version, state, role, separation of duties, fields, reason and guards are all looked at before
anything is written, and a refusal has every reason. Then row, journal entry and effects are
written, in the caller's transaction: who leaves without `commit` has written nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from relief.engine.actors import Actor
from relief.engine.cases import Case, changed_meanwhile, load_case, stale, visible_case
from relief.engine.clocks.deadlines import write_deadline
from relief.engine.definitions.definition import Action, Definition
from relief.engine.definitions.form import form_problems, typed
from relief.engine.journal.chain import (
    Entry,
    append,
    compose,
    entry_of,
    new_journal_key,
    words_of,
)
from relief.engine.journal.passages import Passage, passages_of, passed_on
from relief.engine.kinds import SubjectKind
from relief.engine.publishing import publish_definition
from relief.engine.step import HAPPENED_AT, OWN_FACTS, SAID, Choice, Refusal, Step
from relief.engine.steps.checks import (
    clock_refusals,
    guard_refusals,
    personal_refusals,
    refused,
    state_refusals,
    time_refusals,
)
from relief.engine.steps.recusal import recused
from relief.engine.steps.separation import Separation, separation_in
from relief.engine.steps.standing import choices_of
from relief.engine.work import Work
from relief.kernel.errors import Conflict, NotFound, ReliefError, TransitionRefused, refuse
from relief.kernel.looking import looking
from relief.kernel.text import _

_NOTHING: Mapping[str, Any] = {}


def begin(  # noqa: PLR0913  (the engine's face: all of it is named by the caller)
    work: Work,
    kind: str,
    action: str,
    actor: Actor,
    values: Mapping[str, Any],
    *,
    fields: Mapping[str, str] = _NOTHING,
    reason: str = "",
    facts: Mapping[str, Any] = _NOTHING,
    happened_at: dt.datetime | None = None,
) -> int:
    """Begin a case: its row (`values` are the feature's own columns) and its first entry.

    `happened_at`, where it was not now, is when that happened which is recorded.
    """
    subject_kind = work.workflows.kinds[kind]
    machine = work.workflows.current(kind)
    if kind in work.workflows.retired:
        raise _no_more(machine.definition)
    opening = _opening(machine.definition, action)
    step = Step(
        kind, 0, str(values[subject_kind.reference]), "", values, action, actor,
        typed(fields), reason.strip(), "", facts, **_times(work, work.instant(), happened_at),
    )  # fmt: skip
    step = _with_late_time(_checked(step))
    _check(work, machine.definition, Separation(opening, {}), step, ())
    publish_definition(work, machine.definition)
    if subject_kind.discriminator:
        values = {**values, subject_kind.discriminator: kind}
    row = dict(values) | {
        "state": opening.opening_state,
        "version": 0,
        "definition_sha256": machine.definition.sha256,
        "journal_head": "",
        "journal_key": new_journal_key(work.cipher),
    }
    case = Case(subject_kind, _insert(work, subject_kind, row), row, machine)
    step = _with_said(replace(step, subject_id=case.id), subject_kind)
    _write(work, case, opening, step, opening.opening_state, [])
    return case.id


def advance(  # noqa: PLR0913  (the engine's face: all of it is named by the caller)
    work: Work,
    kind: str,
    subject_id: int,
    action: str,
    actor: Actor,
    *,
    fields: Mapping[str, str] = _NOTHING,
    reason: str = "",
    facts: Mapping[str, Any] = _NOTHING,
    seen_version: int | None = None,
    override: str = "",
    happened_at: dt.datetime | None = None,
) -> Entry:
    """Take a step, or refuse it with every reason; gives the journal entry."""
    at = work.instant()  # the lock comes first: what the guards read stands until the commit
    case = visible_case(work, kind, subject_id, actor)
    if seen_version is not None and seen_version != case.version:
        raise _changed(work, case, seen_version)
    step = Step(
        kind, subject_id, case.reference, case.state, case.row, action, actor,
        typed(fields), reason.strip(), override.strip(), facts, **_times(work, at, happened_at),
    )  # fmt: skip
    step = _with_late_time(_checked(step))
    chosen, to_state = _chosen(work, case, step)
    definition = case.machine.definition
    passages = passages_of(work, kind, subject_id) if _looks_back(definition, chosen, step) else []
    apart = separation_in(work, case, chosen, passages)
    _check(work, definition, apart, step, passages)
    step = _with_said(_with_override(step, apart), case.kind)
    return _write(work, case, chosen, step, to_state, passages)


def available(work: Work, kind: str, subject_id: int, actor: Actor) -> list[Choice]:
    """Every step that starts here, each with all that stands against this person taking it."""
    with looking(work):
        case = visible_case(work, kind, subject_id, actor)
        return choices_of(work, case, actor, work.as_known_now())


def _changed(work: Work, case: Case, seen: int) -> Conflict:
    """The refusal of a step that somebody else was quicker than, by the name of who was."""
    passages = passages_of(work, case.kind.key, case.id)
    if seen > case.version or not passages:
        return stale(case.reference, seen, case.version)
    return changed_meanwhile(case.reference, passages[-1].people)


def _insert(work: Work, kind: SubjectKind, row: Mapping[str, Any]) -> int:
    key = work.connection.execute(kind.begun, row).inserted_primary_key
    assert key is not None
    return int(key[0])


def _no_more(definition: Definition) -> ReliefError:
    """The refusal of a case of a kind of which there is no file any more."""
    text = _('No case of the kind "{kind}" begins any more: its workflow file is gone.',
             kind=definition.title)  # fmt: skip
    return refuse(TransitionRefused, "step.kind_retired", text)


def _opening(definition: Definition, action: str) -> Action:
    opening = definition.opening(action)
    if opening is None:
        openings = [a.id for a in definition.actions if a.opens]
        raise refuse(
            TransitionRefused,
            "step.does_not_open",
            _(
                'A case of the kind "{kind}" cannot begin with "{action}"; it begins with one '
                "of {openings}.",
                kind=definition.title,
                action=action,
                openings=openings,
            ),
        )
    return opening


def _chosen(work: Work, case: Case, step: Step) -> tuple[Action, str]:
    """The action that is meant, and where it leads; refused where it does not start here."""
    definition = case.machine.definition
    if not definition.actions_named(step.action):
        raise refuse(
            NotFound,
            "step.unknown",
            _(
                'There is no action "{name}"; there are {known}.',
                name=step.action,
                known=sorted({action.id for action in definition.actions}),
            ),
            "action",
        )
    to_state = case.machine.after(case.state, step.action)
    chosen = definition.action_from(case.state, step.action)
    if to_state is None or chosen is None:
        raise refused(state_refusals(work, definition, step))
    return chosen, to_state


def _times(work: Work, at: dt.datetime, happened_at: dt.datetime | None) -> dict[str, Any]:
    happened = happened_at or at
    return {"at": at, "happened_at": happened, "happened_on": work.clock.day_of(happened)}


def _with_late_time(step: Step) -> Step:
    """What did not happen now says when it did: clocks run from that."""
    if step.happened_at == step.at:
        return step
    said = step.happened_at.astimezone(dt.UTC).isoformat()
    return replace(step, facts={**step.facts, HAPPENED_AT: said})


def _checked(step: Step) -> Step:
    """Refused where the caller's facts say what only the engine says."""
    taken = sorted(step.facts.keys() & OWN_FACTS)
    if not taken:
        return step
    text = _("The program says {facts} of a step itself; leave that out.", facts=taken)
    raise refuse(TransitionRefused, "step.own_fact", text)


def _looks_back(definition: Definition, action: Action, step: Step) -> bool:
    """Whether what the case has been through matters to a step; else it is not read."""
    waits = action.not_before or action.not_after or action.once
    late = step.happened_at != step.at
    return bool(action.not_by_actor_of or waits or late or definition.has_deadlines)


def _check(
    work: Work,
    definition: Definition,
    apart: Separation,
    step: Step,
    passages: Sequence[Passage],
) -> None:
    """Collect every reason against a step; refuse where there is one."""
    aside = recused(work, step.kind, step.subject_id)
    refusals = personal_refusals(work, definition, apart, step, aside)
    refusals += time_refusals(work, step, passages)
    refusals += clock_refusals(work, definition, apart.action, step, passages)
    problems = form_problems(definition, apart.action, step.fields, step.reason)
    refusals += [Refusal(problem) for problem in problems]
    refusals += guard_refusals(work, apart.action, step)
    if refusals:
        raise refused(refusals)


def _with_override(step: Step, apart: Separation) -> Step:
    """What an override lifted is told in the facts; where it lifted nothing there was none."""
    lifted = apart.broken_by(step.actor)
    if not lifted:
        return replace(step, override="")
    return replace(step, facts={**step.facts, "override": True, "kept_apart_from": lifted})


def _with_said(step: Step, kind: SubjectKind) -> Step:
    """Which of the fields that its kind names for a step were said is told in the facts."""
    names = kind.names_said.get(step.action)
    if names is None:
        return step
    said = [name for name in names if step.fields.get(name)]
    return replace(step, facts={**step.facts, SAID: said})


def _write(
    work: Work,
    case: Case,
    action: Action,
    step: Step,
    to_state: str,
    passages: Sequence[Passage],
) -> Entry:
    """Row, journal entry, deadline, then the effects in their order."""
    record = compose(work.cipher, case, step, to_state)
    change = {
        "b_id": case.id, "b_seen": case.version, "b_state": to_state, "b_head": record["hash"],
    }  # fmt: skip
    connection = work.connection
    if connection.execute(case.kind.step_on, change).rowcount != 1:
        raise stale(case.reference, case.version, load_case(work, case.kind.key, case.id).version)
    entry_id = append(work, record)
    if case.machine.definition.has_deadlines:
        write_deadline(work, case, passed_on(passages, step, to_state), step.at)
    for name in action.effects:
        work.workflows.effects[name](work, step)
    return entry_of({**record, "id": entry_id}, words_of(step))
