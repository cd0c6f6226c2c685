"""Paper lies about: of what is restricted it has the number and the mark alone, also for who may
see the matter on the screen."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.matters import added, opened
from tests.office import Office
from tests.web.conftest import Visitor

Visit = Callable[..., Visitor]
_ON_SCREEN_ALONE = re.compile(r'<(span|td|button|th)[^>]*class="[^"]*no-print[^"]*"[^>]*>.*?</\1>')


@pytest.mark.parametrize("address", ["/desk/day", "/hand-over", "/contacts", "/cases"])
def test_lists_print_the_number_of_what_is_restricted(
    sqlite_office: Office, visit: Visit, address: str
) -> None:
    sqlite_office.at("2005-06-15T09:00")
    secret = opened(sqlite_office, restricted="yes", name="周试", id_number="", matter="告科长")
    added(sqlite_office, secret, name="周试", matter="告科长收礼", chase_up=True)
    opened(sqlite_office, name="李试乙", id_number="")
    page = visit("chen").get(address).text
    assert "周试" in page
    printed = _ON_SCREEN_ALONE.sub("", page)
    assert "restricted" in printed
    assert secret in printed
    assert "李试乙" in printed
    assert "周试" not in printed
    assert "告科长" not in printed
