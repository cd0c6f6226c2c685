"""The first page: what waits for whom."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from relief.accounts.absences import AbsenceForm, record_absence
from relief.scheduler.diary import note_done
from relief.scheduler.job import Apart
from relief.scheduler.jobs import BACK_UP
from tests.matters import opened, walk
from tests.office import CHEN, Office
from tests.papers import attached
from tests.web.conftest import Visitor, text_of

Visit = Callable[..., Visitor]
RECEIVED = 'href="/cases?kind=petition&amp;state=received"'


def record_away(office: Office, username: str, deputy: str = "") -> None:
    with office.relief.work() as work:
        record_absence(work, CHEN, AbsenceForm(username, work.today, work.today, deputy))
        work.commit()


def test_what_a_clerk_takes_on_waits_for_clerks(visit: Visit, sqlite_office: Office) -> None:
    opened(sqlite_office)
    assert RECEIVED in visit("chen").get("/").text
    assert RECEIVED not in visit("ping").get("/").text
    assert RECEIVED not in visit("fang").get("/").text


def test_where_no_clerk_is_there_it_waits_for_who_else_may(
    visit: Visit, sqlite_office: Office
) -> None:
    opened(sqlite_office)
    record_away(sqlite_office, "chen")
    assert RECEIVED in visit("ping").get("/").text


def test_it_waits_for_the_deputy_of_who_record_away(visit: Visit, sqlite_office: Office) -> None:
    opened(sqlite_office)
    record_away(sqlite_office, "chen", "fang")
    assert RECEIVED in visit("fang").get("/").text
    assert RECEIVED not in visit("ping").get("/").text


@pytest.mark.parametrize(("who", "sees"), [("ping", True), ("chen", False), ("an", False)])
def test_rates_that_wait_are_told_to_approvers(
    visit: Visit, sqlite_office: Office, who: str, sees: bool
) -> None:
    told = "Document 2005-11 waits to be confirmed."
    sqlite_office.propose(("dibao", "2005-01", 200_00), document_no="2005-11")
    assert (told in text_of(visit(who).get("/"))) is sees


def test_rates_that_were_confirmed_wait_for_nobody(visit: Visit, sqlite_office: Office) -> None:
    sqlite_office.rates(("dibao", "2005-01", 200_00))
    assert "waits to be confirmed" not in text_of(visit("ping").get("/"))


def test_a_step_waits_for_who_did_not_take_the_one_before(
    visit: Visit, sqlite_office: Office
) -> None:
    reference = opened(sqlite_office)
    accepted = 'href="/cases?kind=petition&amp;state=accepted"'
    walk(sqlite_office, reference, "accept")
    assert accepted not in visit("chen").get("/").text
    assert accepted in visit("ping").get("/").text


def test_who_is_away_and_who_acts_for_them_are_told_so(visit: Visit, sqlite_office: Office) -> None:
    record_away(sqlite_office, "chen", "fang")
    assert "you act for chen" in text_of(visit("fang").get("/"))
    assert "You are recorded as away until" in text_of(visit("chen").get("/"))
    assert "you act for" not in text_of(visit("ping").get("/"))


def test_a_deputy_sees_what_is_due_of_who_is_away(visit: Visit, sqlite_office: Office) -> None:
    reference = opened(sqlite_office)
    assert f'href="/cases/{reference}"' not in visit("fang").get("/").text
    record_away(sqlite_office, "chen", "fang")
    assert f'href="/cases/{reference}"' in visit("fang").get("/").text


def test_papers_that_are_not_in_the_backup_are_told_to_admins(
    visit: Visit, sqlite_office: Office
) -> None:
    office = sqlite_office
    paper = attached(office, opened(office))
    office.relief.papers.path_of(paper.sha256).unlink()
    assert isinstance(BACK_UP.do, Apart)
    told = BACK_UP.do.do(office.relief, "2005-06-15")
    assert told is not None
    with office.relief.work() as work:
        note_done(work, BACK_UP.key, "2005-06-15", told)
        work.commit()
    assert "NOT in it as they were attached: 1" in text_of(visit("an").get("/"))
    assert "as they were attached" not in text_of(visit("chen").get("/"))


def test_keys_of_the_page_are_listed_for_who_may_press_them(visit: Callable[..., Visitor]) -> None:
    key = "<kbd>n</kbd></dt><dd>New contact"
    assert key in visit("chen").get("/").text
    assert key not in visit("fang").get("/").text
