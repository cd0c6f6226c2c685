"""Workflow files, judged with all that the features bring: every fault of every file at once."""

from __future__ import annotations

import string
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from relief.engine.definitions.definition import Definition, Titles, labelled
from relief.engine.definitions.loader import files_of, read_file
from relief.engine.kinds import SubjectKind, kind_unknown
from relief.kernel.errors import Problem
from relief.kernel.text import Text, _
from relief.letters.templates import FRAME
from relief.procedures.features import FAMILIES, KINDS, LETTERS, NAMES, RECORDS

_FREE_NAMED = 5
# What the letters of numbers are the letters of.
Bearer = str | Text | Titles
_LETTERS: dict[str, Bearer] = {
    **LETTERS,
    **{kind.letter: f"{kind.key}.toml" for kind in KINDS if kind.letter},
}
_KINDS = {kind.key: kind for kind in KINDS}
_RECORDS = frozenset(record.key for record in RECORDS)


@dataclass(frozen=True)
class Procedures:
    """What the files of some folders say: a definition each (None where the file cannot be read),
    by the file's name; the kinds of the office's own, and every fault with its file."""

    files: Mapping[str, Definition | None]
    own_kinds: Sequence[SubjectKind]
    faults: Sequence[Problem]

    @property
    def definitions(self) -> dict[str, Definition]:
        """The definitions by their keys."""
        return {each.key: each for each in self.files.values() if each is not None}


def read_procedures(folders: Sequence[Path]) -> Procedures:
    """Read the workflow files of some folders, of which the earlier goes before the later."""
    files: dict[str, Definition | None] = {}
    own: dict[str, SubjectKind] = {}
    faults: list[Problem] = []
    letters = _LETTERS.copy()
    for name, path in files_of(folders).items():
        definition, problems = read_file(path, NAMES)
        files[name] = definition
        if definition is not None and definition.key not in _KINDS:
            problems += _faults_of_own(definition, letters)
            if definition.family in FAMILIES:
                own[definition.key] = kind_of(definition)
                letters.setdefault(definition.letter, definition.title)
        if definition is not None:
            problems += _taken_away(definition, _KINDS | own, problems)
            problems += _no_letters(definition)
        faults += [replace(problem, sheet=name) for problem in problems]
    return Procedures(files, list(own.values()), faults)


def kind_of(definition: Definition) -> SubjectKind:
    """The kind of the office's own that a definition describes."""
    return FAMILIES[definition.family].kind_of(definition)


def letter_taken(letter: str, bearer: Bearer) -> Problem:
    """The fault of a letter that other numbers begin with."""
    free = [each for each in string.ascii_uppercase if each not in _LETTERS][:_FREE_NAMED]
    text = _('"{letter}" is the letter of {bearer} already; choose another, as {free}.',
             letter=letter, bearer=bearer, free=free)  # fmt: skip
    return Problem("workflow.letter_taken", text, field="letter")


def _faults_of_own(definition: Definition, letters: Mapping[str, Bearer]) -> Iterator[Problem]:
    """What a kind of the office's own says too little of, or what means something else already."""
    if not definition.family:
        yield kind_unknown([*_KINDS])
    elif not definition.letter:
        text = _("Say which capital letter the references of its cases begin with.")
        yield Problem("workflow.letter_missing", text, field="letter")
    elif definition.letter in letters:
        yield letter_taken(definition.letter, letters[definition.letter])
    family = FAMILIES.get(definition.family)
    if definition.key in _RECORDS or (family and definition.key in family.not_keys):
        text = _('"{key}" means something else in this program; choose another key.',
                 key=definition.key)  # fmt: skip
        yield Problem("workflow.key_taken", text, field="key")


def _no_letters(definition: Definition) -> Iterator[Problem]:
    """What stands around every letter, named as if it were one."""
    for label, action in labelled("action", definition.actions):
        if FRAME in action.letters:
            text = _('"{name}" is what stands around every letter, and none itself.', name=FRAME)
            yield Problem("workflow.no_letter", text, field=f"{label}.letters")


def _taken_away(
    definition: Definition, kinds: Mapping[str, SubjectKind], faults: Collection[Problem]
) -> list[Problem]:
    """What a file has less than its kind of case keeps; where it has a fault already, that is
    told alone."""
    told, kind = {fault.field for fault in faults}, kinds.get(definition.key)
    found = kind.taken_from(definition) if kind else []
    return [fault for fault in found if fault.field not in told]
