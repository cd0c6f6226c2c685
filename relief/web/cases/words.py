"""A case as its page shows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from relief.engine.journal import told
from relief.engine.journal.chain import Entry
from relief.kernel.text import Text, _
from relief.petitions.reading import CaseView
from relief.web.language import say

Shown = tuple[dt.datetime, str, str, list[str]]


def shown_entries(view: CaseView) -> list[Shown]:
    """The steps of a case for a timeline: when, what, who, and the words."""
    definition = view.case.machine.definition
    return [
        (
            entry.happened_at,
            say(told.step(definition, entry)),
            say(told.who(entry)),
            [*map(say, _late(entry, view.zone)), *map(say, told.words(definition, entry))],
        )
        for entry in view.entries
    ]


def _late(entry: Entry, zone: dt.tzinfo) -> Iterator[Text]:
    if entry.entered_late(zone):
        yield _("entered late: {entered}", entered=f"{entry.at.astimezone(zone):%Y-%m-%d %H:%M}")
