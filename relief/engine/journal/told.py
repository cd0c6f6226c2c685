"""What an entry of the journal says to people: who took the step, which one, and its words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from relief.engine.actors import PETITIONER
from relief.engine.definitions.definition import Definition, Titles
from relief.engine.definitions.form import NO, YES
from relief.engine.journal.chain import Entry
from relief.kernel.text import Text, _


class Taken(Protocol):
    """A step that somebody took."""

    @property
    def action(self) -> str:
        """Which one."""

    @property
    def actor(self) -> str:
        """Who."""

    @property
    def on_behalf_of(self) -> str | None:
        """For whom, where it was not for themself."""


def who(taken: Taken) -> Text | str:
    """Who took the step, and for whom."""
    if taken.actor == PETITIONER.username:
        return _("the petitioner")
    if not taken.on_behalf_of:
        return taken.actor
    return _("{name} for {absent}", name=taken.actor, absent=taken.on_behalf_of)


def step(definition: Definition, taken: Taken) -> Titles | str:
    """The step by its title; one that the workflow does not name stands as it was written."""
    named = definition.actions_named(taken.action)
    return named[0].title if named else taken.action


def words(definition: Definition, entry: Entry) -> Iterator[Text | str]:
    """What was typed at the step and what came with it, a line each."""
    if not entry.readable:
        yield _("The words were erased.")
    yield from _typed(definition, entry)
    yield from (str(entry.facts[key]) for key in ("contact", "merged_case") if key in entry.facts)
    if voided := entry.facts.get("voided_contact"):
        yield _("{contact} was taken out", contact=voided)
    if title := entry.facts.get("letter_title"):
        yield _("letter {number}: {title}", number=entry.facts["letter"], title=title)
    if paper := entry.facts.get("paper"):
        yield _("paper {number}", number=paper)
    if entry.reason:
        yield _("reason: {reason}", reason=entry.reason)
    if entry.override:
        yield _("override: {reason}", reason=entry.override)


def _typed(definition: Definition, entry: Entry) -> Iterator[Text]:
    for name, value in in_order(definition, entry.fields):
        title, said = field(definition, name, value)
        yield _("{title}: {value}", title=title, value=said)


def in_order(definition: Definition, fields: Mapping[str, str]) -> list[tuple[str, str]]:
    """What was typed, in the order in which the workflow names its fields (the journal keeps it by
    the alphabet)."""
    places = {name: place for place, name in enumerate(definition.field_by_id)}
    return sorted(fields.items(), key=lambda field: places.get(field[0], len(places)))


def field(
    definition: Definition, name: str, value: str
) -> tuple[Titles | str, Titles | Text | str]:
    """A field by its title, and what was typed into it as people read it."""
    asked = definition.field_by_id.get(name)
    if asked is None:
        return name, value
    options: dict[str, Titles | Text] = {option.id: option.title for option in asked.options}
    if asked.type == "yes_no":
        options = {YES: _("yes"), NO: _("no")}
    return asked.title, options.get(value, value)
