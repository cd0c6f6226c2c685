"""Half-years, figures and their rounding, without a database."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relief.kernel.errors import Invalid
from relief.kernel.text import Text
from relief.reports.periods import HalfYear
from relief.reports.rules import (
    FRACTION,
    PERCENT,
    PERSONS,
    YUAN,
    Figure,
    Row,
    percent,
    ten_thousands,
)

DAY = dt.date(2005, 6, 30)


def figure(unit: str, *counts: int) -> Figure:
    rows = tuple(Row(f"R{number}", DAY, each, Text("")) for number, each in enumerate(counts))
    return Figure("some", Text("some"), Text("some"), unit, rows)


@pytest.mark.parametrize(
    ("day", "inside"),
    [("2004-12-31", False), ("2005-01-01", True), ("2005-06-30", True), ("2005-07-01", False)],
)
def test_half_year_has_its_first_and_its_last_day(day: str, inside: bool) -> None:
    assert (dt.date.fromisoformat(day) in HalfYear.parse("2005H1")) is inside


def test_second_half_runs_from_july_to_december() -> None:
    second = HalfYear.parse(" 2005h2 ")
    assert (second.first_on, second.last_on) == (dt.date(2005, 7, 1), dt.date(2005, 12, 31))
    assert str(second) == "2005H2"


def test_half_year_is_over_when_its_last_day_has_passed() -> None:
    assert not HalfYear(2005, 1).is_over(dt.date(2005, 6, 30))
    assert HalfYear(2005, 1).is_over(dt.date(2005, 7, 1))


@pytest.mark.parametrize("text", ["2005", "2005H3", "2005Q1", "05H1", "٢٠٠٥H1", "0005H1"])
def test_anything_else_is_no_half_year(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        HalfYear.parse(text)
    assert refused.value.problems[0].code == "half_year.unreadable"


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [(20, 22, "90.9"), (19, 22, "86.3"), (2, 3, "66.6"), (1999, 2000, "99.9"), (22, 22, "100.0"),
     (0, 22, "0.0"), (0, 0, None)],
)  # fmt: skip
def test_percentage_is_cut_off_and_never_rounded_up(
    part: int, whole: int, said: str | None
) -> None:
    assert percent(part, whole) == said


@given(st.integers(1, 10_000), st.data())
def test_percentage_never_overstates_and_misses_less_than_a_tenth(
    whole: int, data: st.DataObject
) -> None:
    part = data.draw(st.integers(0, whole))
    said = percent(part, whole)
    assert said is not None
    tenths = int(said.replace(".", ""))
    assert tenths * whole <= part * 1000 < (tenths + 1) * whole


def test_value_is_the_sum_of_the_rows_in_each_unit() -> None:
    assert figure(PERSONS, 5, 1, 1).value == 7
    assert figure(YUAN, 180_000, -30_000).value == "1500.00"
    assert figure(FRACTION, 1, 0, 1).value == "2/3"
    assert figure(PERCENT, 1, 0, 1).value == "66.6"


def test_rate_of_nothing_is_no_number() -> None:
    assert figure(FRACTION).value == "0/0"
    assert figure(PERCENT).value is None
    assert str(figure(PERCENT).shown) == "none"


def test_ten_thousands_are_cut_off() -> None:
    assert ten_thousands(42_000_00) == "4.2"
    assert ten_thousands(42_999_99) == "4.2"
    assert ten_thousands(0) == "0.0"
    assert ten_thousands(-300_00) == "-300.00"
