"""What an entry of the journal says to people: who took the step, which one, and its words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, Protocol

from relief.engine.actors import PETITIONER, SYSTEM
from relief.engine.definitions.definition import Definition, Titles
from relief.engine.definitions.form import NO, YES, is_amount
from relief.engine.journal.chain import Entry
from relief.kernel.money import format_yuan, parse_yuan
from relief.kernel.text import Text, Username, _

CONTACT, CASE, LETTER, PAPER = "contact", "case", "letter", "paper"
# Fields whose words are usernames, several with commas between them.
_NAMES_PEOPLE = frozenset({"case_worker", "colleague", "readers"})
_COMMAS = re.compile(r"\s*[,，、]\s*")


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


class Moved(Protocol):
    """A step by its name, and from where it was taken."""

    @property
    def action(self) -> str:
        """Which one."""

    @property
    def from_state(self) -> str:
        """Where the case stood."""


def who(taken: Taken, named: Callable[[str], str] = str) -> Text | str:
    """Who took the step, and for whom; `named` says how a username is read."""
    if taken.actor == PETITIONER.username:
        return _("the petitioner")
    if not taken.on_behalf_of:
        return named(taken.actor)
    if taken.actor == SYSTEM.username:
        return _("the program for {name}", name=named(taken.on_behalf_of))
    return _("{name} for {absent}", name=named(taken.actor), absent=named(taken.on_behalf_of))


def step(definition: Definition, entry: Moved) -> Titles | str:
    """The step by its title, which may be another from another state; one that the workflow does
    not name stands as it was written."""
    meant = definition.meant(entry.from_state, entry.action)
    return meant.title if meant else entry.action


class Line(NamedTuple):
    """A line of what is told of a step; where it names something that can be looked at, what that
    is (`CONTACT`, `CASE`, `LETTER`, `PAPER`) and its number."""

    text: Text | str
    kind: str = ""
    number: str = ""


def words(definition: Definition, entry: Entry) -> Iterator[Text | str]:
    """What was typed at the step and what came with it, a line each."""
    return (line.text for line in lines(definition, entry))


def lines(definition: Definition, entry: Entry) -> Iterator[Line]:
    """The same, with what each line names."""
    if not entry.readable:
        yield Line(_("The words were erased."))
    for name, value in in_order(definition, entry.fields):
        title, said = field(definition, name, value)
        yield Line(_("{title}: {value}", title=title, value=said))
    yield from _brought(entry.facts)
    if entry.reason:
        yield Line(_("reason: {reason}", reason=entry.reason))
    if entry.override:
        yield Line(_("override: {reason}", reason=entry.override))


def _brought(facts: Mapping[str, Any]) -> Iterator[Line]:
    for key, kind in (("contact", CONTACT), ("merged_case", CASE)):
        if key in facts:
            yield Line(str(facts[key]), kind, str(facts[key]))
    if voided := facts.get("voided_contact"):
        yield Line(_("{contact} was taken out", contact=voided), CONTACT, str(voided))
    if title := facts.get("letter_title"):
        number = facts["letter"]
        yield Line(_("letter {number}: {title}", number=number, title=title), LETTER, str(number))
    if paper := facts.get("paper"):
        yield Line(_("paper {number}", number=paper), PAPER, str(paper))


def in_order(definition: Definition, fields: Mapping[str, str]) -> list[tuple[str, str]]:
    """What was typed, in the order in which the workflow names its fields (the journal keeps it by
    the alphabet)."""
    places = {name: place for place, name in enumerate(definition.field_by_id)}
    return sorted(fields.items(), key=lambda field: places.get(field[0], len(places)))


def field(
    definition: Definition, name: str, value: str
) -> tuple[Titles | str, Titles | Text | str | list[Username]]:
    """A field by its title, and what was typed into it as people read it."""
    asked = definition.field_by_id.get(name)
    if asked is None:
        return name, value
    if asked.type == "amount":
        return asked.title, amount(value)
    options: dict[str, Titles | Text] = {option.id: option.title for option in asked.options}
    if asked.type == "yes_no":
        options = {YES: _("yes"), NO: _("no")}
    if name in _NAMES_PEOPLE:
        return asked.title, [Username(each) for each in filter(None, _COMMAS.split(value))]
    return asked.title, options.get(value, value)


def amount(typed: str) -> str:
    """An amount of yuan as people read it, however it was typed: `60,000.00`; what is none stays as
    it is."""
    return format_yuan(parse_yuan(typed), grouped=True) if is_amount(typed) else typed
