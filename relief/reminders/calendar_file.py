"""Deadlines as a calendar (the only import of icalendar): the same ones give the same bytes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from icalendar import Calendar, Event

from relief.kernel.text import Text, Translator, _
from relief.reminders.feeds import DueDay

REFRESH = dt.timedelta(hours=1)
_ONE_DAY = dt.timedelta(days=1)


def calendar_file(days: Iterable[DueDay], say: Translator, office: str) -> bytes:
    """A calendar of whole days. `office` tells this office from others: with it and the case's own
    id an event keeps its name when its day moves."""
    calendar = Calendar()
    calendar.add("prodid", "-//relief//deadlines//")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", say(_("relief: deadlines")))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for each in days:
        calendar.add_component(_event(each, say, office))
    return bytes(calendar.to_ical())


def _event(each: DueDay, say: Translator, office: str) -> Event:
    event = Event()
    event.add("uid", f"case-{each.case_id}@{office}.relief.invalid")
    event.add("dtstamp", each.changed_at)
    event.add("last-modified", each.changed_at)
    event.add("dtstart", each.due_on)
    event.add("dtend", each.due_on + _ONE_DAY)
    event.add("summary", say(_summary(each)))
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event


def _summary(each: DueDay) -> Text:
    if each.restricted:
        return _("restricted matter: due")
    return _(
        "{no} {kind}, {state}: due",
        no=each.reference,
        kind=each.kind_title,
        state=each.state_title,
    )
