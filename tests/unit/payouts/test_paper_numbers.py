"""No disguise makes another paper of a number; other numbers stay others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relief.payouts.over_paid.paper_numbers import paper_key

NUMBERS = st.text("ABCDEFGHJKMNPQRSTUVWXYZ23456789收退", min_size=1, max_size=12)
BETWEEN = st.text(
    " -_\t\r\n\u00a0\u00ad\u034f\u200b\u200d\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2060\u3000"
    "\u30fc\ufe58\ufe63\ufeff\uff0d./:#（）〔〕",
    max_size=3,
)
TWINS = {
    "A": "\u0410\u0391", "B": "\u0412\u0392", "C": "\u0421\u03f9", "E": "\u0415\u0395",
    "H": "\u041d\u0397", "K": "\u041a\u039a\u212a", "M": "\u041c\u039c", "P": "\u0420\u03a1",
    "T": "\u0422\u03a4", "X": "\u0425\u03a7", "0": "Oo\u041e\u039f\u3007",
    "1": "IiLl\u0406\u0399\u2160", "2": "\u0662\u06f2\u00b2\u2461\U0001d7d0",
}  # fmt: skip


@st.composite
def disguised(draw: st.DrawFn) -> tuple[str, str]:
    """A number, and how else it may be typed."""
    number = draw(NUMBERS)
    typed = draw(BETWEEN)
    for character in number:
        wide = chr(ord(character) + 0xFEE0) if character.isascii() else character
        ways = (character, character.lower(), wide, wide.lower(), *TWINS.get(character, ""))
        typed += draw(st.sampled_from(ways)) + draw(BETWEEN)
    return number, typed


@given(disguised())
def test_number_is_the_same_however_it_is_typed(pair: tuple[str, str]) -> None:
    number, typed = pair
    assert paper_key(typed) == paper_key(number) != ""


@given(NUMBERS, NUMBERS)
def test_numbers_that_look_different_are_different(one: str, other: str) -> None:
    assert (paper_key(one) == paper_key(other)) is (one == other)


@given(st.text(max_size=30))
def test_normal_form_is_its_own(typed: str) -> None:
    assert paper_key(paper_key(typed)) == paper_key(typed)


@pytest.mark.parametrize(("typed", "key"), [
    ("SK-2005-12", "SK200512"),
    ("sk一2005一12", "SK200512"),
    ("会纪〔2005〕12号", "会纪200512"),
    ("第十一号", "十一"),
    ("\u03f9\u03f2-1", "CC1"),
    ("Σ-1", "Σ1"),
    ("第2005-017号", "2005017"),
    ("No. 2005-017", "2005017"),
    ("ＮＯ．2005-017", "2005017"),
    ("\u21162005-017", "2005017"),
    ("NO2005", "N02005"),
    ("2\u25cb\u25cb5-\u25ef17", "2005017"),
    ("\u2776\u04c02", "112"),
    ("— –", ""),
])  # fmt: skip
def test_normal_form(typed: str, key: str) -> None:
    assert paper_key(typed) == key
