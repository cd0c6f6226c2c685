"""What to bring: what the next step still wants of whoever brought the matter, in plain words.

It is read from the workflow: the kinds of papers that the step is decided by, the fields with words
for what can be brought, and what its guards miss. What the office itself has to write is not asked.
What of the papers is not attached yet is told to who takes the step, too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from relief.engine.cases import Case
from relief.engine.definitions.definition import Action, Definition, Titles
from relief.engine.journal.chain import Entry
from relief.engine.step import Choice
from relief.engine.work import Work
from relief.petitions.rules import PAPERS_MISSING

Wanted = Titles | str
# The kind of those that have no name of their own.
_OTHER = "other"
# What stands between the names of a kind of papers that has several.
_BETWEEN = re.compile("、| or ")
# What a clerk puts before a paper in a list; lists and letters number them anew.
_NUMBERED = re.compile(r"[(（]?\d{1,2}(?:[)）]|[.．、](?!\d))\s*|[①-⑳•·*]\s*|[-–—]\s+")
# An amount or a day is said, not brought.
_NOT_BROUGHT = frozenset({"amount", "date"})


def what_to_bring(
    work: Work,
    case: Case,
    entries: Sequence[Entry],
    choices: Sequence[Choice],
    attached: Collection[str],
) -> list[Wanted]:
    """What is wanted for the step by which a case goes on: while the case waits for what a clerk
    said is missing, that, a line each; else the papers, then the rest, each once. `entries` are the
    case's journal, `choices` what may be done of it, `attached` the kinds of its papers."""
    definition = case.machine.definition
    if in_words := [*_in_words(definition, case.state, entries)]:
        return in_words  # who said it has looked; the general list beside it would say it twice
    said = {name for entry in entries for name in entry.fields}
    wanted: list[Wanted] = []
    for action in _onward(work, case):
        wanted += _papers(definition, action, attached)
        wanted += _fields(definition, action, said, choices)
    once: list[Wanted] = []
    for each in wanted:
        if each not in once:
            once.append(each)
    return once


def not_attached(
    work: Work, case: Case, action: Action, entries: Sequence[Entry], attached: Collection[str]
) -> list[Titles]:
    """The kinds of papers that a step is decided by, or that were asked for before it, and that
    nobody has attached: told to who takes the step, who may have seen them on paper. Of a step by
    which a pause ends it is what the next one is decided by; of others that ask for none, nothing.
    """
    definition = case.machine.definition
    steps = [*_onward(work, case)]
    by = action if action.papers else steps[-1] if action in steps[:-1] else None
    if by is None or not by.papers:
        return []
    words = next(
        (said for each in reversed(entries) if (said := each.fields.get(PAPERS_MISSING))), ""
    )
    titles = definition.paper_titles
    return [
        title
        for kind, title in titles.items()
        if kind not in attached
        and (kind in by.papers or (kind != _OTHER and _is_named(title, words)))
    ]


def _is_named(title: Titles, words: str) -> bool:
    """Whether somebody named a kind of paper, in either language, by one of its words at least."""
    names = (name for each in title.values() for name in _BETWEEN.split(each))
    return any(name.lower() in words.lower() for name in names)


def _onward(work: Work, case: Case) -> Iterator[Action]:
    """The next step; where it only ends a pause, the one after it, too."""
    definition, onward = case.machine.definition, work.workflows.onward
    step = onward(definition, case.state)
    if step is None:
        return
    yield step
    if definition.state_by_id[case.state].pauses:
        after = onward(definition, step.to)
        yield from [after] if after else []


def _in_words(definition: Definition, state: str, entries: Sequence[Entry]) -> Iterator[Wanted]:
    """What a clerk said is missing, while the case waits for it."""
    if not definition.state_by_id[state].pauses:
        return
    for entry in reversed(entries):
        if entry.to_state == state != entry.from_state:
            lines = entry.fields.get(PAPERS_MISSING, "").splitlines()
            yield from dict.fromkeys(filter(None, map(_unnumbered, lines)))
            return


def _unnumbered(line: str) -> str:
    """A line without the number that was typed before it."""
    plain = line.strip()
    number = _NUMBERED.match(plain)
    return plain[number.end() :] if number and number.end() < len(plain) else plain


def _papers(definition: Definition, action: Action, attached: Collection[str]) -> Iterator[Wanted]:
    titles = definition.paper_titles
    yield from (titles[kind] for kind in action.papers if kind not in attached)


def _fields(
    definition: Definition, action: Action, said: Collection[str], choices: Sequence[Choice]
) -> Iterator[Wanted]:
    """Fields that nobody has filled in yet, those that guards miss among them."""
    refusals = [r for choice in choices if choice.action.id == action.id for r in choice.refusals]
    missed = [refusal.problem.field for refusal in refusals]
    for name in (*action.fields, *action.optional_fields, *missed):
        asked = definition.field_by_id.get(name)
        if asked is None or asked.type in _NOT_BROUGHT:
            continue
        if asked.bring and name not in said:
            yield asked.bring
