"""From TOML files to definitions: every fault of every file at once, with file and key."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from relief.engine.definitions.definition import (
    COUNTINGS,
    FIELD_TYPES,
    REASONS,
    ROLLS,
    TERM_DAYS_MAX,
    TERM_HOURS_MAX,
    Action,
    Definition,
    Field,
    Option,
    State,
    Term,
)
from relief.engine.definitions.lint import Names, lint
from relief.engine.definitions.reader import Reader
from relief.kernel.errors import Invalid, Problem
from relief.kernel.text import _

# The longest that was shipped is a tenth of it.
FILE_BYTES_MAX = 256 * 1024
# What the reader of TOML takes for a key grows with the square of its dots.
_DOTS_MAX = 40


def load_definitions(folders: Sequence[Path], names: Names | None = None) -> dict[str, Definition]:
    """The definitions of all files, by key; refused with every fault of every file."""
    definitions, problems = read_folders(folders, names)
    if problems:
        raise Invalid(problems)
    return definitions


def read_folders(
    folders: Sequence[Path], names: Names | None = None
) -> tuple[dict[str, Definition], list[Problem]]:
    """Read the files of the folders."""
    definitions: dict[str, Definition] = {}
    problems: list[Problem] = []
    for name, path in files_of(folders).items():
        definition, faults = read_file(path, names)
        problems += [replace(fault, sheet=name) for fault in faults]
        if definition is not None:
            definitions[definition.key] = definition
    return definitions, problems


def files_of(folders: Sequence[Path]) -> dict[str, Path]:
    """The files `*.toml` of some folders by their names, in that order; of two of one name that of
    the earlier folder stands."""
    files: dict[str, Path] = {}
    for folder in folders:
        for path in folder.glob("*.toml"):
            files.setdefault(path.name, path)
    return dict(sorted(files.items()))


def read_file(path: Path, names: Names | None) -> tuple[Definition | None, list[Problem]]:
    """One file, named after the key of its workflow."""
    try:
        with path.open("rb") as stream:
            content = stream.read(FILE_BYTES_MAX + 1)
    except OSError as fault:
        text = _("This file cannot be read: {fault}.", fault=fault.strerror)
        return None, [Problem("workflow.unreadable", text)]
    if too_much := _too_much(content):
        return None, [too_much]
    definition, problems = _read(content, path.stem, names)
    return definition, list(problems)


def _too_much(content: bytes) -> Problem | None:
    """What would take long to read: it is read while somebody waits for a page."""
    if len(content) > FILE_BYTES_MAX:
        text = _("This file is longer than {max} KB; a workflow is not.",
                 max=FILE_BYTES_MAX // 1024)  # fmt: skip
        return Problem("workflow.too_long", text)
    for number, line in enumerate(content.split(b"\n"), start=1):
        if line.count(b".") > _DOTS_MAX and not line.lstrip().startswith(b"#"):
            text = _("Line {line} holds more than {max} dots; keys are never so deep.",
                     line=number, max=_DOTS_MAX)  # fmt: skip
            return Problem("workflow.too_deep", text)
    return None


@lru_cache(maxsize=64)  # the same bytes say the same: a program that opens again reads once
def _read(
    content: bytes, stem: str, names: Names | None
) -> tuple[Definition | None, tuple[Problem, ...]]:
    try:
        table = tomllib.loads(content.decode("utf-8-sig"))
    except RecursionError:
        text = _("The brackets in this file are nested too deeply; a workflow needs four at most.")
        return None, (Problem("workflow.too_deep", text),)
    except ValueError as fault:  # that of TOML, of UTF-8, and of a number with too many digits
        text = _("This file is not valid TOML in UTF-8: {fault}.", fault=str(fault))
        return None, (Problem("workflow.not_toml", text),)
    definition, problems = read_definition(table, names)
    if definition.key and definition.key != stem:
        text = _(
            'The key "{key}" and the file\'s name differ; name the file {key}.toml.',
            key=definition.key,
        )
        problems.append(Problem("workflow.file_name", text, field="key"))
    return definition, tuple(problems)


def read_definition(
    table: Mapping[str, Any], names: Names | None = None
) -> tuple[Definition, list[Problem]]:
    """A definition and all its faults, of form and of sense."""
    problems: list[Problem] = []
    reader = Reader(table, "", problems)
    definition = Definition(
        key=reader.identifier("key"),
        title=reader.titles(),
        family=reader.text("family", default=""),
        letter=reader.text("letter", default=""),
        states=tuple(_state(part) for part in reader.tables("state")),
        actions=tuple(_action(part) for part in reader.tables("action")),
        fields=tuple(_field(part) for part in reader.tables("field")),
    )
    reader.close()
    faulty = {problem.field for problem in problems}  # what cannot be read is not judged again
    problems += [fault for fault in lint(definition, names) if fault.field not in faulty]
    return definition, problems


def definition_of(body: str) -> Definition:
    """A definition back from its canonical JSON (what was published has no faults of form)."""
    definition, _problems = read_definition(json.loads(body))
    return definition


def _state(reader: Reader) -> State:
    state = State(
        id=reader.identifier("id"),
        title=reader.titles(),
        final=reader.flag("final"),
        deadline=_term(reader.table("deadline")),
        pauses=reader.flag("pauses"),
        rests=reader.flag("rests"),
    )
    reader.close()
    return state


def _term(reader: Reader | None) -> Term | None:
    if reader is None:
        return None
    term = Term(
        days=reader.number("days", default=0, most=TERM_DAYS_MAX),
        hours=reader.number("hours", default=0, most=TERM_HOURS_MAX),
        counting=reader.choice("counting", COUNTINGS, "calendar"),
        roll=reader.choice("roll", ROLLS, "none"),
        since=reader.text("since", default=""),
        since_day=reader.text("since_day", default=""),
        source=reader.text_or_titles("source"),
    )
    reader.close()
    return term


def _action(reader: Reader) -> Action:
    action = Action(
        id=reader.identifier("id"),
        title=reader.titles(),
        roles=reader.names("roles"),
        sources=reader.names("from"),
        to=reader.text("to", default=""),
        opens=reader.flag("opens"),
        not_by_actor_of=reader.names("not_by_actor_of"),
        stands_in_for=reader.text("stands_in_for", default=""),
        overridable=reader.flag("overridable"),
        guards=reader.names("guards"),
        effects=reader.names("effects"),
        fields=reader.names("fields"),
        optional_fields=reader.names("optional_fields"),
        reason=reader.choice("reason", REASONS, "none"),
        not_before=_term(reader.table("not_before")),
        not_after=_term(reader.table("not_after")),
        extends_days=reader.number("extends_days", default=0, most=TERM_DAYS_MAX),
        once=reader.flag("once"),
        papers=reader.names("papers"),
        letters=reader.identifiers("letters"),
    )
    reader.close()
    return action


def _field(reader: Reader) -> Field:
    asked = Field(
        id=reader.identifier("id"),
        title=reader.titles(),
        type=reader.choice("type", FIELD_TYPES, "text"),
        options=tuple(_option(part) for part in reader.tables("options")),
        hint=reader.titles("hint") if reader.has("hint") else None,
        bring=reader.titles("bring") if reader.has("bring") else None,
        needed=reader.titles("needed") if reader.has("needed") else None,
        line=reader.flag("line"),
        masked=reader.text("masked", default=""),
        past=reader.flag("past"),
    )
    reader.close()
    return asked


def _option(reader: Reader) -> Option:
    option = Option(id=reader.identifier("id"), title=reader.titles())
    reader.close()
    return option
