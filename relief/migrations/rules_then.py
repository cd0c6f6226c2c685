"""The rules by which migrations write rows, as they were when the migrations were written.

A rule of the product goes on; a migration does not: an office that comes from an old version gets
what its migration wrote when it was new. Nothing here is ever mended to follow the product.
"""

from __future__ import annotations

import re
import unicodedata

from pypinyin import lazy_pinyin

# Of 0010 and 0014: how names are found.
_MIDDLE_DOTS = str.maketrans(dict.fromkeys("\u2022\u2027\u30fb\u2219\u22c5", "\u00b7"))
_SURNAMES = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "查": "zha", "盖": "ge", "区": "ou",
    "朴": "piao", "乐": "yue", "冼": "xian", "覃": "qin", "缪": "miao", "翟": "zhai", "种": "chong",
}  # fmt: skip
# Of 0013: what looks the same in the number of a paper.
_LUNATE = str.maketrans("\u03f9\u03f2", "CC")
_NOUGHTS = str.maketrans("\u25cb\u25ef", "00")
_LETTERS = str.maketrans(
    "\u0410\u0412\u0415\u0405\u0406\u0408\u041a\u041c\u041d"
    "\u041e\u0420\u0421\u0422\u0423\u0425\u04ae\u051a\u051c"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7",
    "ABESIJKMHOPCTYXYQW"
    "ABEZHIKMNOPTYX",
)  # fmt: skip
_FIGURES = str.maketrans("OIL\u3007\u4e28\u04c0\u0555", "0110110")
_AROUND = re.compile(r"^\W*[Nn][Oo][.:]|[第号號]")
_OF_NUMBERS = frozenset({"Lu", "Ll", "Lo", "Lt", "Nd", "Nl", "No"})
_DASH_OF_AN_INPUT_METHOD = re.compile(r"(?<=[0-9A-Z])一+(?=[0-9A-Z])")


def pinyin_of(name: str) -> str:
    """The initials of a name and its full pinyin."""
    words = _syllables(name)
    return f"{''.join(word[0] for word in words)} {''.join(words)}".strip()


def name_parts(name: str) -> frozenset[str]:
    """The name from each of its characters on, its pinyin and initials from each syllable on, and
    the whole of it after a blank."""
    plain = unicodedata.normalize("NFKC", name).translate(_MIDDLE_DOTS)
    said, initials, pinyin = "".join(plain.casefold().split()), "", ""
    parts = {f" {name}", *(said[start:] for start in range(len(said)))}
    for syllable in reversed(_syllables(name)):
        initials, pinyin = syllable[0] + initials, syllable + pinyin
        parts |= {initials, pinyin}
    return frozenset(parts)


def paper_key(number: str) -> str:
    """The normal form of a paper's number."""
    typed = number.replace("\u2116", " ").translate(_LUNATE | _NOUGHTS)
    bare = _AROUND.sub(" ", unicodedata.normalize("NFKD", typed))
    plain = unicodedata.normalize("NFKD", bare.upper())
    kept = (each for each in plain if unicodedata.category(each) in _OF_NUMBERS)
    folded = "".join(map(_figure, kept)).translate(_LETTERS).translate(_FIGURES)
    return _DASH_OF_AN_INPUT_METHOD.sub("", folded)


def _syllables(name: str) -> list[str]:
    surname = _SURNAMES.get(name[:1])
    rest = name[1:] if surname else name
    syllables = ([surname] if surname else []) + [_syllable(character) for character in rest]
    return [syllable for syllable in syllables if syllable]


def _syllable(character: str) -> str:
    sound = "".join(lazy_pinyin(character, errors="default")).lower()
    return "".join(letter for letter in sound if letter.isascii() and letter.isalnum())


def _figure(character: str) -> str:
    figure = unicodedata.digit(character, None)
    return character if figure is None else str(figure)
