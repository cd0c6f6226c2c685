"""When two numbers of papers are the same paper (pure)."""

from __future__ import annotations

import re
import unicodedata

# What looks the same on a slip: Cyrillic and Greek letters with a Latin twin, and what is typed for
# figures: O, I, L, the Chinese nought and the Chinese stroke.
_CYRILLIC = (
    "\u0410\u0412\u0415\u0405\u0406\u0408\u041a\u041c\u041d"
    "\u041e\u0420\u0421\u0422\u0423\u0425\u04ae\u051a\u051c",
    "ABESIJKMHOPCTYXYQW",
)
_GREEK = (
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7",
    "ABEZHIKMNOPTYX",
)
# The lunate sigma, which a normal form takes for another sigma, is looked at before.
_LUNATE = str.maketrans("\u03f9\u03f2", "CC")
_LETTERS = str.maketrans(*_CYRILLIC) | str.maketrans(*_GREEK)
_FIGURES = str.maketrans("OIL\u3007\u4e28\u04c0\u0555", "0110110")
# Circles that are typed for the Chinese nought.
_NOUGHTS = str.maketrans("\u25cb\u25ef", "00")
# What is written around a number, and is none of it.
_AROUND = re.compile(r"^\W*[Nn][Oo][.:]|[第号號]")
_OF_NUMBERS = frozenset({"Lu", "Ll", "Lo", "Lt", "Nd", "Nl", "No"})
# Among figures and letters the Chinese one is a dash that an input method left.
_DASH_OF_AN_INPUT_METHOD = re.compile(r"(?<=[0-9A-Z])一+(?=[0-9A-Z])")


def paper_key(number: str) -> str:
    """The normal form of a paper's number: what it is compared by, kept by and unique by. Letters
    and figures alone, upper case, half-width, what looks the same as one; whatever stands between
    them (dashes, blanks, line breaks, marks that cannot be seen) or around (No., 第…号) is away."""
    typed = number.replace("\u2116", " ").translate(_LUNATE | _NOUGHTS)
    bare = _AROUND.sub(" ", unicodedata.normalize("NFKD", typed))
    plain = unicodedata.normalize("NFKD", bare.upper())
    kept = (each for each in plain if unicodedata.category(each) in _OF_NUMBERS)
    folded = "".join(map(_figure, kept)).translate(_LETTERS).translate(_FIGURES)
    return _DASH_OF_AN_INPUT_METHOD.sub("", folded)


def _figure(character: str) -> str:
    """A figure of any script, in a circle or not, as 0 to 9."""
    figure = unicodedata.digit(character, None)
    return character if figure is None else str(figure)
