"""The one way to begin a case and to change its state.

Version, state, role, separation of duties, fields, reason and guards are all looked at before
anything is written, and a refusal has every reason. Then row, journal entry and effects are
written, in the caller's transaction: who leaves without `commit` has written nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from relief.engine.actors import Actor
from relief.engine.cases import Case, load_case, stale
from relief.engine.chain import Entry, append, compose, entry_of, new_journal_key, words_of
from relief.engine.checks import guard_refusals, personal_refusals, refused, state_refusals
from relief.engine.definition import Action, Definition
from relief.engine.form import form_problems, typed
from relief.engine.publishing import publish_definition
from relief.engine.separation import Separation, separation
from relief.engine.step import Choice, Refusal, Step
from relief.engine.work import Work
from relief.engine.workflows import SubjectKind
from relief.kernel.errors import NotFound, TransitionRefused, refuse
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
) -> int:
    """Begin a case: its row (`values` are the feature's own columns) and its first entry."""
    subject_kind = work.workflows.kinds[kind]
    machine = work.workflows.current(kind)
    opening = _opening(machine.definition, action)
    step = Step(
        kind, 0, str(values[subject_kind.reference]), "", values, action, actor,
        typed(fields), reason.strip(), "", facts, work.instant(),
    )  # fmt: skip
    _check(work, machine.definition, Separation(opening, {}), step)
    publish_definition(work, machine.definition)
    row = dict(values) | {
        "state": opening.opening_state,
        "version": 0,
        "definition_sha256": machine.definition.sha256,
        "journal_head": "",
        "journal_key": new_journal_key(work.cipher),
    }
    case = Case(subject_kind, _insert(work, subject_kind, row), row, machine)
    _write(work, case, opening, replace(step, subject_id=case.id), opening.opening_state)
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
) -> Entry:
    """Take a step, or refuse it with every reason; gives the journal entry."""
    at = work.instant()  # the lock comes first: what the guards read stands until the commit
    case = load_case(work, kind, subject_id)
    if seen_version is not None and seen_version != case.version:
        raise stale(case.reference, seen_version, case.version)
    step = Step(
        kind, subject_id, case.reference, case.state, case.row, action, actor,
        typed(fields), reason.strip(), override.strip(), facts, at,
    )  # fmt: skip
    chosen, to_state = _chosen(work, case, step)
    definition = case.machine.definition
    apart = separation(work, (kind, subject_id), definition, chosen)
    _check(work, definition, apart, step)
    return _write(work, case, chosen, _with_override(step, apart), to_state)


def available(work: Work, kind: str, subject_id: int, actor: Actor) -> list[Choice]:
    """Every step that starts here, each with all that stands against this person taking it."""
    case = load_case(work, kind, subject_id)
    definition = case.machine.definition
    at = work.as_known_now()
    choices = []
    for action in definition.actions_from(case.state):
        step = Step(
            kind, subject_id, case.reference, case.state, case.row, action.id, actor,
            {}, "", "", {}, at,
        )  # fmt: skip
        apart = separation(work, (kind, subject_id), definition, action)
        refusals = personal_refusals(work, definition, apart, step)
        refusals += guard_refusals(work, action, step)
        choices.append(Choice(action, tuple(refusals)))
    return choices


def _insert(work: Work, kind: SubjectKind, row: Mapping[str, Any]) -> int:
    key = work.session.connection().execute(kind.begun, row).inserted_primary_key
    assert key is not None
    return int(key[0])


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


def _check(work: Work, definition: Definition, apart: Separation, step: Step) -> None:
    """Collect every reason against a step; refuse where there is one."""
    refusals = personal_refusals(work, definition, apart, step)
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


def _write(work: Work, case: Case, action: Action, step: Step, to_state: str) -> Entry:
    """Row, journal entry, then the effects in their order."""
    record = compose(work.cipher, case, step, to_state)
    change = {
        "b_id": case.id, "b_seen": case.version, "b_state": to_state, "b_head": record["hash"],
    }  # fmt: skip
    connection = work.session.connection()
    if connection.execute(case.kind.step_on, change).rowcount != 1:
        raise stale(case.reference, case.version, load_case(work, case.kind.key, case.id).version)
    entry_id = append(work, record)
    for name in action.effects:
        work.workflows.effects[name](work, step)
    return entry_of({**record, "id": entry_id}, words_of(step))
