"""What an input method leaves wide, or small, is read as it is meant where numbers are typed."""

from __future__ import annotations

import pytest

from relief.desk.queries import Sought, list_contacts
from relief.engine.cases import find_case
from relief.finding.search import find
from relief.petitions.seeing import readable_contacts
from tests.matters import answered, do, opened, row
from tests.office import CHEN, Office


@pytest.fixture
def june(office: Office) -> Office:
    office.at("2005-06-15T09:00")
    return office


@pytest.mark.parametrize("typed", ["p2005-0001", "Ｐ２００５－０００１", " ｐ２００５－０００１ "])
def test_case_is_found_by_its_number_however_it_is_typed(june: Office, typed: str) -> None:
    case = opened(june)
    with june.relief.reading() as work:
        assert find_case(work, typed, CHEN).reference == case
        assert find(work, CHEN, typed).hits


def test_case_is_merged_into_one_that_is_named_in_wide_letters(june: Office) -> None:
    first, second = opened(june), opened(june)
    do(june, first, "merge", CHEN, {"merge_into": "p２００５－0002"})
    assert row(june, first)["merged_into_id"] == row(june, second)["id"]


def test_heads_are_counted_in_wide_digits(june: Office) -> None:
    answered(june, heads="３")
    with june.relief.reading() as work:
        (contact,) = list_contacts(work, Sought(), readable_contacts("chen"))
    assert contact.head_count == 3
