"""A case in the words of its workflow, as pages show it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from relief.engine.definitions.definition import Definition
from relief.engine.journal.chain import Entry
from relief.kernel.text import Text, _
from relief.petitions.reading import CaseView
from relief.web.language import say

Shown = tuple[dt.datetime, str, str, list[str]]


def state_kind(final: bool) -> str:
    """The colour of a state: open, or done with."""
    return "done" if final else "open"


def shown_entries(view: CaseView) -> list[Shown]:
    """The steps of a case for a timeline: when, what, who, and the words."""
    definition = view.case.machine.definition
    return [
        (
            entry.happened_at,
            _step(definition, entry),
            say(_who(entry)),
            list(_words(definition, entry, view.zone)),
        )
        for entry in view.entries
    ]


def _step(definition: Definition, entry: Entry) -> str:
    named = definition.actions_named(entry.action)
    return say(named[0].title) if named else entry.action


def _who(entry: Entry) -> Text | str:
    if not entry.on_behalf_of:
        return entry.actor
    return _("{name} for {absent}", name=entry.actor, absent=entry.on_behalf_of)


def _words(definition: Definition, entry: Entry, zone: dt.tzinfo) -> Iterator[str]:
    if entry.entered_late(zone):
        entered = f"{entry.at.astimezone(zone):%Y-%m-%d %H:%M}"
        yield say(_("entered late: {entered}", entered=entered))
    if not entry.readable:
        yield say(_("The words were erased."))
    yield from _typed(definition, entry)
    yield from (str(entry.facts[key]) for key in ("contact", "merged_case") if key in entry.facts)
    if voided := entry.facts.get("voided_contact"):
        yield say(_("{contact} was taken out", contact=voided))
    if entry.reason:
        yield say(_("reason: {reason}", reason=entry.reason))
    if entry.override:
        yield say(_("override: {reason}", reason=entry.override))


def _typed(definition: Definition, entry: Entry) -> Iterator[str]:
    """What stood in the fields of the step."""
    for name, value in entry.fields.items():
        asked = definition.field_by_id.get(name)
        options = {option.id: option.title for option in asked.options} if asked else {}
        title = asked.title if asked else name
        yield say(_("{title}: {value}", title=title, value=options.get(value, value)))
