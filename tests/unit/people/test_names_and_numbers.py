"""Names, accounts and phones: their stored forms, and their masks."""

from __future__ import annotations

import pytest

from relief.kernel.errors import Problem
from relief.people.rules import (
    account_warning,
    mask_account,
    mask_identity,
    mask_name,
    mask_phone,
    normalise_account_no,
    normalise_name,
    normalise_phone,
    pinyin_of,
)


@pytest.mark.parametrize(
    ("brought", "stored"),
    [
        ("王小禾", "王小禾"),
        (" 王 小禾\u3000", "王小禾"),
        ("王\u3000禾", "王禾"),
        ("阿依\u2022古丽", "阿依·古丽"),
        ("阿依\u2027古丽", "阿依·古丽"),
        ("阿依\u30fb古丽", "阿依·古丽"),
        ("阿依 · 古丽", "阿依·古丽"),
        ("Ａｎｎａ  Ｔｅｓｔ", "Anna Test"),
        ("\u2f45小禾", "方小禾"),
        ("\ufa0c小禾", "\ufa0c小禾"),
        ("\U0002cb4d小禾", "\U0002cb4d小禾"),
        ("a" * 60, "a" * 60),
    ],
)
def test_name_is_stored_in_one_form(brought: str, stored: str) -> None:
    assert normalise_name(brought) == stored


@pytest.mark.parametrize(
    ("brought", "reason"),
    [
        ("", "name.missing"),
        (" \u3000", "name.missing"),
        ("a" * 61, "name.length"),
        ("王\u200b禾", "name.characters"),
        ("王\x00禾", "name.characters"),
        ("\u202e禾王", "name.characters"),
    ],
)
def test_name_is_refused_with_its_reason(brought: str, reason: str) -> None:
    outcome = normalise_name(brought)
    assert isinstance(outcome, Problem)
    assert outcome.code == reason


def test_name_normalised_twice_stays() -> None:
    once = normalise_name(" 阿依 \u2022 古丽")
    assert isinstance(once, str)
    assert normalise_name(once) == once


@pytest.mark.parametrize(
    ("name", "pinyin"),
    [
        ("王小禾", "wxh wangxiaohe"),
        ("吕禾", "lh lvhe"),
        ("单小禾", "sxh shanxiaohe"),
        ("阿依·古丽", "aygl ayiguli"),
        ("Anna Test", "annatest annatest"),
        ("〇", ""),
    ],
)
def test_pinyin_holds_initials_and_the_whole_in_plain_letters(name: str, pinyin: str) -> None:
    assert pinyin_of(name).isascii()
    if name.isascii() or pinyin:
        assert pinyin_of(name) == pinyin


@pytest.mark.parametrize(
    ("brought", "stored"),
    [
        ("6228 8762 3286 0129 040", "6228876232860129040"),
        ("6228-8762-3286", "622887623286"),
        ("６２２８８７６２", "62288762"),
        ("123456", "123456"),
        ("1" * 32, "1" * 32),
    ],
)
def test_account_number_is_stored_as_digits(brought: str, stored: str) -> None:
    assert normalise_account_no(brought) == stored


@pytest.mark.parametrize(
    ("brought", "reason"),
    [
        ("12345", "account.form"),
        ("1" * 33, "account.form"),
        ("62288762A", "account.form"),
        ("", "account.form"),
        ("6.22887E+18", "number.spoilt_by_spreadsheet"),
    ],
)
def test_account_number_is_refused_with_its_reason(brought: str, reason: str) -> None:
    outcome = normalise_account_no(brought)
    assert isinstance(outcome, Problem)
    assert outcome.code == reason


def test_account_number_is_warned_of_when_its_check_digit_fails() -> None:
    assert account_warning("4111111111111111") is None
    assert account_warning("79927398713") is None
    warning = account_warning("4111111111111112")
    assert warning is not None
    assert "41111" not in str(warning.text)
    assert account_warning("") is None
    assert account_warning("cash") is None


@pytest.mark.parametrize(
    ("brought", "stored"),
    [
        ("138 0000 0000", "13800000000"),
        ("+86 138-0000-0000", "13800000000"),
        ("0086 13800000000", "13800000000"),
        ("(0576) 8700 0000", "057687000000"),
        ("０５７６－８７００００００", "057687000000"),
        ("12345", "12345"),
    ],
)
def test_phone_is_stored_as_digits(brought: str, stored: str) -> None:
    assert normalise_phone(brought) == stored


@pytest.mark.parametrize("brought", ["", "1234", "none", "1" * 21])
def test_phone_is_refused_when_it_is_none(brought: str) -> None:
    assert isinstance(normalise_phone(brought), Problem)


def test_masks_leave_what_a_clerk_needs_to_recognise() -> None:
    assert mask_identity("331083201801010014") == "331***********0014"
    assert mask_account("6228876232860129040") == "***************9040"
    assert mask_account("") == ""
    assert mask_phone("13800001234") == "138****1234"
    assert mask_phone("87001234") == "****1234"
    assert mask_phone("05718700894") == "0571-****894"
    assert mask_phone("057187001234") == "0571-****1234"
    assert mask_phone("01087001234") == "010-****1234"
    assert mask_name("王小禾") == "王**"
    assert mask_name("王") == "王*"
