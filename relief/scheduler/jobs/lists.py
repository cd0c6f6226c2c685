"""Jobs of the quarterly list: prepare it on its day; warn where nobody is left to take it on."""

from __future__ import annotations

from collections.abc import Iterator

from relief.engine.actors import SCHEDULER
from relief.engine.work import Work
from relief.kernel.money import format_yuan
from relief.kernel.months import Quarter, month_of
from relief.kernel.text import Text, _
from relief.payouts.queries import Run, exceptions_of
from relief.payouts.runs.preparation import live_regular, prepare_run
from relief.payouts.runs.schedule import prepare_day, quarters_come_due
from relief.payouts.runs.staffing import staffing_warning
from relief.scheduler.job import Job


def _quarters(work: Work) -> Iterator[str]:
    return map(str, quarters_come_due(work))


def prepare_regular_run(work: Work, period: str) -> Text:
    """Prepare a quarter's list, unless a person has."""
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


def _this_quarter(work: Work) -> list[str]:
    return [str(Quarter.of(month_of(work.today)))]


def _anything_to_warn_of(work: Work, _period: str) -> bool:
    return staffing_warning(work) is not None


def _warn_of_staffing(work: Work, _period: str) -> Text:
    warning = staffing_warning(work)
    assert warning is not None, "it was due a moment ago, and nobody has written since"
    return warning.text


PREPARE = Job(
    "prepare_regular_run",
    _quarters,
    prepare_regular_run,
    _("The list of {period} was not prepared; the next look tries again: {reason}"),
)
WARN_OF_STAFFING = Job(
    "warn_of_staffing",
    _this_quarter,
    _warn_of_staffing,
    _("Who is left for the list of {period} was not checked; the next look tries again: {reason}"),
    _anything_to_warn_of,
)
