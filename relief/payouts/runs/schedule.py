"""When a quarter's regular list is prepared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from relief.engine.calendar import Found, WorkingCalendar
from relief.engine.work import Work
from relief.households.scheme import scheme_terms
from relief.kernel.months import Quarter, first_day

PREPARE_ON = 15  # of the quarter's last month


def prepare_day(calendar: WorkingCalendar, quarter: Quarter) -> Found:
    """The day on which a quarter's list is prepared: the 15th of its last month, or the working
    day before it."""
    return calendar.roll_back(first_day(quarter.last_month).replace(day=PREPARE_ON))


def quarters_come_due(work: Work) -> Iterator[Quarter]:
    """The quarters whose day has come, from go-live on, oldest first; none without a go-live
    month."""
    go_live_month = scheme_terms(work).go_live_month
    if go_live_month is None:
        return
    quarter = Quarter.of(go_live_month)
    while prepare_day(work.calendar, quarter).day <= work.today:
        yield quarter
        quarter = quarter.next()


def next_list(work: Work) -> tuple[Quarter, dt.date] | None:
    """The quarter whose list comes next, and its day; none without a go-live month."""
    go_live_month = scheme_terms(work).go_live_month
    if go_live_month is None:
        return None
    *_come, last = (None, *quarters_come_due(work))
    quarter = last.next() if last else Quarter.of(go_live_month)
    return quarter, prepare_day(work.calendar, quarter).day
