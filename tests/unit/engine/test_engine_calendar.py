"""Working days, checked against days that were announced."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relief.engine.calendar import (
    KNOWN_YEARS,
    is_working_day,
    roll_back_to_working_day,
    roll_forward_to_working_day,
    working_days_after,
)

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
    assert is_working_day(dt.date.fromisoformat(day)) == (is_worked, False)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [("2026-09-24", 5, "2026-10-09"), ("2026-09-29", 5, "2026-10-12"), ("2026-09-29", 0, None)],
)
def test_working_days_are_counted_over_a_holiday(
    day: str, count: int, expected: str | None
) -> None:
    start = dt.date.fromisoformat(day)
    found = working_days_after(start, count)
    assert found == (dt.date.fromisoformat(expected or day), False)


def test_deadline_rolls_forward_when_it_falls_on_a_holiday() -> None:
    deadline = dt.date(2026, 9, 18) + dt.timedelta(days=15)
    assert roll_forward_to_working_day(deadline) == (dt.date(2026, 10, 8), False)


def test_deadline_is_provisional_when_its_year_is_not_known() -> None:
    deadline = dt.date(2026, 11, 22) + dt.timedelta(days=60)
    found = roll_forward_to_working_day(deadline)
    assert found == (dt.date(2027, 1, 21), 2027 not in KNOWN_YEARS)


def test_days_are_monday_to_friday_and_provisional_when_the_year_is_far_off() -> None:
    monday = dt.date(2999, 9, 30)
    week = [is_working_day(monday + dt.timedelta(days=ahead)) for ahead in range(7)]
    assert week == [(True, True)] * 5 + [(False, True)] * 2


def test_count_is_provisional_when_only_its_end_lies_in_an_unknown_year() -> None:
    last_known = max(KNOWN_YEARS)
    assert working_days_after(dt.date(last_known, 12, 20), 20).provisional
    assert not working_days_after(dt.date(last_known, 11, 20), 5).provisional


def test_day_rolls_back_when_it_is_a_saturday() -> None:
    assert roll_back_to_working_day(dt.date(2012, 12, 15)) == (dt.date(2012, 12, 14), False)


@given(DAYS)
def test_rolling_finds_the_nearest_working_day_on_its_side(day: dt.date) -> None:
    back, forward = roll_back_to_working_day(day).day, roll_forward_to_working_day(day).day
    assert back <= day <= forward
    assert is_working_day(back).is_worked
    assert is_working_day(forward).is_worked
    between = (back + dt.timedelta(days=n) for n in range(1, (forward - back).days))
    assert not any(is_working_day(other).is_worked for other in between)


@given(DAYS, st.integers(0, 40), st.integers(0, 40))
def test_counting_in_two_parts_gives_the_same_day(day: dt.date, one: int, two: int) -> None:
    assert working_days_after(working_days_after(day, one).day, two).day == (
        working_days_after(day, one + two).day
    )
