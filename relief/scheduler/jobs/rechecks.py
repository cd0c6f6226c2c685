"""The job of hardship files: once a month, tell which yearly re-checks are due."""

from __future__ import annotations

from relief.engine.work import Work
from relief.households.life.rechecks import Recheck, any_recheck_due, rechecks_due
from relief.kernel.months import format_month, month_of
from relief.kernel.text import NAMED_MAX, Text, _, named
from relief.scheduler.job import Job


def _this_month(work: Work) -> list[str]:
    return [format_month(month_of(work.today))]


def _anything_to_tell(work: Work, _period: str) -> bool:
    return any_recheck_due(work)


def _told(each: Recheck) -> Text:
    if each.to_exit:
        return _(
            "{no} (to exit: no longer entitled since {day})",
            no=each.household_no,
            day=each.due_on,
        )
    return _("{no} (due on {day})", no=each.household_no, day=each.due_on)


def _tell_rechecks(work: Work, _period: str) -> Text:
    due = rechecks_due(work)
    households = named([_told(each) for each in due[:NAMED_MAX]], count=len(due))
    return _("Re-checks due within sixty days: {households}.", households=households)


TELL_RECHECKS = Job(
    "tell_rechecks_due",
    _this_month,
    _tell_rechecks,
    _("The re-checks of {period} were not told; the next look tries again: {reason}"),
    _anything_to_tell,
)
