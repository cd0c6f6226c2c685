"""The working calendar in the browser: a year, a file of days, the office hours."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from relief.engine.clocks.deadlines import DEADLINE
from tests.matters import opened
from tests.office import Office
from tests.web.conftest import Visitor, text_of

Visit = Callable[..., Visitor]
DAYS = "day,kind,note,document_no\n2005-03-05,workday,补班,D7\n2005-03-07,holiday,县庆,D7\n"
HOURS = "08:30-12:00 14:00-17:30"


def declare(visitor: Visitor, text: str, **fields: str) -> TestResponse:
    """Send a file of days."""
    return visitor.post("/calendar/days", file=(io.BytesIO(text.encode()), "days.csv"), **fields)


def test_a_year_is_shown_with_who_says_so(visit: Visit) -> None:
    page = visit("chen").get("/calendar?year=2005")
    assert "Working calendar 2005" in text_of(page)
    assert "announced, as the country's calendar has them" in text_of(page)
    assert "2005-05-01" in page.text
    assert 'type="file"' not in page.text
    assert "provisional" in text_of(visit("chen").get("/calendar?year=2999"))


@pytest.mark.parametrize("year", ["x", "0000", "99999", "-1", "²005", "\x00"])
def test_a_year_that_there_is_not_is_refused(visit: Visit, year: str) -> None:
    chen = visit("chen").client
    assert chen.get("/calendar", query_string={"year": year}).status_code == 422
    assert "Working calendar 2005" in text_of(chen.get("/calendar?year="))


def test_days_are_checked_then_declared_by_a_file(visit: Visit) -> None:
    an = visit("an")
    page = an.get(declare(an, DAYS, dry_run="yes", year="2005").headers["Location"])
    assert "nothing was written" in text_of(page)
    assert "县庆" not in page.text
    page = an.get(declare(an, DAYS, year="2005").headers["Location"])
    assert "Days declared anew: 2" in text_of(page)
    assert "县庆" in page.text
    assert "the office" in text_of(page)


def test_a_year_is_announced_with_a_file(visit: Visit) -> None:
    an = visit("an")
    page = an.get(
        declare(an, DAYS.replace("2005", "2030"), announces="2030", year="2030").headers["Location"]
    )
    assert "The days of 2030 are announced." in text_of(page)
    assert "announced, by document D7" in text_of(page)
    answer = declare(an, DAYS, announces="soon", year="2005")
    assert answer.status_code == 422
    assert 'value="soon"' in answer.text


def test_every_fault_of_a_calendar_is_told_with_its_row(visit: Visit) -> None:
    answer = declare(visit("an"), DAYS + "2005-02-30,holiday,,\n2005-03-05,party,,\n")
    text = text_of(answer)
    assert answer.status_code == 422
    assert "row 4, day" in text
    assert "row 5, kind" in text
    assert "县庆" not in text
    assert declare(visit("an"), "").status_code == 422


def test_office_hours_are_set_and_told(visit: Visit) -> None:
    page = visit("an").send("/calendar/hours", hours="09:00-12:00 13:00-17:00", seen=HOURS)
    assert "are now 09:00-12:00 13:00-17:00" in text_of(page)


@pytest.mark.parametrize("typed", ["", "always", "12:00-09:00", "08:00-12:00 11:00-13:00", "\x00"])
def test_faulty_hours_come_back_as_they_were_typed(visit: Visit, typed: str) -> None:
    answer = visit("an").post("/calendar/hours", hours=typed, seen=HOURS)
    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.text or not typed.isprintable()
    assert HOURS in text_of(answer)


def test_hours_changed_meanwhile_show_both_and_keep_what_was_typed(visit: Visit) -> None:
    an = visit("an")
    an.send("/calendar/hours", hours="09:00-12:00", seen=HOURS)
    answer = an.post("/calendar/hours", hours="10:00-12:00", seen=HOURS)
    assert answer.status_code == 409
    assert f"you saw {HOURS}, now they are 09:00-12:00" in text_of(answer)
    assert 'value="10:00-12:00"' in answer.text
    assert 'name="seen" value="09:00-12:00"' in answer.text


@pytest.mark.parametrize("restricted", [False, True])
def test_a_deadline_that_moved_is_told_unless_its_case_is_restricted(
    visit: Visit, sqlite_office: Office, restricted: bool
) -> None:
    opened(sqlite_office, restricted=restricted)
    with sqlite_office.relief.reading() as work:
        ((due_on,),) = work.rows(sa.select(DEADLINE.c.due_on))
    an = visit("an")
    days = f"day,kind,note,document_no\n{due_on},holiday,县庆,D7\n"
    page = an.get(declare(an, days, year="2005").headers["Location"])
    assert ("is due on" in text_of(page)) is not restricted
    with sqlite_office.relief.reading() as work:
        assert work.rows(sa.select(DEADLINE.c.due_on)) != [(due_on,)]
