"""A job that fails leaves nothing but a note, and is tried again; two schedulers do it once."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa

from relief.engine.work import Work
from relief.kernel.database import Database
from relief.kernel.errors import Conflict, refuse
from relief.kernel.text import Text
from relief.payouts.queries import all_runs
from relief.scheduler import jobs, runner
from relief.scheduler.diary import JOB_RUN, Unfinished, note_done, unfinished
from relief.scheduler.job import Due, Job
from relief.scheduler.jobs import PREPARE, SEAL
from relief.scheduler.runner import Done, tick
from tests.office import Office

do_job = jobs.do_job


@pytest.fixture
def year_end(office: Office) -> Office:
    """An office whose scheduler did not run since go-live."""
    office.scheme(go_live="2005-04")
    office.at("2005-12-20T09:00")
    return office


def fails_for(period: str, fault: Exception) -> Callable[[Work, Due], Text]:
    """Does the job, and fails for one period when all is written."""

    def do(work: Work, due: Due) -> Text:
        text = do_job(work, due)
        if due.period == period:
            raise fault
        return text

    return do


def test_later_quarters_wait_when_an_older_one_fails(
    year_end: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusal = refuse(Conflict, "test", Text("the drawer is locked"))
    monkeypatch.setattr(runner, "do_job", fails_for("2005Q3", refusal))
    done = tick(year_end.relief)
    assert [(each.job, each.period, each.failed) for each in done] == [
        (PREPARE.key, "2005Q2", False),
        (PREPARE.key, "2005Q3", True),
        (SEAL.key, "2005-12-20", False),
    ]
    assert "the drawer is locked" in str(done[1].text)


def test_failed_job_leaves_nothing_but_a_note(
    year_end: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "do_job", fails_for("2005Q2", ZeroDivisionError("by hand")))
    (failed, _sealed) = tick(year_end.relief)
    assert "ZeroDivisionError" in str(failed.text)
    assert "by hand" not in str(failed.text)
    with year_end.relief.reading() as work:
        assert all_runs(work) == []
    row = note_of(year_end, PREPARE.key, "2005Q2")
    assert (row.state, row.attempts) == ("failed", 1)
    assert "by hand" in row.detail


def test_failed_job_is_done_at_the_next_look_when_nothing_is_in_the_way(
    year_end: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(runner, "do_job", fails_for("2005Q2", ZeroDivisionError()))
        tick(year_end.relief)
        tick(year_end.relief)
    assert note_of(year_end, PREPARE.key, "2005Q2").attempts == 2
    done = tick(year_end.relief)
    assert [each.period for each in done] == ["2005Q2", "2005Q3", "2005Q4"]
    row = note_of(year_end, PREPARE.key, "2005Q2")
    assert (row.state, row.attempts) == ("done", 3)


def test_note_of_a_failure_does_not_undo_what_another_scheduler_did(
    year_end: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overtaken(_work: Work, due: Due) -> Text:
        raise ZeroDivisionError(due.period)

    tick_of_the_other = tick
    failure = runner._failure

    def other_first(*args: Any) -> Done:
        monkeypatch.undo()
        tick_of_the_other(year_end.relief)
        return failure(*args)

    monkeypatch.setattr(runner, "do_job", overtaken)
    monkeypatch.setattr(runner, "_failure", other_first)
    tick(year_end.relief)
    assert note_of(year_end, PREPARE.key, "2005Q2").state == "done"


def test_job_is_done_once_when_several_schedulers_look_together(year_end: Office) -> None:
    together = Barrier(3)

    def look_at_once(_number: int) -> list[Done]:
        url = year_end.relief.database.url.render_as_string(hide_password=False)
        own = dataclasses.replace(year_end.relief, database=Database(url))
        together.wait()
        try:
            return tick(own)
        finally:
            own.database.dispose()

    with ThreadPoolExecutor(3) as pool:
        looks = list(pool.map(look_at_once, range(3)))
    done = sorted((each.job, each.period, each.failed) for look in looks for each in look)
    assert done == [
        (PREPARE.key, "2005Q2", False),
        (PREPARE.key, "2005Q3", False),
        (PREPARE.key, "2005Q4", False),
        (SEAL.key, "2005-12-20", False),
    ]
    with year_end.relief.reading() as work:
        assert [run.reference for run in all_runs(work)] == ["2005Q2-r1", "2005Q3-r1", "2005Q4-r1"]


def test_failure_of_a_day_is_overtaken_when_a_later_day_is_done(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.at("2005-06-01T09:00")
    with monkeypatch.context() as broken:
        broken.setattr(runner, "do_job", fails_for("2005-06-01", ZeroDivisionError()))
        tick(office.relief)
        assert unfinished_in(office) == [Unfinished(SEAL.key, "2005-06-01", 1)]
    office.at("2005-06-02T09:00")
    assert [each.period for each in tick(office.relief)] == ["2005-06-02"]
    assert unfinished_in(office) == []
    assert note_of(office, SEAL.key, "2005-06-01").state == "overtaken"


def test_period_that_was_overtaken_is_done_where_it_comes_due_all_the_same(
    year_end: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(runner, "do_job", fails_for("2005Q2", ZeroDivisionError()))
        tick(year_end.relief)
    with year_end.relief.work() as work:
        work.instant()
        note_done(work, PREPARE.key, "1999Q4", "")
        work.commit()
    assert note_of(year_end, PREPARE.key, "2005Q2").state == "overtaken"
    assert [each.period for each in tick(year_end.relief)] == ["2005Q2", "2005Q3", "2005Q4"]
    assert note_of(year_end, PREPARE.key, "2005Q2").state == "done"


def test_note_of_a_failure_has_an_end_however_much_there_is_to_say(
    year_end: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = ZeroDivisionError("begins " + "x" * 1_000_000 + " ends")
    monkeypatch.setattr(runner, "do_job", fails_for("2005Q2", long))
    tick(year_end.relief)
    detail = note_of(year_end, PREPARE.key, "2005Q2").detail
    assert len(detail) == 10_000
    assert "begins" in detail
    assert detail.rstrip().endswith("ends")


def test_job_that_is_no_longer_due_under_the_lock_is_left(
    year_end: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when somebody did by hand what a look had found."""
    not_any_more = dataclasses.replace(PREPARE, is_due=lambda _work, period: period == "2005Q2")
    monkeypatch.setitem(jobs.JOB_BY_KEY, PREPARE.key, not_any_more)
    assert [each.period for each in tick(year_end.relief)] == ["2005Q2", "2005-12-20"]


def test_tables_are_asked_only_for_periods_that_were_not_done(
    year_end: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    tick(year_end.relief)
    asked: list[tuple[str, str]] = []

    def watched(job: Job) -> Job:
        def is_due(work: Work, period: str) -> bool:
            asked.append((job.key, period))
            return job.is_due(work, period)

        return dataclasses.replace(job, is_due=is_due)

    monkeypatch.setattr(jobs, "JOBS", tuple(map(watched, jobs.JOBS)))
    assert tick(year_end.relief) == []
    assert {job for job, _period in asked}.isdisjoint({PREPARE.key, SEAL.key})


def unfinished_in(office: Office) -> list[Unfinished]:
    """What failed and was not done since."""
    with office.relief.reading() as work:
        return unfinished(work)


def note_of(office: Office, job: str, period: str) -> Any:
    """The diary's row of a job."""
    with office.relief.reading() as work:
        (row,) = work.rows(
            sa.select(JOB_RUN).where(JOB_RUN.c.job == job, JOB_RUN.c.period == period)
        )
    return row
