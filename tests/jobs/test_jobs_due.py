"""What is due is read from the tables, and each thing is done once."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from relief.engine.calendar import WorkingCalendar
from relief.kernel.months import Quarter
from relief.payouts.runs.schedule import prepare_day
from relief.scheduler.diary import JOB_RUN
from relief.scheduler.jobs import PREPARE, SEAL, due_jobs
from relief.scheduler.runner import Done, tick
from tests.office import FANG, PING, Office


def prepared(done: list[Done]) -> list[str]:
    """The quarters among what was done."""
    return [each.period for each in done if each.job == PREPARE.key]


def test_only_the_seal_is_due_when_there_is_no_go_live_month(office: Office) -> None:
    office.at("2006-01-15T09:00")
    with office.relief.reading() as work:
        due = [(each.job, each.period) for each in due_jobs(work, office.relief.settings)]
        assert due == [(SEAL.key, "2006-01-15")]


@pytest.mark.parametrize(
    ("quarter", "day"),
    [
        ("2005Q2", "2005-06-15"),
        ("2007Q3", "2007-09-14"),  # the 15th is a Saturday
        ("2012Q4", "2012-12-14"),
        ("2024Q3", "2024-09-14"),  # the 15th is a holiday, the Saturday before it is worked
    ],
)
def test_prepare_day_is_the_15th_or_the_working_day_before(quarter: str, day: str) -> None:
    found = prepare_day(WorkingCalendar(), Quarter.parse(quarter))
    assert (found.day.isoformat(), found.provisional) == (day, False)


def test_prepare_day_is_provisional_when_its_year_is_not_known() -> None:
    assert prepare_day(WorkingCalendar(), Quarter.parse("2998Q4")).provisional


def test_run_is_prepared_on_its_day_and_not_before(office: Office) -> None:
    office.scheme(go_live="2005-04")
    office.at("2005-06-14T23:59")
    assert prepared(tick(office.relief)) == []
    office.at("2005-06-15T00:01")
    (done, _sealed) = tick(office.relief)
    assert (done.job, done.period, done.failed) == (PREPARE.key, "2005Q2", False)
    assert "2005Q2-r1" in str(done.text)
    assert office.run("2005Q2").state == "draft"


def test_run_is_prepared_on_friday_when_the_15th_is_a_saturday(office: Office) -> None:
    office.scheme(go_live="2007-07")
    office.at("2007-09-14T09:00")
    assert prepared(tick(office.relief)) == ["2007Q3"]


def test_missed_quarters_are_caught_up_oldest_first(office: Office) -> None:
    office.scheme(go_live="2005-05")
    office.at("2006-03-14T09:00")
    assert prepared(tick(office.relief)) == ["2005Q2", "2005Q3", "2005Q4"]
    as_of = [office.run(quarter).as_of for quarter in ("2005Q2", "2005Q3", "2005Q4")]
    assert as_of == sorted(as_of)


def test_nothing_is_done_twice_on_one_day(office: Office) -> None:
    office.scheme(go_live="2005-04")
    office.at("2005-06-15T09:00")
    tick(office.relief)
    office.at("2005-06-15T10:00")
    assert tick(office.relief) == []


def test_journal_is_sealed_once_a_day_after_what_was_prepared(office: Office) -> None:
    office.scheme(go_live="2005-04")
    office.at("2005-06-15T09:00")
    assert [each.job for each in tick(office.relief)] == [PREPARE.key, SEAL.key]
    office.at("2005-06-16T09:00")
    assert [(each.job, each.period) for each in tick(office.relief)] == [(SEAL.key, "2005-06-16")]


def test_list_that_a_person_prepared_is_left_as_it_is(office: Office) -> None:
    office.scheme(go_live="2005-04")
    office.at("2005-06-10T09:00")
    run = office.prepare("2005Q2", actor=FANG)
    office.at("2005-06-15T09:00")
    (done, _sealed) = tick(office.relief)
    assert "there already" in str(done.text)
    assert office.run("2005Q2") == run
    assert prepared(tick(office.relief)) == []


def test_list_is_prepared_when_a_person_cancelled_theirs_before_its_day(office: Office) -> None:
    office.scheme(go_live="2005-04")
    office.at("2005-06-10T09:00")
    office.prepare("2005Q2", actor=FANG)
    office.cancel("2005Q2")
    office.at("2005-06-15T09:00")
    tick(office.relief)
    assert office.run("2005Q2").reference == "2005Q2-r2"


def test_cancelled_list_is_not_prepared_again_by_itself(office: Office) -> None:
    office.scheme(go_live="2005-04")
    office.at("2005-06-15T09:00")
    tick(office.relief)
    office.step("2005Q2", "cancel", PING, reason="wrong quarter")
    office.at("2005-06-20T09:00")
    assert prepared(tick(office.relief)) == []


def test_diary_keeps_one_row_for_each_job_and_period(office: Office) -> None:
    office.scheme(go_live="2005-04")
    office.at("2005-06-15T09:00")
    tick(office.relief)
    with office.relief.reading() as work:
        rows = work.rows(sa.select(JOB_RUN).order_by(JOB_RUN.c.id))
    assert [(row.job, row.period, row.state, row.attempts) for row in rows] == [
        (PREPARE.key, "2005Q2", "done", 1),
        (SEAL.key, "2005-06-15", "done", 1),
    ]
    assert all(row.finished_at >= row.started_at for row in rows)
