"""Jobs of deadlines: reckon them anew where the calendar changed, then mark what was missed."""

from __future__ import annotations

from relief.engine.cases import public_name
from relief.engine.clocks.deadlines import (
    StoredDeadline,
    any_newly_overdue,
    any_of_another_calendar,
    mark_overdue,
    reckon_anew,
)
from relief.engine.work import Work
from relief.kernel.text import NAMED_MAX, Text, _, named
from relief.scheduler.job import Job, today


def _anything_missed(work: Work, _period: str) -> bool:
    """Once a day: what passes after the day's look is listed as overdue at once, and marked at the
    next day's."""
    return any_newly_overdue(work)


def _mark_overdue(work: Work, period: str) -> Text:
    count, first = mark_overdue(work, NAMED_MAX)
    cases = named([_due(work, each) for each in first], count)
    return _("Overdue as of {day}: {cases}.", day=period, cases=cases)


def _due(work: Work, missed: StoredDeadline) -> Text:
    case = public_name(work, missed.subject_kind, missed.subject_id)
    return _("{case} (due on {day})", case=case, day=missed.due_on)


def _calendar(work: Work) -> list[str]:
    """The calendar's version, with the day: a calendar may come back to what it was."""
    return [f"{work.calendar.version} {work.today}"]


def _anything_of_another(work: Work, _period: str) -> bool:
    return any_of_another_calendar(work)


def _reckon_anew(work: Work, _period: str) -> Text:
    moved = reckon_anew(work)
    if not moved:
        return _("The calendar changed; every deadline stays where it was.")
    texts = [
        _(
            "{case} from {before} to {after}",
            case=public_name(work, m.subject_kind, m.subject_id),
            before=m.before_on,
            after=m.after_on,
        )
        for m in moved[:NAMED_MAX]
    ]
    return _(
        "The calendar changed; deadlines moved: {cases}.", cases=named(texts, count=len(moved))
    )


MARK_OVERDUE = Job(
    "mark_overdue",
    today,
    _mark_overdue,
    _("What is overdue was not marked on {period}; the next look tries again: {reason}"),
    _anything_missed,
)
RECKON_ANEW = Job(
    "reckon_deadlines_anew",
    _calendar,
    _reckon_anew,
    _("Deadlines were not reckoned with {period}; the next look tries again: {reason}"),
    _anything_of_another,
)
