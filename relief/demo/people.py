"""Invented people, made from counters alone: the same ones in every demo.

Names come from lists of characters. Identity numbers are valid in form and take their sequence
from 900 on; account numbers pass their check but begin as no bank's do: none can be anybody's.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from relief.people.rules import check_character

_SURNAMES = "陈林黄王李张叶郑吴徐潘苏董庄颜郭"
_FIRST = "海云建春国玉明金文雪志桂永素成阿秀"
_LAST_OF_WOMEN, _LAST_OF_MEN = "芬梅英珍兰娟萍琴花凤莲", "洪峰根良贵富祥土康旺华"
# The county's division code until 1994, and after.
_DIVISIONS = ((1994, "332627"), (9999, "331021"))
_SEQUENCE_FROM, _SEQUENCES = 900, 96
_ACCOUNT_PREFIX = "990576"


@dataclass(frozen=True)
class Person:
    """Somebody invented; `relation` is the key of the relation to the applicant."""

    name: str
    id_number: str
    relation: str
    counted: bool = True

    @property
    def old_id_number(self) -> str:
        """The number of 15 digits that stood on older cards."""
        return self.id_number[:6] + self.id_number[8:17]


def surname(number: int) -> str:
    """A surname by counting."""
    return _SURNAMES[number * 7 % len(_SURNAMES)]


def given_name(number: int, *, woman: bool) -> str:
    """A given name of two characters by counting."""
    last = _LAST_OF_WOMEN if woman else _LAST_OF_MEN
    return _FIRST[number * 5 % len(_FIRST)] + last[number * 7 % len(last)]


def identity_number(born: dt.date, number: int, *, woman: bool) -> str:
    """An identity number of 18 characters; women have even sequences."""
    division = next(code for before, code in _DIVISIONS if born.year < before)
    sequence = _SEQUENCE_FROM + number * 2 % _SEQUENCES + (0 if woman else 1)
    first17 = f"{division}{born:%Y%m%d}{sequence:03d}"
    return first17 + check_character(first17)


def birthday(year: int, number: int) -> dt.date:
    """A day of a year by counting."""
    return dt.date(year, 1 + number * 5 % 12, 1 + number * 11 % 28)


def account_number(number: int) -> str:
    """A card number of 19 digits that passes the check of card numbers (Luhn)."""
    first18 = f"{_ACCOUNT_PREFIX}{number * 7919 % 10**12:012d}"
    doubled = [int(digit) * (2 - index % 2) for index, digit in enumerate(first18, start=1)]
    total = sum(value // 10 + value % 10 for value in doubled)
    return f"{first18}{-total % 10}"
