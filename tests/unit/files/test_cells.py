"""Single cells: which forms are taken, and how the others are refused."""

from __future__ import annotations

import datetime as dt

import pytest
from brought import TODAY, identity
from hypothesis import given
from hypothesis import strategies as st

from relief.households.files import personal, words
from relief.kernel.errors import Problem
from relief.kernel.files import cells
from relief.kernel.files.sheets import Cell
from relief.kernel.money import AMOUNT_MAX_FEN, format_yuan
from relief.kernel.months import first_day, format_month


def code(outcome: object) -> str:
    assert isinstance(outcome, Problem)
    return outcome.code


@pytest.mark.parametrize(
    "cell",
    [
        "2005-06-30", "2005/6/30", "2005.6.30", "20050630", "2005年6月30日", "２００５－０６－３０",
        "2005-06-30 00:00:00", 20050630, dt.date(2005, 6, 30),
    ],
)  # fmt: skip
def test_day_is_read_in_every_form(cell: Cell) -> None:
    assert cells.parse_date(cell) == dt.date(2005, 6, 30)


@pytest.mark.parametrize(
    "cell",
    ["2005-02-29", "2005-6", "05-06-30", "30.06.2005", "2005-06/30", "2005630", 38533, 2005.63,
     "0000-01-01", "1899-12-31", "9" * 500, "2005-06-30 09:00", "today"],
)  # fmt: skip
def test_what_is_no_day_is_refused(cell: Cell) -> None:
    assert code(cells.parse_date(cell)) == "date.unreadable"


@given(st.dates(dt.date(1900, 1, 1), dt.date(2999, 12, 31)), st.sampled_from("-/."))
def test_any_day_is_read_back(day: dt.date, mark: str) -> None:
    assert cells.parse_date(f"{day.year}{mark}{day.month}{mark}{day.day}") == day
    assert cells.parse_date(f"{day:%Y%m%d}") == day


@pytest.mark.parametrize(
    "cell", ["2005-04", "2005/4", "2005年4月", "２００５－０４", dt.date(2005, 4, 1)]
)
def test_month_is_read_in_every_form(cell: Cell) -> None:
    month = cells.parse_month_cell(cell)
    assert isinstance(month, int)
    assert format_month(month) == "2005-04"
    assert first_day(month) == dt.date(2005, 4, 1)


@pytest.mark.parametrize(
    "cell", ["2005-13", "2005", "April", dt.date(2005, 4, 2), 2005.1, "2005.1", "2005Q2"]
)
def test_what_is_no_month_is_refused(cell: Cell) -> None:
    assert code(cells.parse_month_cell(cell)) == "month.unreadable"


@given(st.integers(min_value=0, max_value=AMOUNT_MAX_FEN))
def test_any_amount_is_read_back_as_text(amount_fen: int) -> None:
    assert cells.parse_amount(format_yuan(amount_fen)) == amount_fen
    assert cells.parse_amount(format_yuan(amount_fen, grouped=True)) == amount_fen


@given(st.integers(min_value=0, max_value=999_999_999_99))
def test_any_amount_is_read_back_from_a_number_cell(amount_fen: int) -> None:
    assert cells.parse_amount(amount_fen / 100) == amount_fen


@pytest.mark.parametrize("cell", ["200.005", "-1", "1e5", "NaN", "", "12,00", 1e300, "＋1"])
def test_what_is_no_amount_is_refused(cell: Cell) -> None:
    assert code(cells.parse_amount(cell)) == "money.unreadable"


@pytest.mark.parametrize(
    ("cell", "answer"),
    [("yes", True), ("是", True), ("Y", True), ("1", True), (1, True), ("ＹＥＳ", True),
     ("no", False), ("否", False), ("n", False), ("0", False), (0, False)],
)  # fmt: skip
def test_yes_and_no_are_read_in_both_languages(cell: Cell, answer: bool) -> None:
    assert cells.parse_yes_no(cell) is answer


def test_what_is_neither_yes_nor_no_is_refused() -> None:
    assert code(cells.parse_yes_no("perhaps")) == "cell.yes_no"


def test_choices_are_read_in_both_languages_and_refused_with_the_words() -> None:
    grade = cells.choice_of(words.GRADES)
    assert grade("深度困难") == grade(" Deep ") == "deep"
    outcome = grade("poor")
    assert code(outcome) == "cell.choice"
    assert isinstance(outcome, Problem)
    assert "deep 深度困难, relative 相对困难" in str(outcome.text)


def test_every_change_and_relation_has_words_of_its_own() -> None:
    for table in (words.CHANGES, words.RELATIONS, words.GRADES):
        parse = cells.choice_of(table)
        assert all(parse(word) == key for key, others in table.items() for word in (key, *others))


@pytest.mark.parametrize("cell", [331021195002039012, 3.31021195002039e17, dt.date(2005, 1, 1)])
def test_identity_and_account_are_refused_unless_text(cell: Cell) -> None:
    assert code(personal.identity_on(TODAY)(cell)) == "cell.number"
    assert code(personal.parse_account_no(cell)) == "cell.number"


def test_identity_keeps_the_15_digits_that_were_brought() -> None:
    parse = personal.identity_on(TODAY)
    assert parse("332627500101001") == ("332627195001010010", "332627500101001")
    assert parse(identity(1)) == (identity(1), "")


@pytest.mark.parametrize("number", ["H1", "玉困2005-001", "a_b/c", "Ｈ１", "1" * 32])
def test_household_number_is_taken(number: str) -> None:
    assert not isinstance(personal.parse_household_no(number), Problem)


@pytest.mark.parametrize("number", ["H 1", "H.1", "1" * 33, "H\u0301", "=H1", "Н1", "😀"])
def test_household_number_is_refused(number: str) -> None:
    assert code(personal.parse_household_no(number)) == "household.number_form"


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("x" * 201, "text.length"),
        ("a\nb", "text.characters"),
        ("a\x00b", "text.characters"),
        ("a\u202eb", "text.characters"),
        (dt.date(2005, 6, 1), "cell.date"),
    ],
)
def test_text_is_refused_with_its_reason(cell: Cell, reason: str) -> None:
    assert code(cells.parse_text(cell)) == reason


def test_text_has_the_length_of_its_column() -> None:
    assert cells.parse_text("x" * 200) == "x" * 200
    assert personal.parse_address("x" * 300) == "x" * 300
    assert code(personal.parse_address("x" * 301)) == "text.length"
    assert cells.parse_text(1001) == "1001"
