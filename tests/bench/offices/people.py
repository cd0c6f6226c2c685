"""Invented households, each a pure function of its number: 2.8 members on average, of whom one in
ten enters or leaves within the first quarter. No identity number or account is anybody's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from relief.people.rules import check_character

_SIZES = (3, 1, 2, 2, 3, 3, 4, 3, 3, 4)
MEMBERS_IN_TEN = sum(_SIZES)
_RELATIONS = ("self", "spouse", "child", "parent")
_FAMILY = "吴王李张刘陈杨赵黄周徐孙胡朱高林何郭马罗"
_GIVEN = "试测样例演练假拟虚设空白甲乙丙丁戊己庚辛"
_GRADES = ("deep", "relative", "accidental")
_FIRST_BORN = dt.date(1940, 1, 1)
_BIRTHDAYS = 18_000
_ONE_IN = 20

JOINED_ON, LEFT_ON = dt.date(2005, 4, 20), dt.date(2005, 5, 10)
APPROVED_ON = dt.date(2004, 12, 10)
BANK = "试用银行解放路支行"


class Member(NamedTuple):
    """Somebody in a household."""

    number: int
    name: str
    id_number: str
    relation: str
    joined_on: dt.date | None
    left_on: dt.date | None


class Family(NamedTuple):
    """A household; the applicant is its first member."""

    number: int
    household_no: str
    grade: str
    account_no: str
    members: list[Member]


def families(count: int) -> Iterator[Family]:
    """The first so many households."""
    person = 0
    for number in range(1, count + 1):
        size = _SIZES[number % len(_SIZES)]
        members = [_member(person + place, place) for place in range(1, size + 1)]
        person += size
        grade, account_no = _GRADES[number % 3], f"6228480{number:012d}"
        yield Family(number, f"H{number:07d}", grade, account_no, members)


def _member(number: int, place: int) -> Member:
    moves = number % _ONE_IN if place > 1 else None
    given = _GIVEN[number % 20] + _GIVEN[number // 20 % 20]
    return Member(
        number,
        _FAMILY[number // 400 % 20] + given,
        _id_number(number),
        _RELATIONS[place - 1],
        JOINED_ON if moves in (3, 4) else None,
        LEFT_ON if moves in (5, 6) else None,
    )


def _id_number(number: int) -> str:
    born = _FIRST_BORN + dt.timedelta(days=number % _BIRTHDAYS)
    first17 = f"331002{born:%Y%m%d}{number // _BIRTHDAYS:03d}"
    return first17 + check_character(first17)
