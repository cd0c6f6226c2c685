"""Terms at their edges: where they end as the clock stops, and what is told of them."""

from __future__ import annotations

import datetime as dt

import pytest
from plea import ZONE, at
from test_engine_terms import CALENDAR, CALENDAR_60, HOURS_7, WORKING_5, day, due

from relief.engine.calendar import WorkingCalendar
from relief.engine.definitions.definition import Term

pytestmark = pytest.mark.usefixtures("_machine_abroad")


@pytest.mark.parametrize(
    ("stopped", "counted"), [("2005-06-04T10:00", 2), ("2005-06-05T10:00", None)]
)
def test_term_whose_last_day_was_over_when_the_clock_stopped_has_run(
    stopped: str, counted: int | None
) -> None:
    runs = due(Term(days=3), "2005-06-01T01:00", (stopped, None))
    assert runs.started_on == day("2005-06-01")
    if counted is None:
        assert (runs.due_on, runs.paused, runs.left) == (day("2005-06-04"), False, 0)
    else:
        assert (runs.due_on, runs.paused, runs.left) == (None, True, 3 - counted)


def test_what_is_left_while_the_clock_stands_still_can_be_read() -> None:
    days = due(Term(days=10), "2005-06-01T09:00", ("2005-06-04T01:00", None))
    assert str(days.lines[-1]) == ("the clock stands still since 2005-06-04: 2 counted, 8 left")
    assert (days.nominal_on, days.term) == (None, Term(days=10))
    hours = due(HOURS_7, "2005-06-09T08:30", ("2005-06-09T11:20", None))
    assert [str(line) for line in hours.lines] == [
        "from 2005-06-09 08:30: 7 working hours",
        "2005-06-09: 08:30-11:20",
        "the clock stands still since 2005-06-09: 4 h 10 min left",
    ]
    assert (hours.paused_on, hours.left, hours.due_on) == (day("2005-06-09"), 250, None)


def test_working_days_of_a_year_that_is_not_announced_make_a_term_provisional() -> None:
    runs = due(Term(days=60, counting="working"), "2026-11-22T10:00")
    assert runs.provisional
    assert "provisional" in str(runs.lines[-1])
    assert not due(WORKING_5, "2026-09-24T10:00").provisional
    hours = due(Term(hours=400, counting="working"), "2026-11-22T10:00")
    assert hours.provisional
    assert "provisional" in str(hours.lines[-1])
    assert "provisional" not in str(due(HOURS_7, "2026-09-24T10:00").lines[-1])


def test_term_of_hours_that_is_over_has_nothing_left_and_no_pause() -> None:
    runs = due(HOURS_7, "2005-06-09T08:30", ("2005-06-10T08:30", None))
    assert (runs.due_at, runs.due_on, runs.nominal_on) == (
        at("2005-06-09T17:30"), day("2005-06-09"), day("2005-06-09"),
    )  # fmt: skip
    assert (runs.left, runs.paused_on, runs.started_on) == (0, None, day("2005-06-09"))


def test_day_on_which_no_hour_counts_is_not_told() -> None:
    runs = due(HOURS_7, "2005-06-09T18:00", ("2005-06-10T08:00", "2005-06-10T18:00"))
    assert [str(line) for line in runs.lines] == [
        "from 2005-06-09 18:00: 7 working hours",
        "2005-06-13: 08:30-12:00, 14:00-17:30",
    ]


def test_stretch_in_which_the_last_minute_falls_is_told_to_that_minute() -> None:
    runs = due(Term(hours=1, counting="working"), "2005-06-09T11:30")
    assert str(runs.lines[1]) == "2005-06-09: 11:30-12:00, 14:00-14:30"
    until_noon = due(Term(hours=2, counting="working"), "2005-06-09T10:00")
    assert str(until_noon.lines[1]) == "2005-06-09: 10:00-12:00"


def test_last_day_that_is_rolled_back_is_told() -> None:
    runs = due(Term(days=15, roll="back"), "2026-09-18T10:00")
    assert str(runs.lines[-1]) == "a day of rest, so the working day before: 2026-09-30"
    plain = due(Term(days=15, roll="back"), "2026-09-15T10:00")
    assert str(plain.lines[-1]) == "= 2026-09-30"


def test_spans_of_days_of_rest_are_told_by_their_ends() -> None:
    own = WorkingCalendar(days={day("2005-06-14"): False})
    runs = due(WORKING_5, "2005-06-09T10:00", calendar=own)
    assert str(runs.lines[2]) == ("not counted: 2005-06-11 to 2005-06-12, 2005-06-14, not worked")


def test_day_from_which_a_term_runs_is_not_told_as_one_of_rest() -> None:
    runs = due(WORKING_5, "2005-06-11T10:00")  # a Saturday
    assert str(runs.lines[2]) == "not counted: 2005-06-12, not worked"


def test_day_of_rest_in_a_pause_is_told_as_paused_alone() -> None:
    runs = due(WORKING_5, "2005-06-09T10:00", ("2005-06-11T10:00", "2005-06-12T10:00"))
    assert [str(line) for line in runs.lines[2:]] == [
        "not counted: 2005-06-11 to 2005-06-11, paused",
        "not counted: 2005-06-12, not worked",
        "= 2005-06-16",
    ]


@pytest.mark.parametrize(
    ("start", "pause", "told"),
    [
        ("2005-06-09T12:00", (), "14:00-17:30"),
        ("2005-06-09T07:00", ("2005-06-09T08:30", "2005-06-09T10:00"), "10:00-12:00, 14:00-17:30"),
        ("2005-06-09T07:00", ("2005-06-09T16:00", "2005-06-09T17:30"), "08:30-12:00, 14:00-16:00"),
        ("2005-06-09T07:00", ("2005-06-09T12:00", "2005-06-09T14:00"), "08:30-12:00, 14:00-17:30"),
    ],
    ids=["from noon", "paused as it opened", "paused until it closed", "paused at lunch"],
)
def test_no_stretch_without_a_minute_is_told(
    start: str, pause: tuple[str, str] | tuple[()], told: str
) -> None:
    runs = due(HOURS_7, start, *([pause] if pause else []))
    assert str(runs.lines[1]) == f"2005-06-09: {told}"


def test_hours_that_end_as_another_stretch_begins_are_told_without_it() -> None:
    shifts = WorkingCalendar(intervals=((480, 720), (720, 960)))
    runs = due(Term(hours=4, counting="working"), "2005-06-09T08:00", calendar=shifts)
    assert str(runs.lines[1]) == "2005-06-09: 08:00-12:00"
    assert runs.due_at == at("2005-06-09T12:00")


def test_pause_that_takes_out_no_day_is_not_told() -> None:
    runs = due(Term(days=10), "2005-06-01T09:00", ("2005-06-03T10:00", "2005-06-03T11:00"))
    assert [str(line) for line in runs.lines[1:]] == ["+ 10 calendar days", "= 2005-06-11"]


def test_extension_is_told_with_its_day() -> None:
    runs = due(CALENDAR_60, "2005-04-30T09:00", extensions=((day("2005-05-20"), 30),))
    assert str(runs.lines[2]) == "+ 30 days: extended on 2005-05-20"
    assert runs.due_at == dt.datetime(2005, 7, 30, tzinfo=ZONE)
    assert CALENDAR.is_working_day(day("2005-07-29")).is_worked
