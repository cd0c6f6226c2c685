"""Open work that goes over to another, in the browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from relief.accounts.absences import AbsenceForm, record_absence
from relief.accounts.queries import list_users
from tests.matters import opened
from tests.office import CHEN, Office
from tests.web.conftest import Visitor, text_of

Visit = Callable[..., Visitor]


@pytest.fixture
def cases(sqlite_office: Office) -> list[str]:
    """Three cases that chen works on."""
    return [opened(sqlite_office) for _number in range(3)]


def test_ticked_cases_go_over_and_the_others_stay(visit: Visit, cases: list[str]) -> None:
    ping = visit("ping")
    assert all(case in ping.get("/hand-over?of=chen").text for case in cases)
    page = ping.send("/hand-over", of="chen", to_username="ping", references=cases[:2])
    assert "Cases handed to ping: 2." in text_of(page)
    assert cases[2] in page.text
    assert cases[0] not in page.text
    assert cases[0] in ping.get("/hand-over").text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"to_username": "ping"}, "Choose the cases that go over."),
        ({"to_username": "nobody", "references": ["P2005-0001"]}, "There is no user"),
        ({"to_username": "chen", "references": ["P2005-0001"]}, "are with chen already"),
        ({"to_username": "", "references": ["\x00"]}, "There is no user"),
    ],
)
def test_what_cannot_go_over_is_told_and_keeps_its_ticks(
    visit: Visit, cases: list[str], fields: dict[str, object], told: str
) -> None:
    answer = visit("ping").post("/hand-over", of="chen", **fields)
    assert answer.status_code == 422
    assert told in text_of(answer)
    assert answer.text.count(" checked") == (fields.get("references") == ["P2005-0001"])


def test_a_case_that_went_over_meanwhile_stops_all_of_them(visit: Visit, cases: list[str]) -> None:
    chen, ping = visit("chen"), visit("ping")
    chen.send("/hand-over", of="chen", to_username="ping", references=cases[:1])
    answer = ping.post("/hand-over", of="chen", to_username="ping", references=cases)
    assert answer.status_code == 409
    assert "this is no case of chen (any more)" in text_of(answer)
    assert cases[1] in ping.get("/hand-over?of=chen").text


def test_what_somebody_left_behind_who_was_disabled_is_handed_over(
    visit: Visit, sqlite_office: Office
) -> None:
    reference = opened(sqlite_office)
    an = visit("an")
    with sqlite_office.relief.reading() as work:
        version = next(each.version for each in list_users(work) if each.username == "chen")
    page = an.send("/users/chen/disable", version=str(version))
    assert "Open cases are still theirs" in text_of(page)
    ping = visit("ping")
    page = ping.get("/hand-over?of=chen")
    assert "Hand-over list of chen" in text_of(page)
    assert reference in page.text
    ping.send("/hand-over", of="chen", to_username="ping", references=[reference])
    assert reference in ping.get("/hand-over?of=ping").text
    assert "Nothing is open." in text_of(ping.get("/hand-over?of=chen"))


def test_the_list_of_somebody_unknown_is_not_ones_own(visit: Visit) -> None:
    answer = visit("chen").get("/hand-over?of=nobody")
    assert answer.status_code == 404
    assert 'There is no case worker "nobody".' in text_of(answer)


def test_a_deputy_sees_the_list_of_who_is_away_first(visit: Visit, sqlite_office: Office) -> None:
    reference = opened(sqlite_office)
    with sqlite_office.relief.work() as work:
        record_absence(work, CHEN, AbsenceForm("chen", work.today, work.today, "fang"))
        work.commit()
    page = visit("fang").get("/hand-over")
    assert "Hand-over list of chen" in text_of(page)
    assert reference in page.text
