"""The job of hardship files: once a month, tell which yearly re-checks are due."""

from __future__ import annotations

from collections.abc import Iterator

from relief.engine.work import Work
from relief.households.life.rechecks import Recheck, rechecks_due
from relief.kernel.months import format_month, month_of
from relief.kernel.text import Text, _
from relief.scheduler.job import Job


def _month_with_rechecks(work: Work) -> Iterator[str]:
    """Only where there is something to tell."""
    if rechecks_due(work):
        yield format_month(month_of(work.today))


def _told(each: Recheck) -> Text:
    if each.to_exit:
        return _(
            "{no} (to exit: no longer entitled since {day})",
            no=each.household_no,
            day=each.due_on,
        )
    return _("{no} (due on {day})", no=each.household_no, day=each.due_on)


def _tell_rechecks(work: Work, _period: str) -> Text:
    return _(
        "Re-checks due within sixty days: {households}.",
        households=[_told(each) for each in rechecks_due(work)],
    )


TELL_RECHECKS = Job(
    "tell_rechecks_due",
    _month_with_rechecks,
    _tell_rechecks,
    _("The re-checks of {period} were not told; the next look tries again: {reason}"),
)
