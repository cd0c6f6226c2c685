"""The calendar in words: who says what, and what a change moved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from relief.engine.calendar.year import YearView
from relief.engine.calendar_changes import CalendarTaken
from relief.engine.clocks.deadlines import MovedDeadline
from relief.kernel.text import Text, _

SOURCES = {
    "office": _("the office"),
    "package": _("the country's calendar"),
    "date": _("the date alone"),
}
# What is told after a form travels in a cookie of four kilobytes.
_NAMED_MAX = 8


def standing_of(view: YearView) -> Text:
    """Who says what the days of a year are."""
    if view.by_office:
        return _("announced, by document {no}", no=view.by_office)
    if view.by_office is not None:
        return _("announced, as the office says")
    if view.known_to_package:
        return _("announced, as the country's calendar has them")
    return _("provisional: weekends and fixed holidays, until the year is announced")


def taken_days(taken: CalendarTaken, only_checked: bool) -> Iterator[Text]:
    """What came of a file."""
    counts = {"fresh": taken.declared, "known": taken.known}
    yield _("Days declared anew: {fresh}; days that were declared so before: {known}.", **counts)
    if taken.announced:
        yield _("The days of {year} are announced.", year=taken.announced)
    if only_checked:
        yield _("Only checked: there is no fault in it, and nothing was written.")
    elif not taken.changed:
        yield _("It says nothing new; nothing changed.")


def moved_deadlines(moved: Sequence[MovedDeadline]) -> Iterator[Text]:
    """The deadlines that came to another day."""
    for each in moved[:_NAMED_MAX]:
        case = each.reference
        values = {"before": each.before_on or "-", "after": each.after_on or "-"}
        yield _("{case} is due on {after}, not {before}.", case=case, **values)
    if len(moved) > _NAMED_MAX:
        yield _("Deadlines that moved: {count} in all.", count=len(moved))
