"""The search for cases whose row, readers or persons who stand aside are not what the journal and
the office's seal say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from relief.engine.cases import name_of_case
from relief.engine.definitions.definition import Definition
from relief.engine.journal.against import Row, Written, rows_of, steps_of
from relief.engine.journal.chain import JOURNAL
from relief.engine.publishing import pinned_machine
from relief.engine.steps.recusal import RECUSAL
from relief.engine.work import Work
from relief.kernel.errors import Problem, ReliefError
from relief.kernel.text import Text, Username, _
from relief.petitions.queries import CASE, READER
from relief.petitions.replay import SAYING, Naming, Replay, Subject, Told
from relief.petitions.row_seal import is_sealed
from relief.petitions.rules import FAMILY

_WORDS: Mapping[str, Text] = {
    "recorded_by": _("who received it"),
    "recorded_at": _("when it was recorded"),
    "received_on": _("the day it was received on"),
    "case_worker": _("case worker"),
    "matter_class": _("matter class"),
    "merged_into_id": _("the case that it was merged into"),
    "urgent": _("urgent"),
    "collective": _("collective"),
}
_RESTRICTED = _("restricted")


def verify_cases(work: Work) -> list[Problem]:
    """Every case whose row, readers, or persons who stand aside were changed by hand."""
    rows, problems = rows_of(work, CASE)
    readers, unreadable = rows_of(work, READER)
    problems += unreadable
    aside, unreadable = rows_of(work, RECUSAL)
    problems += unreadable
    replay = _replayed(work, rows, readers)
    for row in rows:
        problems += _row_problems(work, row, replay.cases.get(row["id"]))
    of_case: dict[int, list[Naming]] = {}
    for row in readers:
        of_case.setdefault(row["case_id"], []).append(_naming(row))
    problems += _reader_problems(rows, of_case, replay)
    return [*problems, *_aside_problems(work, aside, replay)]


def _replayed(work: Work, rows: Iterable[Row], readers: Iterable[Row]) -> Replay:
    named_at = {(row["case_id"], row["recorded_at"]) for row in readers}

    def began_restricted(step: Written) -> bool:
        return (step.record["subject_id"], step.record["at"]) in named_at

    references = {row["reference"]: row["id"] for row in rows}
    replay = Replay(references, work.clock.day_of, began_restricted)
    family = work.workflows.of_family(FAMILY)
    effects = _effects_by_step(work)
    actions = {action for _sha256, action in effects}
    for step in steps_of(work, sorted({*actions, "take_in"})):
        record = step.record
        of_action = effects.get((record["definition_sha256"], record["action"]))
        named = of_action(record["from_state"]) if of_action else ()
        if record["subject_kind"] not in family:  # of those a step says only who stands aside
            named = [name for name in named if name in _OF_ALL]
        replay.take(step, named)
    return replay


_OF_ALL = frozenset({"step_aside", "end_recusal"})
_EffectsFrom = Callable[[str], Iterable[str]]


def _effects_by_step(work: Work) -> dict[tuple[str, str], _EffectsFrom]:
    """The steps that say something, by workflow and action, with their effects from a state."""
    used = sa.select(JOURNAL.c.definition_sha256).distinct()
    found: dict[tuple[str, str], _EffectsFrom] = {}
    for (sha256,) in work.rows(used):
        definition = _definition(work, sha256)
        for action in definition.actions if definition else ():
            if SAYING & set(action.effects):
                assert definition is not None
                found[sha256, action.id] = _effects_from(definition, action.id)
    return found


def _definition(work: Work, sha256: str) -> Definition | None:
    """The workflow of an entry; none where there is no such (the chain's search tells that)."""
    try:
        return pinned_machine(work, sha256).definition if sha256 else None
    except (ReliefError, ValueError, TypeError, LookupError):
        return None


def _effects_from(definition: Definition, action: str) -> _EffectsFrom:
    def of_state(state: str) -> Iterable[str]:
        chosen = definition.action_from(state, action) if state else definition.opening(action)
        return chosen.effects if chosen else ()

    return of_state


def _row_problems(work: Work, row: Row, told: Told | None) -> Iterator[Problem]:
    changed: list[Text] = []
    if told:
        changed += [
            _WORDS[name]
            for name, said in told.columns.items()
            if said != row[name] and not (said is None and name in _MAY_BE_GONE)
        ]
        if told.restricted != row["restricted"] and not told.may_vary:
            changed.append(_RESTRICTED)
    if changed:
        text = _(
            "{no} is not what its journal says: {what} was changed by hand.",
            no=row["reference"],
            what=changed,
        )
        yield Problem("petition.altered", text)
    elif not is_sealed(work.cipher, row):
        text = _(
            "The row of {no} does not bear the office's seal: it was changed, or put in, by hand.",
            no=row["reference"],
        )
        yield Problem("petition.unsealed", text)


# Where the words of a case were erased, nothing is said of these.
_MAY_BE_GONE = frozenset({"matter_class", "case_worker"})


def _reader_problems(
    rows: Iterable[Row], stored: Mapping[int, list[Naming]], replay: Replay
) -> Iterator[Problem]:
    for row in rows:
        told = replay.cases.get(row["id"])
        if told is None or not told.readers.known:
            continue
        differing = _differing(told.readers.all, stored.get(row["id"], []))
        if differing:
            text = _(
                "Who may read {no} is not what its journal says: {names} were put in, taken out "
                "or changed by hand.",
                no=row["reference"],
                names=differing,
            )
            yield Problem("petition.readers_altered", text)


def _aside_problems(work: Work, rows: Iterable[Row], replay: Replay) -> Iterator[Problem]:
    stored: dict[Subject, list[Naming]] = {}
    for row in rows:
        stored.setdefault((row["subject_kind"], row["subject_id"]), []).append(_naming(row))
    for subject in sorted({*stored, *replay.aside}):
        told = replay.aside.get(subject)
        if told and not told.known:
            continue
        differing = _differing(told.all if told else [], stored.get(subject, []))
        if differing:
            text = _(
                "Who stands aside in {no} is not what its journal says: {names} were put in, "
                "taken out or changed by hand.",
                no=name_of_case(work, *subject),
                names=differing,
            )
            yield Problem("recusal.altered", text)


def _differing(told: Iterable[Naming], stored: Iterable[Naming]) -> list[Username]:
    """The names that stand in one alone."""
    names = {naming[0] for naming in {*told} ^ {*stored}}
    return [Username(name) for name in sorted(names)]


def _naming(row: Mapping[str, Any]) -> Naming:
    return row["username"], row["recorded_at"], row["recorded_by"], row["ended_at"]
