"""The search box in the browser: a whole number leads to what bears it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.life import id_number
from tests.matters import answered, opened
from tests.office import Office
from tests.web.conftest import Visitor, text_of

Visit = Callable[..., Visitor]


@pytest.mark.parametrize(
    ("typed", "to"),
    [
        ("P2005-0001", "/cases/P2005-0001"),
        ("p2005-1", "/cases/P2005-0001"),
        (" Ｐ2005-0001 ", "/cases/P2005-0001"),
        ("C2005-0002", "/contacts/C2005-0002"),
        ("h7", "/cases/H7"),
    ],
)
def test_a_whole_number_leads_to_what_bears_it(
    visit: Visit, sqlite_office: Office, typed: str, to: str
) -> None:
    sqlite_office.scheme(go_live="2005-04")
    sqlite_office.register(
        [{"household_no": "H7", "applicant_name": "试户", "applicant_id": id_number(7),
          "township": "城关镇", "grade": "deep", "approved_on": "2004-12-01",
          "account_no": "6228480000000000001"}]
    )  # fmt: skip
    opened(sqlite_office)
    answered(sqlite_office)
    chen = visit("chen")
    answer = chen.post("/search", q=typed)
    assert (answer.status_code, answer.headers.get("Location")) == (303, to)
    assert chen.get(to).status_code == 200


def test_what_one_may_not_see_and_what_is_no_number_is_searched_for(
    visit: Visit, sqlite_office: Office
) -> None:
    hidden = opened(sqlite_office, restricted="yes")
    ping, chen = visit("ping"), visit("chen")
    never = ping.send("/search", q="P2005-999999")
    answer = ping.send("/search", q=hidden)
    assert (never.status_code, answer.status_code) == (200, 200)
    assert text_of(answer) == text_of(never).replace("P2005-999999", hidden)
    assert chen.post("/search", q=hidden).headers["Location"] == f"/cases/{hidden}"
    answer = chen.post("/search", q="331002195406274937")
    assert answer.headers["Location"].startswith("/search/")
