"""A case as its page shows it: the steps of its journal in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flask import url_for

from relief.engine.cases import Case
from relief.engine.definitions.definition import Definition, Titles
from relief.engine.journal import told
from relief.engine.journal.chain import Entry
from relief.engine.work import Workflows
from relief.kernel.text import Text, Username, _
from relief.papers import steps as paper_steps
from relief.petitions.one_case.way import taken_back
from relief.web.language import say
from relief.web.names import who

# What is said of a moment, and not of the case.
_PASSING = frozenset(
    {"note", "colleague", "readers", "case_worker", "merge_into", *paper_steps.FIELDS}
)

# What a line may name, by the page that shows it: by a number of its own, or as part of the case.
_WHOSE_OWN = {told.CONTACT: "desk.contact", told.CASE: "one_case.case"}
_OF_THE_CASE = {told.LETTER: "letters.letter", told.PAPER: "papers.save"}


class ShownLine(NamedTuple):
    """A line of the timeline; where it names something that can be looked at, its address."""

    text: str
    to: str = ""


_Said = tuple[Titles | Text | str, Titles | Text | str | list[Username]]


@dataclass(frozen=True)
class ShownEntry:
    """A step for the timeline: its number, when it happened, what, who, where it led ("": the case
    stayed where it was, or the step is called so), and the words that were typed, a line each."""

    number: int
    at: dt.datetime
    title: str
    who: str
    led_to: str
    lines: tuple[ShownLine, ...]


def shown_entries(case: Case, entries: Iterable[Entry], zone: dt.tzinfo) -> list[ShownEntry]:
    """The steps of a case for a timeline."""
    definition = case.machine.definition
    return [
        ShownEntry(
            entry.number,
            entry.happened_at,
            title := say(told.step(definition, entry)),
            say(who(entry)),
            led_to if (led_to := _led_to(definition, entry)) != title else "",
            (
                *(ShownLine(say(text)) for text in _late(entry, zone)),
                *(_shown(case, line) for line in told.lines(definition, entry)),
            ),
        )
        for entry in entries
    ]


def known_fields(
    definition: Definition, line: Sequence[str], entries: Sequence[Entry]
) -> list[tuple[str, str]]:
    """What was said of a case at its steps so far, by the titles of the fields; of what was said
    twice the last. A day that several steps ask for says of which it is. What stands at a step
    alone that was taken back says so."""
    gone = taken_back(line, entries)
    standing = _said(definition, (each for each in entries if each.number not in gone))
    returned = _said(definition, (each for each in entries if each.number in gone))
    back = [(title, value) for key, (title, value) in returned.items() if key not in standing]
    return [
        *((say(title), say(value)) for title, value in standing.values()),
        *((say(_("{title} (taken back)", title=title)), say(value)) for title, value in back),
    ]


def _said(definition: Definition, entries: Iterable[Entry]) -> dict[tuple[str, str], _Said]:
    """By field, and where a day is of one step among several, by step as well."""
    said: dict[tuple[str, str], _Said] = {}
    for entry in entries:
        for name, typed in told.in_order(definition, entry.fields):
            if name in _PASSING:
                continue
            title, value = told.field(definition, name, typed)
            if _is_day_of_a_step(definition, name):
                step = told.step(definition, entry)
                named = _("{step}: {title}", step=step, title=title)
                said[name, entry.action] = (named, value)
            else:
                said[name, ""] = (title, value)
    return said


def _is_day_of_a_step(definition: Definition, name: str) -> bool:
    asked = definition.field_by_id.get(name)
    asking = {
        each.id for each in definition.actions if name in (*each.fields, *each.optional_fields)
    }
    return asked is not None and asked.type == "date" and len(asking) > 1


def _shown(case: Case, line: told.Line) -> ShownLine:
    if line.kind in _WHOSE_OWN:
        to = url_for(_WHOSE_OWN[line.kind], reference=line.number)
    elif line.kind in _OF_THE_CASE:
        to = url_for(_OF_THE_CASE[line.kind], reference=case.reference, number=line.number)
    else:
        to = ""
    return ShownLine(say(line.text), to)


def state_names(workflows: Workflows, kinds: Iterable[str]) -> dict[str, str]:
    """The states of these kinds in words; one that is called otherwise in another kind by all of
    its names."""
    names: dict[str, list[str]] = {}
    for kind in kinds:
        for state in workflows.definitions[kind].states if kind in workflows.definitions else ():
            said = names.setdefault(state.id, [])
            if say(state.title) not in said:
                said.append(say(state.title))
    return {state: " / ".join(said) for state, said in names.items()}


def _led_to(definition: Definition, entry: Entry) -> str:
    if entry.to_state == entry.from_state:
        return ""
    known = definition.state_by_id.get(entry.to_state)
    return say(known.title if known else entry.to_state)


def _late(entry: Entry, zone: dt.tzinfo) -> Iterator[Text]:
    if entry.entered_late(zone):
        yield _("entered late: {entered}", entered=f"{entry.at.astimezone(zone):%Y-%m-%d %H:%M}")
