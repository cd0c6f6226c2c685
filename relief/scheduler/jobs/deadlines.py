"""Jobs of deadlines: reckon them anew where the calendar changed, then mark what was missed."""

from __future__ import annotations

from collections.abc import Iterator

from relief.engine.cases import public_name
from relief.engine.clocks.deadlines import (
    StoredDeadline,
    any_of_another_calendar,
    mark_overdue,
    overdue_cases,
    reckon_anew,
)
from relief.engine.work import Work
from relief.kernel.text import Text, _
from relief.scheduler.job import Job


def _days_with_missed_deadlines(work: Work) -> Iterator[str]:
    """Once a day: what passes after the day's look is listed as overdue at once, and marked at the
    next day's."""
    if any(each.overdue_at is None for each in overdue_cases(work)):
        yield work.today.isoformat()


def _mark_overdue(work: Work, period: str) -> Text:
    missed = mark_overdue(work)
    return _(
        "Overdue as of {day}: {cases}.", day=period, cases=[_due(work, each) for each in missed]
    )


def _due(work: Work, missed: StoredDeadline) -> Text:
    case = public_name(work, missed.subject_kind, missed.subject_id)
    return _("{case} (due on {day})", case=case, day=missed.due_on)


def _calendar_to_reckon_with(work: Work) -> Iterator[str]:
    """The calendar's version, with the day: a calendar may come back to what it was."""
    if any_of_another_calendar(work):
        yield f"{work.calendar.version} {work.today}"


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
        for m in moved
    ]
    return _("The calendar changed; deadlines moved: {cases}.", cases=texts)


MARK_OVERDUE = Job(
    "mark_overdue",
    _days_with_missed_deadlines,
    _mark_overdue,
    _("What is overdue was not marked on {period}; the next look tries again: {reason}"),
)
RECKON_ANEW = Job(
    "reckon_deadlines_anew",
    _calendar_to_reckon_with,
    _reckon_anew,
    _("Deadlines were not reckoned with {period}; the next look tries again: {reason}"),
)
