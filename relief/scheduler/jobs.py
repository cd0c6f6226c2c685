"""What is due, read from the tables: nothing is missed while the program did not run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from relief.engine.actors import SCHEDULER
from relief.engine.calendar import Found, WorkingCalendar
from relief.engine.seals import seal_day
from relief.engine.work import Work
from relief.households.scheme import scheme_terms
from relief.kernel.money import format_yuan
from relief.kernel.months import Quarter, first_day
from relief.kernel.text import Text, _
from relief.payouts.queries import Run, exceptions_of
from relief.payouts.runs.preparation import live_regular, prepare_run
from relief.scheduler.diary import done_periods

PREPARE = "prepare_regular_run"
SEAL = "seal_journal"
PREPARE_ON = 15  # of the quarter's last month


@dataclass(frozen=True)
class Due:
    """One job for one period, whose day has come."""

    job: str
    period: str


def due_jobs(work: Work) -> list[Due]:
    """Everything whose day has come and that was not done: quarters oldest first, then the day's
    seal over what they wrote."""
    return [
        *(Due(PREPARE, str(quarter)) for quarter in _due_quarters(work)),
        *(Due(SEAL, day) for day in {work.today.isoformat()} - done_periods(work, SEAL)),
    ]


def do_job(work: Work, due: Due) -> Text:
    """Do one job inside the caller's unit of work, and say what was done."""
    return _JOBS[due.job](work, due.period)


def prepare_day(calendar: WorkingCalendar, quarter: Quarter) -> Found:
    """The day on which a quarter's list is prepared: the 15th of its last month, or the working
    day before it."""
    return calendar.roll_back(first_day(quarter.last_month).replace(day=PREPARE_ON))


def next_list(work: Work) -> tuple[Quarter, dt.date] | None:
    """The quarter whose list comes next, and its day; none without a go-live month."""
    go_live_month = scheme_terms(work).go_live_month
    if go_live_month is None:
        return None
    quarter = Quarter.of(go_live_month)
    while prepare_day(work.calendar, quarter).day <= work.today:
        quarter = quarter.next()
    return quarter, prepare_day(work.calendar, quarter).day


def _due_quarters(work: Work) -> Iterator[Quarter]:
    """From go-live on, oldest first; none without a go-live month."""
    go_live_month = scheme_terms(work).go_live_month
    if go_live_month is None:
        return
    done = done_periods(work, PREPARE)
    quarter = Quarter.of(go_live_month)
    while prepare_day(work.calendar, quarter).day <= work.today:
        if str(quarter) not in done:
            yield quarter
        quarter = quarter.next()


def _prepare_regular_run(work: Work, period: str) -> Text:
    quarter = Quarter.parse(period)
    there = live_regular(work, quarter)
    if there is not None:
        return _(
            "The list of {quarter} is there already: run {run}.",
            quarter=quarter,
            run=there.reference,
        )
    run = prepare_run(work, SCHEDULER, quarter)
    prepared = _prepared(run, len(exceptions_of(work, run.id)))
    day, provisional = prepare_day(work.calendar, quarter)
    if not provisional:
        return prepared
    return _(
        "{prepared} Its day, {day}, is provisional: the working days of {year} are not known to "
        "this version.",
        prepared=prepared,
        day=day,
        year=day.year,
    )


def _prepared(run: Run, unsettled: int) -> Text:
    values = {
        "run": run.reference,
        "lines": run.line_count,
        "total": format_yuan(run.total_fen, grouped=True),
        "unsettled": unsettled,
    }
    if not run.new_over_paid_count:
        return _(
            "Run {run} is prepared: lines {lines}, {total} yuan, exceptions {unsettled}.", **values
        )
    return _(
        "Run {run} is prepared: lines {lines}, {total} yuan, exceptions {unsettled}. It found new "
        "over-payments: households {count}, {over} yuan.",
        **values,
        count=run.new_over_paid_count,
        over=format_yuan(run.new_over_paid_fen, grouped=True),
    )


def _seal_journal(work: Work, period: str) -> Text:
    seal = seal_day(work, dt.date.fromisoformat(period))
    return _(
        "The journal is sealed for {day}: entries {count}.", day=period, count=seal.entry_count
    )


_JOBS: dict[str, Callable[[Work, str], Text]] = {
    PREPARE: _prepare_regular_run,
    SEAL: _seal_journal,
}
