"""Identity numbers: what is taken, what is refused, and with which reason."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relief.kernel.errors import Problem
from relief.people.rules import birth_date, check_character, normalise_identity, old_identity

TODAY = dt.date(2005, 6, 30)


def code(text: str) -> str:
    outcome = normalise_identity(text, TODAY)
    assert isinstance(outcome, Problem), "the number was taken"
    return outcome.code


@pytest.mark.parametrize(
    ("brought", "stored"),
    [
        ("332627195001010010", "332627195001010010"),
        ("332627500101001", "332627195001010010"),
        ("11010519491231002x", "11010519491231002X"),
        (" 332627 19500101 0010 ", "332627195001010010"),
        ("'332627195001010010", "332627195001010010"),
        ("３３２６２７１９５００１０１００１０", "332627195001010010"),
        ("1101051949123100２Ｘ", "11010519491231002X"),
    ],
)
def test_identity_number_is_stored_in_its_18_characters(brought: str, stored: str) -> None:
    assert normalise_identity(brought, TODAY) == stored


@pytest.mark.parametrize("division", ["331021", "331083", "332627", "810000", "820000", "830000"])
def test_identity_number_is_taken_whatever_its_division_says_about_the_year(division: str) -> None:
    first17 = f"{division}19750203912"
    number = first17 + check_character(first17)
    assert normalise_identity(number, TODAY) == number


@pytest.mark.parametrize(
    ("brought", "reason"),
    [
        ("33262719500101001", "identity.length"),
        ("3326271950010100100", "identity.length"),
        ("33262750010100", "identity.length"),
        ("", "identity.length"),
        ("33262719500101001A", "identity.characters"),
        ("3326271950010X0010", "identity.characters"),
        ("332627１９５0010I0010", "identity.characters"),
        ("33262719500101001\u0425", "identity.characters"),
        ("33262719500101\u0661\u0660\u0661\u0660", "identity.characters"),
        ("332627195002300019", "identity.birth_date"),
        ("332627195013010019", "identity.birth_date"),
        ("332627000001010019", "identity.birth_date"),
        ("332627195001010011", "identity.check_character"),
        ("332627195001010100", "identity.check_character"),
        ("332627195001010000", "number.spoilt_by_spreadsheet"),
        ("3.32627E+17", "number.spoilt_by_spreadsheet"),
        ("3.32627195001010e+17", "number.spoilt_by_spreadsheet"),
        ("331083201801009984.0", "number.spoilt_by_spreadsheet"),
    ],
)
def test_identity_number_is_refused_with_its_reason(brought: str, reason: str) -> None:
    assert code(brought) == reason


def born(day: dt.date) -> str:
    first17 = f"331021{day:%Y%m%d}901"
    return first17 + check_character(first17)


def test_identity_number_is_taken_when_born_today_and_refused_when_tomorrow() -> None:
    assert normalise_identity(born(TODAY), TODAY) == born(TODAY)
    assert code(born(TODAY + dt.timedelta(days=1))) == "identity.age"


def test_identity_number_is_taken_up_to_120_years_and_refused_beyond() -> None:
    assert normalise_identity(born(dt.date(1884, 7, 1)), TODAY) == born(dt.date(1884, 7, 1))
    assert code(born(dt.date(1884, 6, 30))) == "identity.age"


def test_problem_with_a_number_does_not_repeat_it() -> None:
    outcome = normalise_identity("332627195001010011", TODAY)
    assert isinstance(outcome, Problem)
    assert "332627" not in str(outcome.text)


days = st.dates(min_value=dt.date(1900, 1, 1), max_value=TODAY)
sequences = st.integers(min_value=1, max_value=999)


@given(days, sequences)
def test_any_well_made_number_is_taken_and_holds_its_birth_date(day: dt.date, order: int) -> None:
    first17 = f"331021{day:%Y%m%d}{order:03d}"
    number = first17 + check_character(first17)
    assert normalise_identity(number, TODAY) == number
    assert birth_date(number) == day


@given(days, sequences, st.data())
def test_a_number_with_one_wrong_digit_is_never_taken(
    day: dt.date, order: int, data: st.DataObject
) -> None:
    first17 = f"331021{day:%Y%m%d}{order:03d}"
    number = first17 + check_character(first17)
    place = data.draw(st.integers(min_value=0, max_value=16))
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != number[place]]))
    wrong = number[:place] + digit + number[place + 1 :]
    assert isinstance(normalise_identity(wrong, TODAY), Problem)


@given(st.dates(dt.date(1900, 1, 1), dt.date(1999, 12, 31)), sequences)
def test_an_old_number_finds_its_18_character_self(day: dt.date, order: int) -> None:
    old = f"332627{day:%y%m%d}{order:03d}"
    first17 = f"332627{day:%Y%m%d}{order:03d}"
    assert normalise_identity(old, TODAY) == first17 + check_character(first17)
    assert old_identity(f" {old} ") == old


@given(st.one_of(st.text(max_size=40), st.from_regex(r"[0-9Xx.E+']{0,20}")))
def test_any_text_is_taken_or_refused_but_nothing_breaks(text: Any) -> None:
    outcome = normalise_identity(text, TODAY)
    assert isinstance(outcome, Problem) or len(outcome) == 18
