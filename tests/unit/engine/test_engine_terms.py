"""The arithmetic of terms: the days and hours that count, the pauses that do not."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relief.engine.calendar import WorkingCalendar
from relief.engine.clocks.reckoning import reckon
from relief.engine.clocks.terms import Course, Pause, Reckoned
from relief.engine.definitions.definition import Term

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkingCalendar()
# The office's hours: 08:30-12:00 and 14:00-17:30, seven hours a day.
ROUND_THE_CLOCK = WorkingCalendar(intervals=((0, 1440),))


def at(text: str) -> dt.datetime:
    """An instant of the office's time."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def due(
    term: Term,
    start: str,
    *pauses: tuple[str, str | None],
    calendar: WorkingCalendar = CALENDAR,
    extensions: tuple[tuple[dt.date, int], ...] = (),
) -> Reckoned:
    stood = tuple(Pause(at(first), at(last) if last else None) for first, last in pauses)
    return reckon(term, Course(at(start), stood, extensions), calendar, ZONE)


WORKING_5 = Term(days=5, counting="working")
CALENDAR_15 = Term(days=15, roll="forward")
CALENDAR_60 = Term(days=60, roll="forward")
HOURS_7 = Term(hours=7, counting="working")


@pytest.mark.parametrize(
    ("term", "start", "due_on", "provisional"),
    [
        (WORKING_5, "2026-09-24T10:00", "2026-10-09", False),
        (WORKING_5, "2026-09-29T10:00", "2026-10-12", False),  # the 10th is a worked Saturday
        (CALENDAR_15, "2026-09-18T10:00", "2026-10-08", False),  # the 3rd is a holiday
        (CALENDAR_60, "2026-11-22T10:00", "2027-01-21", True),
        (Term(days=15), "2026-09-18T10:00", "2026-10-03", False),
        (Term(days=15, roll="back"), "2026-09-18T10:00", "2026-09-30", False),
        (Term(days=1), "2005-06-30T23:59", "2005-07-01", False),
        (Term(days=1), "2005-06-30T00:00", "2005-07-01", False),
        (WORKING_5, "2005-04-29T10:00", "2005-05-11", False),  # the long holiday of May
    ],
)
def test_last_day_is_the_one_of_the_calendar(
    term: Term, start: str, due_on: str, provisional: bool
) -> None:
    runs = due(term, start)
    assert (runs.due_on, runs.provisional) == (day(due_on), provisional)
    assert runs.due_at == at(f"{runs.due_on + dt.timedelta(days=1)}T00:00")


def test_day_before_the_roll_is_kept_when_the_last_day_is_a_holiday() -> None:
    runs = due(CALENDAR_15, "2026-09-18T10:00")
    assert runs.nominal_on == day("2026-10-03")
    assert runs.started_on == day("2026-09-18")


def test_term_has_run_at_the_midnight_at_which_its_last_day_ends() -> None:
    runs = due(Term(days=5), "2005-06-01T09:00")
    assert not runs.has_run(at("2005-06-06T23:59:59"))
    assert runs.has_run(at("2005-06-07T00:00"))


def test_office_of_its_own_holiday_waits_a_day_longer() -> None:
    own = WorkingCalendar(days={day("2005-06-13"): False})
    before, after = (due(WORKING_5, "2005-06-08T09:00", calendar=c) for c in (CALENDAR, own))
    assert (before.due_on, after.due_on) == (day("2005-06-15"), day("2005-06-16"))
    assert CALENDAR.version != own.version


def test_year_is_certain_when_the_office_has_announced_it() -> None:
    runs = due(CALENDAR_60, "2026-11-22T10:00", calendar=WorkingCalendar(years=frozenset({2027})))
    assert (runs.due_on, runs.provisional) == (day("2027-01-21"), False)


@pytest.mark.parametrize(
    ("extended_on", "due_on"),
    [("2005-05-20", "2005-07-29"), ("2005-06-29", "2005-07-29")],
)
def test_extension_lengthens_from_the_old_end_whenever_it_was_approved(
    extended_on: str, due_on: str
) -> None:
    """60 days from 2005-04-30 end on 2005-06-29; 30 more end on 2005-07-29."""
    runs = due(CALENDAR_60, "2005-04-30T09:00", extensions=((day(extended_on), 30),))
    assert runs.due_on == day(due_on)
    assert any("extended on" in str(line) for line in runs.lines)


# Pauses, counted in days: a day counts unless the case was paused at its end.
@pytest.mark.parametrize(
    ("pauses", "due_on"),
    [
        ((), "2005-06-11"),
        ((("2005-06-03T10:00", "2005-06-03T11:00"),), "2005-06-11"),
        (
            (
                ("2005-06-03T09:00", "2005-06-03T10:00"),
                ("2005-06-03T11:00", "2005-06-03T12:00"),
                ("2005-06-03T15:00", "2005-06-03T16:00"),
            ),
            "2005-06-11",
        ),
        ((("2005-06-03T23:30", "2005-06-04T00:30"),), "2005-06-12"),
        # Midnight in UTC is eight in the morning here, and means nothing.
        ((("2005-06-03T07:30", "2005-06-03T08:30"),), "2005-06-11"),
        ((("2005-06-03T10:00", "2005-06-08T10:00"),), "2005-06-16"),
        ((("2005-06-01T09:00", "2005-06-03T10:00"),), "2005-06-12"),  # from the very start
        (
            (
                ("2005-06-03T10:00", "2005-06-05T10:00"),
                ("2005-06-07T10:00", "2005-06-08T10:00"),
            ),
            "2005-06-14",
        ),
    ],
    ids=[
        "none", "an hour", "several in a day", "over midnight", "over midnight in UTC",
        "five days", "from the start", "twice",
    ],
)  # fmt: skip
def test_paused_days_are_not_counted(
    pauses: tuple[tuple[str, str | None], ...], due_on: str
) -> None:
    """Ten days from 2005-06-01."""
    assert due(Term(days=10), "2005-06-01T09:00", *pauses).due_on == day(due_on)


def test_start_day_in_a_pause_shifts_only_the_days_that_would_have_counted() -> None:
    """A pause on the first day takes nothing out of the days after it: that day never counts."""
    runs = due(Term(days=10), "2005-06-01T09:00", ("2005-06-01T09:00", "2005-06-02T10:00"))
    assert runs.due_on == day("2005-06-11")


def test_there_is_no_due_day_while_the_clock_stands_still_but_days_left() -> None:
    runs = due(Term(days=10), "2005-06-01T09:00", ("2005-06-04T10:00", None))
    assert (runs.due_on, runs.due_at, runs.paused_on) == (None, None, day("2005-06-04"))
    assert runs.left == 8  # the 2nd and the 3rd were counted
    assert not runs.has_run(at("2006-01-01T00:00"))


def test_what_had_run_before_the_pause_stays_missed() -> None:
    runs = due(Term(days=10), "2005-06-01T09:00", ("2005-06-20T10:00", None))
    assert (runs.due_on, runs.paused) == (day("2005-06-11"), False)


# Hours: the office's hours of worked days, in several stretches a day.
@pytest.mark.parametrize(
    ("start", "due_at"),
    [
        ("2005-06-09T08:30", "2005-06-09T17:30"),  # a Thursday
        ("2005-06-09T09:30", "2005-06-10T09:30"),
        ("2005-06-09T12:30", "2005-06-10T12:00"),  # in the lunch break
        ("2005-06-10T17:29", "2005-06-13T17:29"),  # over the weekend
        ("2005-06-10T20:00", "2005-06-13T17:30"),
        ("2005-06-11T10:00", "2005-06-13T17:30"),
        ("2005-04-30T16:30", "2005-05-08T16:30"),  # Saturday and Sunday are worked, May's are not
    ],
)
def test_hours_are_those_of_the_office(start: str, due_at: str) -> None:
    assert due(HOURS_7, start).due_at == at(due_at)


@pytest.mark.parametrize(
    ("pauses", "due_at"),
    [
        ((("2005-06-09T10:00", "2005-06-09T11:00"),), "2005-06-10T09:30"),
        (
            (
                ("2005-06-09T09:00", "2005-06-09T09:30"),
                ("2005-06-09T10:00", "2005-06-09T10:30"),
                ("2005-06-09T11:30", "2005-06-09T15:00"),
            ),
            "2005-06-10T11:00",
        ),
        ((("2005-06-09T12:00", "2005-06-09T14:00"),), "2005-06-09T17:30"),
        ((("2005-06-09T17:00", "2005-06-10T09:00"),), "2005-06-10T09:30"),
        ((("2005-06-09T08:30", "2005-06-09T10:30"),), "2005-06-10T10:30"),
        ((("2005-06-09T16:00", "2005-06-14T16:00"),), "2005-06-14T17:30"),
    ],
    ids=["an hour", "several in a day", "lunch", "over midnight", "from the start", "five days"],
)
def test_paused_hours_are_not_counted(
    pauses: tuple[tuple[str, str | None], ...], due_at: str
) -> None:
    """Seven hours from Thursday morning."""
    assert due(HOURS_7, "2005-06-09T08:30", *pauses).due_at == at(due_at)


def test_no_minute_is_lost_at_midnight_when_the_office_never_closes() -> None:
    runs = due(Term(hours=48, counting="working"), "2005-06-08T10:17", calendar=ROUND_THE_CLOCK)
    assert runs.due_at == at("2005-06-10T10:17")


def test_hours_left_are_told_while_the_clock_stands_still() -> None:
    runs = due(HOURS_7, "2005-06-09T08:30", ("2005-06-09T11:00", None))
    assert (runs.due_at, runs.left) == (None, 270)


def test_arithmetic_can_be_read_line_by_line() -> None:
    runs = due(WORKING_5, "2005-04-29T10:00", ("2005-05-09T10:00", "2005-05-10T10:00"))
    assert [str(line) for line in runs.lines] == [
        "from 2005-04-29, which is not counted itself",
        "+ 5 working days",
        "not counted: 2005-05-09 to 2005-05-09, paused",
        "not counted: 2005-05-01 to 2005-05-07, not worked",
        "= 2005-05-12",
    ]
    rolled = due(CALENDAR_15, "2026-09-18T10:00")
    assert [str(line) for line in rolled.lines] == [
        "from 2026-09-18, which is not counted itself",
        "+ 15 calendar days",
        "= 2026-10-03",
        "a day of rest, so the next working day: 2026-10-08",
    ]
    hours = due(HOURS_7, "2005-06-09T09:30", ("2005-06-09T10:00", "2005-06-09T11:00"))
    assert [str(line) for line in hours.lines] == [
        "from 2005-06-09 09:30: 7 working hours",
        "2005-06-09: 09:30-10:00, 11:00-12:00, 14:00-17:30",
        "2005-06-10: 08:30-10:30",
    ]


MIDNIGHT = dt.datetime(2005, 1, 1, tzinfo=ZONE)
STARTS = st.integers(0, 20 * 365 * 24 * 60).map(lambda m: MIDNIGHT + dt.timedelta(minutes=m))
TERMS = st.builds(
    Term,
    days=st.integers(1, 90),
    counting=st.sampled_from(["calendar", "working"]),
    roll=st.sampled_from(["none", "forward", "back"]),
)


@given(term=TERMS, start=STARTS, gap=st.integers(0, 200), length=st.integers(0, 400))
def test_pause_never_makes_a_term_end_sooner_and_ends_it_no_later_than_its_own_length(
    term: Term, start: dt.datetime, gap: int, length: int
) -> None:
    begun = start + dt.timedelta(hours=gap)
    pause = Pause(begun, begun + dt.timedelta(hours=length))
    plain = reckon(term, Course(start), CALENDAR, ZONE)
    paused = reckon(term, Course(start, (pause,)), CALENDAR, ZONE)
    assert plain.nominal_on is not None
    assert paused.nominal_on is not None
    nights = (pause.until_at.date() - pause.from_at.date()).days
    assert plain.nominal_on <= paused.nominal_on
    if term.counting == "calendar":
        assert paused.nominal_on <= plain.nominal_on + dt.timedelta(days=nights)


@given(term=TERMS, start=STARTS)
def test_days_that_count_are_as_many_as_the_term_has(term: Term, start: dt.datetime) -> None:
    runs = reckon(term, Course(start), CALENDAR, ZONE)
    assert runs.nominal_on is not None
    days = [
        runs.started_on + dt.timedelta(days=n)
        for n in range(1, (runs.nominal_on - runs.started_on).days + 1)
    ]
    if term.counting == "working":
        days = [each for each in days if CALENDAR.is_working_day(each).is_worked]
    assert len(days) == term.days


@given(
    start=STARTS,
    hours=st.integers(1, 60),
    cut=st.integers(1, 59),
)
def test_hours_in_two_parts_end_where_they_end_at_once(
    start: dt.datetime, hours: int, cut: int
) -> None:
    if cut >= hours:
        cut = max(hours - 1, 1)
    whole = reckon(Term(hours=hours, counting="working"), Course(start), CALENDAR, ZONE)
    first = reckon(Term(hours=cut, counting="working"), Course(start), CALENDAR, ZONE)
    assert first.due_at is not None
    if cut == hours:
        assert first.due_at == whole.due_at
        return
    rest = Term(hours=hours - cut, counting="working")
    assert reckon(rest, Course(first.due_at), CALENDAR, ZONE).due_at == whole.due_at
