"""The words of payouts."""

from __future__ import annotations

import pytest

from relief.kernel.months import parse_month
from relief.kernel.text import Translator
from relief.payouts import words

ENGLISH = Translator("en")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["2005-04"], "2005-04"),
        (["2005-04", "2005-05", "2005-06"], "2005-04, 2005-05, 2005-06"),
        (["2005-11", "2005-12", "2006-01", "2006-02"], "2005-11 to 2006-02 (4 months)"),
        (
            ["2005-04", "2005-05", "2005-06", "2005-10", "2005-11"],
            "2005-04, 2005-05, 2005-06, 2005-10, 2005-11",
        ),
        (
            ["2005-01", "2005-02", "2005-03", "2005-04", "2005-06"],
            "2005-01 to 2005-04 (4 months), 2005-06",
        ),
        ([], ""),
    ],
)
def test_months_are_told_by_name_or_by_first_and_last_when_the_row_is_long(
    given: list[str], told: str
) -> None:
    assert ENGLISH(words.months([parse_month(each) for each in given])) == told


def test_members_are_told_by_relation_in_one_order() -> None:
    who = words.members(["child", "spouse", "child", "self"])
    assert ENGLISH(who) == "the applicant, the spouse, 2 children"


def test_people_are_told_in_the_right_number() -> None:
    assert [str(words.people(count)) for count in (1, 2)] == ["1 person", "2 people"]
