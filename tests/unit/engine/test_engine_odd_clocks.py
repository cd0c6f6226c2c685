"""Clocks where there is nothing to count, and stored deadlines that are not the journal's."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import sqlalchemy as sa
from little_office import APPROVER
from plea import PLEA, ZONE, Desk, at

from relief.engine.calendar import WorkingCalendar
from relief.engine.calendar.tables import CalendarDay
from relief.engine.clocks.deadlines import DEADLINE, reckon_anew, verify_deadlines
from relief.engine.clocks.reckoning import reckon
from relief.engine.clocks.terms import DAYS_MAX, Course
from relief.engine.definitions.definition import Term
from relief.engine.tables import DeadlineChange
from relief.kernel.columns import table_of

NOT_OF_THE_JOURNAL = "The deadline of {} is not the one its journal gives."


def reckoned_by_another(path: Path, told: str, instead: str) -> Desk:
    """A desk by a workflow that counts something from another step."""
    assert told in PLEA
    return Desk(path / "desk.db", PLEA.replace(told, instead))


def faults(desk: Desk) -> list[str]:
    with desk.office.work(writes=False) as work:
        return [str(fault.text) for fault in verify_deadlines(work)]


def declare_free(desk: Desk, day: dt.date) -> None:
    """A day off, of which no stored deadline knows yet."""
    with desk.office.work() as work:
        declared = {"day": day, "is_worked": False, "note": "防汛", "document_no": ""}
        work.insert(CalendarDay, **declared, recorded_at=work.instant(), recorded_by="an")


def test_step_that_waits_for_another_is_refused_while_that_was_not_taken(tmp_path: Path) -> None:
    told = 'not_before = { days = 2, counting = "working", since = "accept" }'
    desk = reckoned_by_another(tmp_path, told, told.replace('"accept"', '"close_hearing"'))
    desk.accepted()
    desk.on("2005-08-01T09:00")
    assert desk.refused("answer") == ["step.too_early"]
    desk.do("hear")
    desk.do("close_hearing")
    desk.on("2005-08-04T00:00")
    desk.do("answer")


def test_extension_is_refused_while_no_deadline_runs(tmp_path: Path) -> None:
    told = 'deadline = { days = 60, roll = "forward", since = "accept" }'
    desk = reckoned_by_another(tmp_path, told, told.replace('"accept"', '"close_hearing"'))
    desk.accepted()
    assert desk.due_on() is None
    assert desk.refused("extend", APPROVER, reason="a long story") == ["step.no_deadline"]
    desk.do("hear")
    desk.do("close_hearing")
    desk.do("extend", APPROVER, reason="a long story")
    assert desk.due_on() == dt.date(2005, 8, 30)  # 60 and 30 days after the 1st of June


@pytest.mark.parametrize(
    "term", [Term(days=5, counting="working"), Term(hours=8, counting="working")]
)
def test_count_stops_with_an_error_when_the_office_never_works_again(term: Term) -> None:
    start = dt.date(2005, 6, 15)
    never = WorkingCalendar({start + dt.timedelta(days=n): False for n in range(DAYS_MAX)})
    with pytest.raises(AssertionError, match=r"^a term that does not end$"):
        reckon(term, Course(at("2005-06-15T09:00")), never, ZONE)


def test_holiday_that_moves_no_deadline_is_told_as_no_move(desk: Desk) -> None:
    declare_free(desk, dt.date(2005, 6, 14))  # two days before the last of 15 calendar days
    with desk.office.work() as work:
        assert reckon_anew(work) == []
        version = work.calendar.version
    (row,) = desk.office.rows(DEADLINE)
    assert (row["due_on"], row["calendar_version"]) == (dt.date(2005, 6, 16), version)
    assert desk.office.rows(table_of(DeadlineChange)) == []


def test_deadline_that_waits_for_the_new_calendar_is_not_called_changed(desk: Desk) -> None:
    declare_free(desk, dt.date(2005, 6, 16))  # the last day, so it will move
    assert faults(desk) == []
    with desk.office.work() as work:
        assert len(reckon_anew(work)) == 1
    assert faults(desk) == []
    desk.office.tamper(sa.update(DEADLINE).values(due_at=at("2005-06-16T00:00")))
    assert faults(desk) == [NOT_OF_THE_JOURNAL.format("N-1")]


def test_deadline_that_was_put_in_for_no_case_is_named(desk: Desk) -> None:
    (row,) = desk.office.rows(DEADLINE)
    desk.office.tamper(sa.insert(DEADLINE).values({**row, "subject_id": 77}))
    assert faults(desk) == [NOT_OF_THE_JOURNAL.format("plea 77")]
