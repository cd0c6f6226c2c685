"""The diary of jobs: one row for each job and period, done once, or failed and tried again."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from relief.kernel.database import UnitOfWork, table_of
from relief.scheduler.tables import JobRun

JOB_RUN = table_of(JobRun)
DONE, FAILED = "done", "failed"


def done_periods(work: UnitOfWork, job: str) -> set[str]:
    """The periods for which a job was done."""
    statement = sa.select(JOB_RUN.c.period).where(JOB_RUN.c.job == job, JOB_RUN.c.state == DONE)
    return {row.period for row in work.rows(statement)}


def note_done(work: UnitOfWork, job: str, period: str, detail: str) -> None:
    """Write down that a job was done, in the unit of work that did it."""
    _note(work, job, period, state=DONE, detail=detail)


def note_failure(work: UnitOfWork, job: str, period: str, detail: str) -> None:
    """Write down that a job failed; where it was done meanwhile, that stands."""
    work.instant()
    if period not in done_periods(work, job):
        _note(work, job, period, state=FAILED, detail=detail)


def _note(work: UnitOfWork, job: str, period: str, **values: Any) -> None:
    """One more attempt. `instant()` has taken the lock of record, so nobody writes between."""
    at = work.instant()
    tried = sa.and_(JOB_RUN.c.job == job, JOB_RUN.c.period == period)
    values |= {"started_at": at, "finished_at": max(at, work.clock.now())}
    again = sa.update(JOB_RUN).where(tried).values(attempts=JOB_RUN.c.attempts + 1, **values)
    if work.rows(sa.select(JOB_RUN.c.id).where(tried)):
        work.session.execute(again)
    else:
        work.insert(JobRun, job=job, period=period, **values)
