"""People away, in the browser: one's own, anybody's by an admin, and ending one."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from relief.accounts.queries import absences_within
from tests.office import Office
from tests.web.conftest import Visitor, text_of

Visit = Callable[..., Visitor]
JANUARY = {"from": "2005-01-10", "until": "2005-01-14", "deputy": "fang", "reason": "住院"}


def away(office: Office) -> list[tuple[str, str, str]]:
    """Who is away or will be: name, first day, deputy."""
    with office.relief.reading() as work:
        coming = absences_within(work, work.today, work.today.replace(year=2006))
    return [(each.username, each.from_on.isoformat(), each.deputy) for each in coming]


def test_somebody_records_their_own_absence_and_ends_it(
    visit: Visit, sqlite_office: Office
) -> None:
    chen = visit("chen")
    page = chen.send("/absences", **JANUARY)
    assert "chen is away from 2005-01-10 until 2005-01-14." in text_of(page)
    assert "fang acts in their name on those days, as: clerk." in text_of(page)
    assert "住院" not in page.text
    assert away(sqlite_office) == [("chen", "2005-01-10", "fang")]
    page = chen.send("/absences/end", username="chen", **{"from": "2005-01-10"})
    assert "is ended" in text_of(page)
    assert away(sqlite_office) == []


def test_an_admin_records_it_for_anybody_and_others_for_nobody_else(
    visit: Visit, sqlite_office: Office
) -> None:
    refused = visit("ping").post("/absences", username="chen", **JANUARY)
    assert refused.status_code == 403
    assert away(sqlite_office) == []
    visit("an").send("/absences", username="chen", **JANUARY)
    assert away(sqlite_office) == [("chen", "2005-01-10", "fang")]
    assert 'action="/absences/end"' not in visit("ping").get("/absences").text
    refused = visit("ping").post("/absences/end", username="chen", **{"from": "2005-01-10"})
    assert refused.status_code == 403
    assert away(sqlite_office) != []


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"from": "soon", "until": ""}, "is not a date of the calendar"),
        ({"from": "soon", "until": ""}, "Write a day, as 2005-06-30."),
        ({"from": "2005-01-15"}, "lies before the first"),
        ({"deputy": "chen"}, "cannot act for themself"),
        ({"deputy": "nobody\x00"}, "there is no user"),
        ({"reason": "长" * 201}, "a reason has 200 characters at most"),
    ],
)
def test_what_is_wrong_comes_back_as_it_was_typed(
    visit: Visit, sqlite_office: Office, changed: dict[str, str], told: str
) -> None:
    answer = visit("chen").post("/absences", **{**JANUARY, **changed})
    assert answer.status_code == 422
    assert told in text_of(answer)
    assert 'value="2005-01-14"' in answer.text or "until" in changed
    assert away(sqlite_office) == []


def test_an_end_sent_twice_does_not_end_the_next_absence(
    visit: Visit, sqlite_office: Office
) -> None:
    chen = visit("chen")
    chen.send("/absences", **JANUARY)
    chen.send("/absences", **{"from": "2005-02-01", "until": "2005-02-02"})
    chen.send("/absences/end", username="chen", **{"from": "2005-01-10"})
    again = chen.post("/absences/end", username="chen", **{"from": "2005-01-10"})
    assert again.status_code == 409
    assert away(sqlite_office) == [("chen", "2005-02-01", "")]


def test_markup_in_a_name_stays_text(visit: Visit) -> None:
    answer = visit("an").post("/absences", username="<b>x", **JANUARY)
    assert answer.status_code == 404
    assert "<b>x" not in answer.text


def test_of_two_days_that_are_missing_each_is_told_under_its_name(visit: Visit) -> None:
    answer = visit("chen").post("/absences", **(JANUARY | {"from": "", "until": ""}))
    assert answer.status_code == 422
    summary = text_of(answer).partition("Something is not right yet")[2]
    assert re.match(r" From: .* Until: ", summary), summary[:200]
