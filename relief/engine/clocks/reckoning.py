"""By when, and not before when: the arithmetic of terms. Pure: no clock is read, no table.

A term is so many days, or so many working hours (a workflow's file says it). Days are counted
without the first, as 民法典 article 201 has it; a last day that is not worked may roll (article
203). The last day ends at midnight.

While a case stands in a state that pauses the clock, nothing is counted. Of days, that is every
day at whose end the case was paused: a pause from Monday to Wednesday takes out two, one that
begins and ends on the same day takes out none. Of hours, it is the hours.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from relief.engine.calendar import WorkingCalendar
from relief.engine.clocks.days import TermOfDays
from relief.engine.clocks.hours import TermOfHours
from relief.engine.clocks.terms import Course, Reckoned
from relief.engine.definitions.definition import Term


def reckon(term: Term, course: Course, calendar: WorkingCalendar, zone: ZoneInfo) -> Reckoned:
    """Count a term to its end, and write the arithmetic down line by line."""
    kind = TermOfHours if term.hours else TermOfDays
    return kind(term, course, calendar, zone).reckoned()
