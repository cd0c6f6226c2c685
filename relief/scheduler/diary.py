"""The diary of jobs: one row for each job and period: done once; failed, and tried again; or failed
and overtaken by a later period that was done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any, NamedTuple

import sqlalchemy as sa

from relief.kernel.columns import table_of
from relief.kernel.page_keys import row_after
from relief.kernel.stored_text import restored, stored
from relief.kernel.text import Text
from relief.kernel.unit_of_work import UnitOfWork
from relief.scheduler.tables import JobRun

JOB_RUN = table_of(JobRun)
DONE, FAILED, OVERTAKEN = "done", "failed", "overtaken"
_DETAIL_CHARS_MAX = 10_000
PAGE_SIZE = 25


class Unfinished(NamedTuple):
    """A job that failed for a period and was not done since."""

    job: str
    period: str
    attempts: int


class DiaryRow(NamedTuple):
    """A row of the diary; `detail` is what was said of it, or, of what failed unawares, how."""

    id: int
    job: str
    period: str
    state: str
    attempts: int
    started_at: dt.datetime
    finished_at: dt.datetime | None
    detail: Text | str


class DiaryPage(NamedTuple):
    """Some rows, and the key that the next page goes on from ("": these were the last)."""

    rows: list[DiaryRow]
    after: str


def done_among(work: UnitOfWork, job: str, periods: Collection[str]) -> set[str]:
    """Of some periods, those for which a job was done."""
    statement = sa.select(JOB_RUN.c.period).where(
        JOB_RUN.c.job == job, JOB_RUN.c.state == DONE, JOB_RUN.c.period.in_(periods)
    )
    return {row.period for row in work.rows(statement)}


def unfinished(work: UnitOfWork) -> list[Unfinished]:
    """What failed and was not done since, oldest first."""
    columns = [JOB_RUN.c[name] for name in Unfinished._fields]
    failed = sa.select(*columns).where(JOB_RUN.c.state == FAILED).order_by(JOB_RUN.c.id)
    return [Unfinished(*row) for row in work.rows(failed)]


def diary_page(work: UnitOfWork, after: str = "", size: int = PAGE_SIZE) -> DiaryPage:
    """What was done and what failed, the latest period first; goes on from `after`, the key of the
    page before."""
    columns = [JOB_RUN.c[name] for name in DiaryRow._fields]
    statement = sa.select(*columns).order_by(JOB_RUN.c.id.desc()).limit(size + 1)
    if after:
        statement = statement.where(JOB_RUN.c.id < row_after(after))
    rows = (DiaryRow(*row) for row in work.rows(statement))
    found = [row._replace(detail=restored(str(row.detail))) for row in rows]
    return DiaryPage(found[:size], str(found[size - 1].id) if len(found) > size else "")


def last_done(work: UnitOfWork) -> dict[str, dt.datetime]:
    """When each job was done last."""
    latest = sa.func.max(JOB_RUN.c.finished_at, type_=JOB_RUN.c.finished_at.type)
    statement = sa.select(JOB_RUN.c.job, latest).where(JOB_RUN.c.state == DONE)
    return {row[0]: row[1] for row in work.rows(statement.group_by(JOB_RUN.c.job))}


def last_said(work: UnitOfWork, job: str) -> Text | str:
    """What was said when a job was done last; "" where it never was."""
    done = sa.and_(JOB_RUN.c.job == job, JOB_RUN.c.state == DONE)
    statement = sa.select(JOB_RUN.c.detail).where(done).order_by(JOB_RUN.c.id.desc()).limit(1)
    return next((restored(str(row.detail)) for row in work.rows(statement)), "")


def note_done(work: UnitOfWork, job: str, period: str, detail: Text | str) -> None:
    """Write down that a job was done, in the unit of work that did it. What failed of it before
    is overtaken: this has done that, too. Where it comes due all the same, it is done."""
    _note(work, job, period, detail, state=DONE)
    failed = sa.and_(JOB_RUN.c.job == job, JOB_RUN.c.state == FAILED)
    work.connection.execute(sa.update(JOB_RUN).where(failed).values(state=OVERTAKEN))


def note_failure(work: UnitOfWork, job: str, period: str, detail: Text | str) -> None:
    """Write down that a job failed; where it was done meanwhile, that stands."""
    work.instant()
    if not done_among(work, job, [period]):
        _note(work, job, period, detail, state=FAILED)


def _note(work: UnitOfWork, job: str, period: str, detail: Text | str, **values: Any) -> None:
    """One more attempt. `instant()` has taken the lock of record, so nobody writes between."""
    at = work.instant()
    tried = sa.and_(JOB_RUN.c.job == job, JOB_RUN.c.period == period)
    values |= {"started_at": at, "finished_at": max(at, work.clock.now())}
    values["detail"] = _kept(detail)
    again = sa.update(JOB_RUN).where(tried).values(attempts=JOB_RUN.c.attempts + 1, **values)
    if work.rows(sa.select(JOB_RUN.c.id).where(tried)):
        work.connection.execute(again)
    else:
        work.insert(JobRun, job=job, period=period, **values)


def _kept(detail: Text | str) -> str:
    """What was said, to be told in any language; where that is too long, in English, shortened."""
    whole = stored(detail) if isinstance(detail, Text) else detail
    return whole if len(whole) <= _DETAIL_CHARS_MAX else _shortened(str(detail))


def _shortened(detail: str) -> str:
    """The beginning and the end, where the cause of a failure stands."""
    if len(detail) <= _DETAIL_CHARS_MAX:
        return detail
    half = _DETAIL_CHARS_MAX // 2
    return f"{detail[: half - 1]}…{detail[-half:]}"
