"""When a step of a case happened, as it was typed by who takes it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from relief.engine.journal.passages import passages_of
from relief.engine.work import Work
from relief.kernel.errors import Invalid, Problem
from relief.kernel.moments import moment_of, parse_day, parse_time
from relief.kernel.text import _

# No case is older; a day before that is a slip of the keyboard.
_FIRST_YEAR = 1900


def moment_of_step(work: Work, kind: str, subject_id: int, on: str, at: str) -> dt.datetime | None:
    """The instant of a step: `on` as 2005-06-28, `at` as 14:30, office time; None where neither
    was typed (it happens now). Of a day whose time is not named: noon, or the time of the step
    before it where that was later on the same day. Refused (`Invalid`) with every fault; whether
    it goes with the steps before it is for `advance` to say."""
    if not on and not at:
        return None
    now, zone = work.instant(), work.clock.zone
    problems = list(_unreadable(on, at))
    if problems:
        raise Invalid(problems)
    day, time = parse_day(on), parse_time(at)
    if day and day > work.clock.day_of(now):
        raise Invalid(_in_future("on"))
    moment = moment_of(day, time, now, zone)
    if moment > now:
        raise Invalid(_in_future("at"))  # a day alone is never later than now
    return moment if at else _not_before_last(work, kind, subject_id, moment)


def _unreadable(on: str, at: str) -> Iterator[Problem]:
    day = parse_day(on)
    if on and (day is None or day.year < _FIRST_YEAR):
        yield Problem("step.date", _("Write the day as 2005-06-30."), "on")
    if at and parse_time(at) is None:
        yield Problem("step.time", _("Write the time of day as 14:30."), "at")


def _in_future(field: str) -> Problem:
    text = _("This lies in the future; write when it happened.")
    return Problem("step.in_future", text, field)


def _not_before_last(work: Work, kind: str, subject_id: int, moment: dt.datetime) -> dt.datetime:
    before = passages_of(work, kind, subject_id)[-1].happened_at
    same_day = work.clock.day_of(before) == work.clock.day_of(moment)
    return max(before, moment) if same_day else moment
