"""The list of cases in the browser: what is asked for, and how it is sorted."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.matters import opened
from tests.office import Office
from tests.web.conftest import Visitor
from tests.web.statements import statements

_CASES = re.compile(r'<a class="num" href="/cases/([A-Z0-9-]+)">')


@pytest.fixture
def listed(sqlite_office: Office) -> tuple[str, str, str]:
    """A petition, legal aid that came later and is due before it, and a petition of today."""
    sqlite_office.at("2005-06-01T09:00")
    first = opened(sqlite_office)
    sqlite_office.at("2005-06-02T09:00")
    aid = opened(sqlite_office, "legal_aid", id_number="")
    sqlite_office.at("2005-06-03T09:00")
    return first, aid, opened(sqlite_office, name="吴试乙", id_number="")


def test_cases_are_sorted_as_the_address_says(
    visit: Callable[..., Visitor], listed: tuple[str, str, str]
) -> None:
    chen, (first, aid, last) = visit("chen"), listed
    by_day = _CASES.findall(chen.get("/cases?sort=due").text)
    assert sorted(by_day) == sorted(listed)
    assert _CASES.findall(chen.get("/cases?sort=-received").text) == [last, aid, first]
    assert _CASES.findall(chen.get("/cases").text) == by_day
    assert _CASES.findall(chen.get("/cases?sort=none-such").text) == by_day
    assert by_day != [last, aid, first]
    assert _CASES.findall(chen.get("/cases?due=all").text) == [last, aid, first]
    assert _CASES.findall(chen.get("/cases?due=all&sort=due").text) == by_day


def test_a_column_is_sorted_by_without_losing_what_was_asked_for(
    visit: Callable[..., Visitor], listed: tuple[str, str, str]
) -> None:
    page = visit("chen").get("/cases?kind=petition&sort=-received&after=")
    assert 'href="/cases?kind=petition&amp;sort=due"' in page.text
    assert re.search(r'aria-sort="descending"><a [^>]*>Received</a>', page.text)
    assert page.text.count("aria-sort") == 1


def test_overdue_cases_may_be_sorted_by_when_they_came(
    visit: Callable[..., Visitor], sqlite_office: Office, listed: tuple[str, str, str]
) -> None:
    sqlite_office.at("2005-12-01T09:00")
    page = visit("chen").get("/cases?due=over&sort=-received")
    assert _CASES.findall(page.text) == list(reversed(listed))


def test_a_longer_list_costs_no_more_statements(
    visit: Callable[..., Visitor], sqlite_office: Office, listed: tuple[str, str, str]
) -> None:
    chen = visit("chen")
    chen.get("/cases")
    with statements(sqlite_office) as few:
        assert len(_CASES.findall(chen.get("/cases").text)) == len(listed)
    for _more in range(9):
        opened(sqlite_office)
    with statements(sqlite_office) as many:
        assert len(_CASES.findall(chen.get("/cases").text)) == len(listed) + 9
    assert len(many) == len(few)
