"""Two schedulers, as processes of their own, at one database: each job once a period."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from collections import Counter
from typing import Any

import pytest
import sqlalchemy as sa

from relief.accounts.absences import AbsenceForm, record_absence
from relief.engine.clocks.deadlines import DEADLINE
from relief.engine.journal.chain import JOURNAL
from relief.payouts.queries import all_runs
from relief.reminders.queries import inbox
from relief.scheduler.diary import JOB_RUN
from relief.scheduler.jobs import (
    MAKE_REMINDERS,
    MARK_OVERDUE,
    PREPARE,
    RECKON_ANEW,
    SEAL,
    WARN_OF_STAFFING,
)
from relief.scheduler.runner import tick
from tests.matters import opened
from tests.office import AN, Office

LOOKS, DAYS_BETWEEN = 60, 3
# Both begin together and put their clocks forward alike, so that they want the same at once.
PROGRAM = """
import datetime as dt, json, sys
from pathlib import Path
from relief.bootstrap import open_relief
from relief.scheduler.runner import tick
from tests.conftest import settings_for

folder, url, looks, days = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
relief = open_relief(settings_for(folder, url))
start = relief.clock.now()
print("ready", flush=True)
sys.stdin.readline()
for look in range(looks):
    relief.clock.put_forward(start + dt.timedelta(days=days * look))
    for done in tick(relief):
        print(json.dumps([done.job, done.period, done.failed, str(done.text)]), flush=True)
relief.database.dispose()
"""


def look_together(office: Office, looks: int, days: int) -> list[tuple[str, str, bool, str]]:
    """What two processes say to have done, in all."""
    settings = office.relief.settings
    words = [str(settings.data_dir), settings.url, str(looks), str(days)]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    both = [subprocess.Popen([sys.executable, "-c", PROGRAM, *words], **pipes) for _ in range(2)]
    for process in both:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in both:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate(timeout=300)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    return [tuple(json.loads(line)) for text in said for line in text.splitlines()]


@pytest.fixture
def busy(office: Office) -> Office:
    """An office in which every kind of job comes due within half a year."""
    office.scheme(go_live="2005-01")
    with office.relief.work() as work:
        days = dt.date(2005, 6, 1), dt.date(2005, 7, 31)
        record_absence(work, AN, AbsenceForm("ping", *days))
        work.commit()
    opened(office)
    opened(office)
    with office.relief.work() as work:
        work.connection.execute(sa.update(DEADLINE).values(calendar_version="an older package"))
        work.commit()
    return office


def test_each_job_is_done_once_a_period_when_two_processes_look_sixty_times(busy: Office) -> None:
    done = look_together(busy, LOOKS, DAYS_BETWEEN)
    assert [each for each in done if each[2]] == []
    once = Counter((job, period) for job, period, _failed, _text in done)
    assert set(once.values()) == {1}
    by_job = Counter(job for job, _period in once)
    assert by_job == {
        RECKON_ANEW.key: 1,
        MARK_OVERDUE.key: 1,
        PREPARE.key: 2,
        WARN_OF_STAFFING.key: 1,
        SEAL.key: LOOKS,
    }
    with busy.relief.reading() as work:
        rows = work.rows(sa.select(JOB_RUN.c.job, JOB_RUN.c.period, JOB_RUN.c.state,
                                   JOB_RUN.c.attempts))  # fmt: skip
        runs = [run.reference for run in all_runs(work)]
        prepared = work.rows(sa.select(JOURNAL.c.subject_id).where(JOURNAL.c.action == "prepare"))
    assert {(row.job, row.period) for row in rows} == once.keys()
    assert len(rows) == len(once)
    assert {(row.state, row.attempts) for row in rows} == {("done", 1)}
    assert runs == ["2005Q1-r1", "2005Q2-r1"]
    assert len(prepared) == len(runs)


def test_two_processes_catch_up_two_quarters_once_each_and_oldest_first(office: Office) -> None:
    office.scheme(go_live="2005-04")
    office.at("2005-10-20T09:00")
    with office.relief.work() as work:  # the clock of this office runs on from here
        work.instant()
        work.commit()
    done = look_together(office, looks=1, days=1)
    assert sorted(each[:3] for each in done) == [
        (PREPARE.key, "2005Q2", False),
        (PREPARE.key, "2005Q3", False),
        (SEAL.key, "2005-10-20", False),
    ]
    _prepared_once_each_oldest_first(office)


def test_two_processes_remind_once(office: Office) -> None:
    office.at("2005-06-15T09:00")
    cases = [opened(office) for _ in range(3)]
    office.at("2005-06-27T09:00")
    with office.relief.work() as work:  # the clock of this office runs on from here
        work.instant()
        work.commit()
    done = look_together(office, looks=1, days=1)
    assert [each[2:] for each in done if each[0] == MAKE_REMINDERS.key] == [
        (False, "Reminders made: 3; ended: 0.")
    ]
    with office.relief.reading() as work:
        assert [each.reference for each in inbox(work, "chen")] == cases


def test_scheduler_that_was_away_for_two_quarters_prepares_both_oldest_first(
    office: Office,
) -> None:
    office.scheme(go_live="2005-04")
    office.at("2005-10-20T09:00")
    done = tick(office.relief)
    assert [(each.job, each.period) for each in done] == [
        (PREPARE.key, "2005Q2"),
        (PREPARE.key, "2005Q3"),
        (SEAL.key, "2005-10-20"),
    ]
    assert tick(office.relief) == []
    _prepared_once_each_oldest_first(office)


def _prepared_once_each_oldest_first(office: Office) -> None:
    with office.relief.reading() as work:
        runs = sorted(all_runs(work), key=lambda run: run.as_of)
        began = work.rows(
            sa.select(JOURNAL.c.subject_id)
            .where(JOURNAL.c.subject_kind == "payout_run", JOURNAL.c.action == "prepare")
            .order_by(JOURNAL.c.id)
        )
    assert [run.reference for run in runs] == ["2005Q2-r1", "2005Q3-r1"]
    assert [row.subject_id for row in began] == [run.id for run in runs]
