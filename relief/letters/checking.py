"""Every fault of an office's letters at once: of their files, and of what the workflows name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from relief.engine.definitions.definition import LANGUAGES, Definition, labelled
from relief.kernel.errors import Problem
from relief.kernel.text import _
from relief.letters.templates import FOLDER, FRAME, STYLE, LetterFolder


@dataclass(frozen=True)
class Checked:
    """The files that are in order, and every fault of the others."""

    sound: list[str]
    problems: list[Problem]


def check_letters(folder: LetterFolder, definitions: Iterable[Definition]) -> Checked:
    """Look at every file of letters, and for every file that a workflow needs."""
    needed = {STYLE, *(f"{FRAME}.{language}.html" for language in LANGUAGES)}
    named = {
        f"{letter}.{language}.html": f"{definition.key}.toml"
        for definition in definitions
        for action in definition.actions
        for letter in action.letters
        for language in LANGUAGES
    }
    sound: list[str] = []
    problems: list[Problem] = []
    for name in sorted({*needed, *named, *folder.names()}):
        faults = folder.problems_of(name)
        problems += [_with_who_names(fault, named.get(name, "")) for fault in faults]
        sound += [] if faults else [name]
    return Checked(sound, [*problems, *_strange(folder)])


def templates_missing(folder: LetterFolder, definition: Definition) -> Iterator[Problem]:
    """The letters that a workflow names and for which no file stands, at the step's own key."""
    for label, action in labelled("action", definition.actions):
        for letter in action.letters:
            for language in LANGUAGES:
                faults = folder.problems_of(f"{letter}.{language}.html")
                missing = (fault for fault in faults if fault.code == "letter.no_template")
                yield from (replace(fault, field=f"{label}.letters") for fault in missing)


def _with_who_names(fault: Problem, workflow: str) -> Problem:
    if fault.code != "letter.no_template" or not workflow:
        return fault
    text = _("{fault} {workflow} names it.", fault=fault.text, workflow=workflow)
    return replace(fault, text=text)


def _strange(folder: LetterFolder) -> Iterator[Problem]:
    """Files of the office's own that would never be used."""
    for path in folder.unknown():
        text = _(
            "Nothing uses this file; letters are called like receipt.zh.html, and stand in the "
            'folder "{folder}" itself.',
            folder=FOLDER,
        )
        yield Problem("letter.file_unknown", text, sheet=path.name)
