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
from relief.scheduler.diary import JOB_RUN
from relief.scheduler.job import Due
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


def note_of(office: Office, job: str, period: str) -> Any:
    """The diary's row of a job."""
    with office.relief.reading() as work:
        (row,) = work.rows(
            sa.select(JOB_RUN).where(JOB_RUN.c.job == job, JOB_RUN.c.period == period)
        )
    return row
