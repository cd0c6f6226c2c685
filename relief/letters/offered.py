"""Which letters may be issued of a case: those that its workflow names beside the steps that it has
taken and that stand, each about the last time that one of them was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from relief.engine.cases import Case
from relief.engine.definitions.definition import Action, Definition
from relief.engine.journal.chain import Entry
from relief.engine.work import Work
from relief.petitions.life.issuing import ISSUE
from relief.petitions.one_case.reading import line_in
from relief.petitions.one_case.way import taken_back


@dataclass(frozen=True)
class Offered:
    """A letter, and the step that it tells of."""

    letter: str
    action: Action
    entry: Entry


def offered_letters(work: Work, case: Case, entries: Sequence[Entry]) -> list[Offered]:
    """What may be issued, in the order in which the steps were taken; nothing of a case whose
    workflow has no letters, and nothing of a step that does not stand any more."""
    definition = case.machine.definition
    if not case.leads_on_by(ISSUE):
        return []
    line = line_in(work, case, entries)
    found: dict[str, Offered] = {}
    for entry in _standing(definition, line, entries):
        for action in definition.actions_named(entry.action):
            for letter in action.letters:
                found.pop(letter, None)
                found[letter] = Offered(letter, action, entry)
    return list(found.values())


def issuing_roles(case: Case) -> frozenset[str]:
    """Who may issue a letter of a case where it stands; an office may name fewer than we do."""
    steps = case.machine.definition.actions_named(ISSUE)
    return frozenset(role for step in steps if case.state in step.sources for role in step.roles)


def _standing(
    definition: Definition, line: Sequence[str], entries: Sequence[Entry]
) -> Iterator[Entry]:
    """The steps that there is still something to be told of."""
    gone, state = taken_back(line, entries), entries[-1].to_state
    is_over = definition.state_by_id[state].final
    led_by = 0  # the step that led to where the case stood
    for entry in entries:
        if entry.to_state != entry.from_state:
            led_by = entry.number
        if led_by in gone or (is_over and not _told_at_the_end(line, state, entry)):
            continue
        # That a case waits is told while it does.
        if not definition.state_by_id[entry.to_state].pauses or entry.to_state == state:
            yield entry


def _told_at_the_end(line: Sequence[str], state: str, entry: Entry) -> bool:
    """At the end of its line everything that the case came by, but that it begins; at another end
    (declined, withdrawn, merged, reviewed) what led there alone."""
    if state in line:
        return bool(entry.from_state)
    return entry.to_state == state != entry.from_state
