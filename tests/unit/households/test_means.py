"""What the figures of a survey propose, and how it is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relief.households.life.means import (
    LineInForce,
    Means,
    arithmetic,
    means_of,
    proposed_grade,
)

LINE_FEN = 24_000
LINE = LineInForce(1, 2005 * 12, LINE_FEN, "2005-3")
amounts = st.integers(0, 30_000_00)


@pytest.mark.parametrize(
    ("means", "grade"),
    [
        (Means(8_639_99, 0, 3), "deep"),  # a fen a year below three times twelve lines
        (Means(8_640_00, 0, 3), "relative"),  # the line itself is not below the line
        (Means(17_279_99, 0, 3), "relative"),
        (Means(17_280_00, 0, 3), ""),
        (Means(20_000_00, 11_360_01, 3), "deep"),  # what cannot be avoided is taken off
        (Means(5_000_00, 9_000_00, 3), "deep"),  # less than nothing is left
        (Means(0, 0, 1), "deep"),
        (Means(20_000_00, 0, 3, accident_loss_fen=16_000_00), ""),  # 80 percent is not more
        (Means(20_000_00, 0, 3, accident_loss_fen=16_000_01), "accidental"),
        (Means(0, 0, 3, exclusion_criterion="car"), ""),
        (Means(20_000_00, 0, 3, 20_000_00, "second_home"), ""),
    ],
)
def test_grade_is_proposed_by_the_line(means: Means, grade: str) -> None:
    assert proposed_grade(means, LINE_FEN) == grade


def test_arithmetic_of_an_accident_is_told_to_the_end() -> None:
    means = Means(20_000_00, 500_00, 3, accident_loss_fen=16_000_00, exclusion_criterion="car")
    assert [str(line) for line in arithmetic(means, LINE)][1:] == [
        "19,500.00 / 12 months / 3 persons living together = 541.66 a person a month",
        "minimum living line from 2005-01 on (document 2005-3): 240.00, twice the line: 480.00",
        "541.66 is not below twice the line, 480.00",
        "loss by an accident 16,000.00, not more than 80 percent of 20,000.00: no grade is "
        "proposed",
        "exclusion criterion: a car that is not for work; no grade is proposed",
    ]


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"persons": "0"},
        {"persons": "two"},
        {"annual_household_income": "a lot"},
        {"unavoidable_expense": ""},
        {"accident_loss": "-1"},
    ],
)
def test_figures_are_not_judged_while_they_cannot_be_read(typed: dict[str, str]) -> None:
    whole = {"annual_household_income": "9000", "unavoidable_expense": "0.50", "persons": "3"}
    assert means_of(whole) == Means(9_000_00, 50, 3)
    assert means_of({**whole, **typed} if typed else {}) is None


@given(amounts, amounts, st.integers(1, 9), amounts, st.integers(1, 100_000))
def test_more_income_never_proposes_a_deeper_grade(
    income: int, expense: int, persons: int, loss: int, line_fen: int
) -> None:
    depth = ("deep", "relative", "accidental", "")
    one = proposed_grade(Means(income, expense, persons, loss), line_fen)
    richer = proposed_grade(Means(income + 1, expense, persons, loss), line_fen)
    assert depth.index(one) <= depth.index(richer)
    # What is said agrees with what is proposed.
    said = str(arithmetic(Means(income, expense, persons, loss), LINE)[-1])
    verdict = proposed_grade(Means(income, expense, persons, loss), LINE_FEN)
    assert said.endswith(verdict or "no grade is proposed")
