"""Which letters may be issued of a case: those that its workflow names beside the steps that it has
taken, each about the last time that one of them was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from relief.engine.cases import Case
from relief.engine.definitions.definition import Action
from relief.engine.journal.chain import Entry
from relief.letters.steps import ISSUE


@dataclass(frozen=True)
class Offered:
    """A letter, and the step that it tells of."""

    letter: str
    action: Action
    entry: Entry


def offered_letters(case: Case, entries: Sequence[Entry]) -> list[Offered]:
    """What may be issued, in the order in which the steps were taken; nothing of a case whose
    workflow has no letters."""
    definition = case.machine.definition
    if not case.leads_on_by(ISSUE):
        return []
    found: dict[str, Offered] = {}
    for entry in entries:
        for action in definition.actions_named(entry.action):
            for letter in action.letters:
                found.pop(letter, None)
                found[letter] = Offered(letter, action, entry)
    return list(found.values())
