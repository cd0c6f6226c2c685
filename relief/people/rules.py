"""What a person brings: identity numbers, names, accounts and phones, checked and masked.

Each `normalise_…` gives the stored form, or the `Problem` that says what would be right; the caller
adds where it stands. No problem repeats an identity or account number: lists of faults get about.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from functools import cache

from pypinyin import lazy_pinyin

from relief.kernel.errors import Problem
from relief.kernel.text import _

IDENTITY_LENGTH = 18
AGE_MAX = 120
NAME_LENGTH_MAX = 60
ACCOUNT_LENGTH_MIN, ACCOUNT_LENGTH_MAX = 6, 32
# Chinese characters: the unified blocks and their extensions, the compatibility forms, and zero.
CHINESE = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
_FLOAT = re.compile(r"\d(\.\d*)?E\+?\d+|\d+\.0*", re.ASCII | re.IGNORECASE)
_DASHES = re.compile(r"[\s\-\u2010-\u2015\u2212]")
_COMPATIBILITY = re.compile("([\uf900-\ufaff\U0002f800-\U0002fa1f]+)")
_MIDDLE_DOTS = str.maketrans(dict.fromkeys("\u2022\u2027\u30fb\u2219\u22c5", "\u00b7"))
_INNER_BLANK = re.compile(rf"(?<=[{CHINESE}\u00b7])\s+(?=[{CHINESE}\u00b7])")
# Surnames that are read otherwise than the character alone.
_SURNAMES = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "查": "zha", "盖": "ge", "区": "ou",
    "朴": "piao", "乐": "yue", "冼": "xian", "覃": "qin", "缪": "miao", "翟": "zhai", "种": "chong",
}  # fmt: skip


def normalise_identity(text: str, today: dt.date) -> str | Problem:
    """The 18-character form of a resident identity number; an old one of 15 digits is lengthened.

    The division code is not judged: real people have numbers that the code tables do not allow.
    Residence permits of Hong Kong, Macau and Taiwan (81, 82, 83) keep the same rules.
    """
    number = _compact(text).upper()
    if _FLOAT.fullmatch(number):
        return _spoilt_by_spreadsheet()
    if old_identity(number):
        first17 = f"{number[:6]}19{number[6:]}"
        number = first17 + check_character(first17)
    if len(number) != IDENTITY_LENGTH:
        return Problem(
            "identity.length",
            _(
                "An identity number has 18 characters (an old one 15 digits), this one {count}.",
                count=len(number),
            ),
        )
    if not re.fullmatch(r"\d{17}[\dX]", number, re.ASCII):
        return Problem(
            "identity.characters",
            _("An identity number consists of digits; only the last character may be an X."),
        )
    return _birth_problem(number, today) or _check_problem(number) or number


def old_identity(text: str) -> str:
    """The 15 digits of an old number, without blanks; of anything else nothing."""
    number = _compact(text)
    return number if re.fullmatch(r"\d{15}", number, re.ASCII) else ""


def check_character(first17: str) -> str:
    """The 18th character that belongs to the first 17 digits (GB 11643)."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True))
    return _CHECK_CHARACTERS[total % 11]


def birth_date(number: str) -> dt.date:
    """The date of birth that a checked number holds."""
    return dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def _birth_problem(number: str, today: dt.date) -> Problem | None:
    try:
        born = birth_date(number)
    except ValueError:
        return Problem(
            "identity.birth_date",
            _(
                "The date of birth in the number, {digits}, is not a date of the calendar; "
                "compare the 7th to 14th digits with the card.",
                digits=number[6:14],
            ),
        )
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if born > today or age > AGE_MAX:
        return Problem(
            "identity.age",
            _(
                "The date of birth in the number is {born}; it must not lie in the future, nor "
                "more than {years} years back.",
                born=born,
                years=AGE_MAX,
            ),
        )
    return None


def _check_problem(number: str) -> Problem | None:
    if check_character(number[:17]) == number[17]:
        return None
    if number.endswith("000"):  # a spreadsheet keeps 15 digits of a number and puts zeros after
        return _spoilt_by_spreadsheet()
    return Problem(
        "identity.check_character",
        _(
            "The last character does not agree with the 17 before it: at least one is mistyped; "
            "compare the number with the card."
        ),
    )


def _spoilt_by_spreadsheet() -> Problem:
    return Problem(
        "number.spoilt_by_spreadsheet",
        _(
            "A spreadsheet has taken this for a quantity and lost its last digits; "
            "format the column as text and type the whole number anew."
        ),
    )


def _compact(text: str) -> str:
    """Half-width, without blanks or the apostrophe that marks text in a spreadsheet."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).removeprefix("'")


def normalise_account_no(text: str) -> str | Problem:
    """An account number: 6 to 32 digits; blanks and dashes are taken out."""
    compact = _compact(text)
    if _FLOAT.fullmatch(compact):
        return _spoilt_by_spreadsheet()
    number = _DASHES.sub("", compact)
    if not re.fullmatch(rf"\d{{{ACCOUNT_LENGTH_MIN},{ACCOUNT_LENGTH_MAX}}}", number, re.ASCII):
        return Problem(
            "account.form",
            _(
                "An account number consists of {least} to {most} digits.",
                least=ACCOUNT_LENGTH_MIN,
                most=ACCOUNT_LENGTH_MAX,
            ),
        )
    return number


def account_warning(number: str) -> Problem | None:
    """A card number that fails its check digit; passbooks have none, so it is no refusal. What is
    no number (none yet, cash) has nothing to fail."""
    if not number.isdigit():
        return None
    doubled = [int(digit) * (2 - index % 2) for index, digit in enumerate(number[-2::-1])]
    total = int(number[-1]) + sum(value // 10 + value % 10 for value in doubled)
    if total % 10 == 0:
        return None
    return Problem(
        "account.check_digit",
        _(
            "The account number {masked} does not pass the check of card numbers; right for a "
            "passbook, for a card compare it once more.",
            masked=mask_account(number),
        ),
    )


def normalise_phone(text: str) -> str | Problem:
    """A phone number: digits alone, without the country code; little else is asked of it."""
    number = re.sub(r"[()]", "", _DASHES.sub("", _compact(text)))
    number = re.sub(r"^(\+|00)86", "", number)
    if not re.fullmatch(r"\+?\d{5,20}", number, re.ASCII):
        return Problem(
            "phone.form",
            _("A phone number consists of 5 to 20 digits, such as 13800000000 or 0576-87000000."),
        )
    return number


def normalise_name(text: str) -> str | Problem:
    """A name as it is stored: Chinese characters stay as they are written, the rest half-width; one
    form of the middle dot; no blanks between Chinese characters."""
    parts = _COMPATIBILITY.split(text.strip())
    # The compatibility characters are the odd parts: NFKC would write the name another way.
    plain = "".join(
        part if index % 2 else unicodedata.normalize("NFKC", part)
        for index, part in enumerate(parts)
    )
    name = " ".join(_INNER_BLANK.sub("", plain.translate(_MIDDLE_DOTS)).split())
    if not name:
        return Problem("name.missing", _("A name is missing."))
    if len(name) > NAME_LENGTH_MAX:
        return Problem(
            "name.length",
            _(
                "A name has at most {most} characters, this one {count}.",
                most=NAME_LENGTH_MAX,
                count=len(name),
            ),
        )
    if any(unicodedata.category(character) in {"Cc", "Cf", "Cs"} for character in name):
        return Problem(
            "name.characters",
            _("The name holds characters that cannot be seen; type it anew instead of copying it."),
        )
    return name


def pinyin_of(name: str) -> str:
    """What a name is found by: its initials and its full pinyin, `wxm wuxiaoming`."""
    words = _syllables(name)
    return f"{''.join(word[0] for word in words)} {''.join(words)}".strip()


def _syllables(name: str) -> list[str]:
    surname, rest = _SURNAMES.get(name[:1]), name
    if surname:
        rest = name[1:]
    syllables = ([surname] if surname else []) + [_syllable(character) for character in rest]
    return [syllable for syllable in syllables if syllable]


def name_parts(name: str) -> frozenset[str]:
    """What a name is found by the beginning of: the name from each of its characters on, and its
    pinyin and its initials from each of their syllables on, folded as `folded`; and `whole`."""
    said, initials, pinyin = folded(name), "", ""
    parts = {whole(name), *(said[start:] for start in range(len(said)))}
    for syllable in reversed(_syllables(name)):
        initials, pinyin = syllable[0] + initials, syllable + pinyin
        parts |= {initials, pinyin}
    return frozenset(parts)


def whole(name: str) -> str:
    """The part that a name alone has: no folded words begin with a blank."""
    return f" {name}"


def folded(words: str) -> str:
    """A name, or what was typed to find it, so that both can be compared: without blanks, in small
    letters, half-width."""
    plain = unicodedata.normalize("NFKC", words).translate(_MIDDLE_DOTS)
    return "".join(plain.casefold().split())


@cache
def _syllable(character: str) -> str:
    sound = "".join(lazy_pinyin(character, errors="default")).lower()
    return "".join(letter for letter in sound if letter.isascii() and letter.isalnum())


def mask_identity(number: str) -> str:
    """`331***********0014`."""
    return number[:3] + "*" * (len(number) - 7) + number[-4:]


def mask_account(number: str) -> str:
    """The last four digits alone."""
    return "*" * (len(number) - 4) + number[-4:]


_LANDLINE = re.compile(r"(?P<area>010|02\d|0[3-9]\d\d)\d{4}(?P<end>\d{3,4})", re.ASCII)


def mask_phone(number: str) -> str:
    """`138****0000`; of a landline its area code and what follows four digits (`0571-****894`); of
    a short one the last four digits alone."""
    landline = _LANDLINE.fullmatch(number)
    if landline:
        return f"{landline['area']}-****{landline['end']}"
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 11 else mask_account(number)


def mask_name(name: str) -> str:
    """The surname and a star for each character after it."""
    return name[:1] + "*" * max(1, len(name) - 1)
