"""Working days, checked against days that were announced."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relief.engine.calendar import WorkingCalendar
from relief.engine.calendar.announced import KNOWN_YEARS
from relief.engine.calendar.hours import format_hours, parse_hours
from relief.kernel.errors import Invalid

PACKAGE = WorkingCalendar()
DAYS = st.dates(dt.date(2004, 6, 1), dt.date(2040, 12, 31))


@pytest.mark.parametrize(
    ("day", "is_worked"),
    [
        ("2005-06-15", True),
        ("2005-06-18", False),
        ("2005-10-08", True),  # a Saturday that was worked after the national day
        ("2018-12-29", True),  # a Saturday, by the notice for 2019
        ("2018-12-31", False),  # a Monday, by the same
        ("2026-10-10", True),
    ],
)
def test_day_is_worked_as_it_was_announced(day: str, is_worked: bool) -> None:
    assert PACKAGE.is_working_day(dt.date.fromisoformat(day)) == (is_worked, False)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [("2026-09-24", 5, "2026-10-09"), ("2026-09-29", 5, "2026-10-12"), ("2026-09-29", 0, None)],
)
def test_working_days_are_counted_over_a_holiday(
    day: str, count: int, expected: str | None
) -> None:
    start = dt.date.fromisoformat(day)
    found = PACKAGE.working_days_after(start, count)
    assert found == (dt.date.fromisoformat(expected or day), False)


def test_deadline_rolls_forward_when_it_falls_on_a_holiday() -> None:
    deadline = dt.date(2026, 9, 18) + dt.timedelta(days=15)
    assert PACKAGE.roll_forward(deadline) == (dt.date(2026, 10, 8), False)


def test_deadline_is_provisional_when_its_year_is_not_known() -> None:
    deadline = dt.date(2026, 11, 22) + dt.timedelta(days=60)
    found = PACKAGE.roll_forward(deadline)
    assert found == (dt.date(2027, 1, 21), 2027 not in KNOWN_YEARS)


def test_days_are_monday_to_friday_and_provisional_when_the_year_is_far_off() -> None:
    monday = dt.date(2999, 10, 7)
    week = [PACKAGE.is_working_day(monday + dt.timedelta(days=ahead)) for ahead in range(7)]
    assert week == [(True, True)] * 5 + [(False, True)] * 2


def test_count_is_provisional_when_only_its_end_lies_in_an_unknown_year() -> None:
    last_known = max(KNOWN_YEARS)
    assert PACKAGE.working_days_after(dt.date(last_known, 12, 20), 20).provisional
    assert not PACKAGE.working_days_after(dt.date(last_known, 11, 20), 5).provisional


def test_day_rolls_back_when_it_is_a_saturday() -> None:
    assert PACKAGE.roll_back(dt.date(2012, 12, 15)) == (dt.date(2012, 12, 14), False)


@given(DAYS)
def test_rolling_finds_the_nearest_working_day_on_its_side(day: dt.date) -> None:
    back, forward = PACKAGE.roll_back(day).day, PACKAGE.roll_forward(day).day
    assert back <= day <= forward
    assert PACKAGE.is_working_day(back).is_worked
    assert PACKAGE.is_working_day(forward).is_worked
    between = (back + dt.timedelta(days=n) for n in range(1, (forward - back).days))
    assert not any(PACKAGE.is_working_day(other).is_worked for other in between)


@given(DAYS, st.integers(0, 40), st.integers(0, 40))
def test_counting_in_two_parts_gives_the_same_day(day: dt.date, one: int, two: int) -> None:
    assert PACKAGE.working_days_after(PACKAGE.working_days_after(day, one).day, two).day == (
        PACKAGE.working_days_after(day, one + two).day
    )


def test_holidays_tied_to_a_date_are_free_though_their_year_is_not_known() -> None:
    for month, day in ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)):
        assert PACKAGE.is_working_day(dt.date(2998, month, day)) == (False, True)


def test_what_the_office_declares_goes_before_the_package() -> None:
    free, worked = dt.date(2026, 9, 23), dt.date(2026, 9, 26)
    calendar = WorkingCalendar({free: False, worked: True})
    assert calendar.is_working_day(free) == (False, False)
    assert calendar.is_working_day(worked) == (True, False)
    assert [calendar.source(free), PACKAGE.source(free)] == ["office", "package"]


def test_declared_day_is_certain_though_its_year_is_not_known() -> None:
    spring_festival = dt.date(2998, 2, 6)
    calendar = WorkingCalendar({spring_festival: False})
    assert calendar.is_working_day(spring_festival) == (False, False)
    assert calendar.roll_forward(spring_festival).provisional
    assert calendar.source(dt.date(2998, 2, 7)) == "date"


def test_year_is_no_longer_provisional_when_the_office_holds_it_announced() -> None:
    calendar = WorkingCalendar(years=frozenset({2998}))
    assert calendar.is_announced(2998)
    assert calendar.is_working_day(dt.date(2998, 10, 1)) == (False, False)
    assert calendar.working_days_after(dt.date(2998, 9, 24), 5) == (dt.date(2998, 10, 4), False)


@given(DAYS, st.integers(1, 40))
def test_counting_back_and_forth_comes_to_the_same_day(day: dt.date, count: int) -> None:
    start = PACKAGE.roll_forward(day).day
    there = PACKAGE.working_days_before(start, count).day
    assert PACKAGE.working_days_after(there, count).day == start


def test_version_names_the_package_and_changes_with_what_the_office_declares() -> None:
    day = dt.date(2026, 9, 23)
    versions = [
        calendar.version
        for calendar in (
            PACKAGE,
            WorkingCalendar({day: False}),
            WorkingCalendar({day: True}),
            WorkingCalendar(years=frozenset({2027})),
            WorkingCalendar(intervals=((480, 720),)),
        )
    ]
    assert len(set(versions)) == len(versions)
    assert all(version.startswith("chinesecalendar-1.") for version in versions)
    assert WorkingCalendar().version == PACKAGE.version


@pytest.mark.parametrize(
    ("words", "hours"),
    [
        (["08:30-12:00", "14:00-17:30"], ((510, 720), (840, 1050))),
        (["8:30－12:00"], ((510, 720),)),
        (["0:00-24:00"], ((0, 1440),)),
        (["08:00-12:00", "12:00-16:00"], ((480, 720), (720, 960))),
    ],
)
def test_hours_are_read_as_people_write_them(
    words: list[str], hours: tuple[tuple[int, int], ...]
) -> None:
    assert parse_hours(words) == hours
    assert parse_hours(format_hours(hours).split()) == hours


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ([], ["hours.none"]),
        (["morning", "8-12"], ["hours.unreadable"] * 2),
        (["12:00-08:30"], ["hours.interval"]),
        (["08:30-08:30"], ["hours.interval"]),
        (["08:30-24:01"], ["hours.interval"]),
        (["08:75-12:00"], ["hours.unreadable"]),
        (["14:00-17:30", "08:30-12:00"], ["hours.order"]),
        (["08:30-12:00", "11:59-17:30"], ["hours.order"]),
        (["08:30-25:00", "12:00-11:00"], ["hours.interval", "hours.interval", "hours.order"]),
    ],
)
def test_hours_are_refused_with_every_fault(words: list[str], codes: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        parse_hours(words)
    assert [problem.code for problem in refused.value.problems] == codes


def test_calendar_without_hours_is_refused() -> None:
    with pytest.raises(Invalid, match="never open"):
        WorkingCalendar(intervals=())
