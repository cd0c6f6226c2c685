"""Who acts for somebody who is away may open the pages of that person's work, for as long."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from html import unescape

import pytest
import sqlalchemy as sa

from relief.accounts.absences import AbsenceForm, end_absence, record_absence
from relief.accounts.queries import USER
from relief.accounts.service import change_roles
from relief.desk.tables import Contact
from relief.engine.actors import Actor
from relief.engine.calendar.hours import parse_hours
from relief.engine.calendar_changes import set_hours
from relief.households.scheme import set_scheme
from relief.kernel.columns import table_of
from relief.kernel.errors import NotAllowed
from relief.payouts.rates import confirm_rates, propose_rates
from tests.matters import answered, opened
from tests.office import AN, CHEN, PASSWORD, PING, Office
from tests.web.access_table import DEPUTIES, table
from tests.web.conftest import Visitor, text_of

Visit = Callable[..., Visitor]
CONTACT = {"channel": "visit", "matter": "asks for help", "outcome": "answered", "answer": "told"}


@pytest.fixture
def fang_stands_for_chen(sqlite_office: Office) -> Office:
    """The desk's clerk is away today; finance acts for her."""
    office = sqlite_office
    with office.relief.work() as work:
        record_absence(work, CHEN, AbsenceForm("chen", work.today, work.today, "fang"))
        work.commit()
    return office


def test_a_deputy_opens_the_desk_and_what_is_saved_bears_both_names(
    fang_stands_for_chen: Office, visit: Visit
) -> None:
    fang = visit("fang")
    page = fang.get("/desk")
    assert page.status_code == 200
    assert 'href="/desk"' in fang.get("/").text
    assert '<option value="">' not in page.text.split('name="acting_for"')[1].split("</select>")[0]
    once = page.text.split('name="once" value="')[1].split('"')[0]
    fang.send("/desk", once=once, acting_for="chen", **CONTACT)
    contact = table_of(Contact)
    with fang_stands_for_chen.relief.reading() as work:
        rows = work.rows(sa.select(contact.c.recorded_by, contact.c.on_behalf_of))
    assert [tuple(row) for row in rows] == [("fang", "chen")]


def test_without_the_name_of_who_is_away_nothing_is_done(
    fang_stands_for_chen: Office, visit: Visit
) -> None:
    fang = visit("fang")
    once = fang.get("/desk").text.split('name="once" value="')[1].split('"')[0]
    answer = fang.post("/desk", once=once, acting_for="", **CONTACT)
    assert answer.status_code == 403
    with fang_stands_for_chen.relief.reading() as work:
        assert work.rows(sa.select(table_of(Contact).c.id)) == []


def test_nothing_but_the_pages_that_take_deputies_is_lent(
    fang_stands_for_chen: Office, visit: Visit
) -> None:
    fang = visit("fang")
    for row in table():
        path, method = row["route"].split()
        if method == "GET" and row["clerk"] and not row["finance"] and "<" not in path:
            expected = 200 if row[DEPUTIES] else 403
            assert fang.get(path).status_code == expected, path


def test_it_ends_with_the_day_the_absence_or_the_account(
    fang_stands_for_chen: Office, visit: Visit
) -> None:
    office, fang = fang_stands_for_chen, visit("fang")
    assert fang.get("/desk").status_code == 200
    with office.relief.reading() as work:
        tomorrow = work.today + dt.timedelta(days=1)
    office.at(f"{tomorrow.isoformat()}T09:00")
    assert fang.get("/desk").status_code == 403
    with office.relief.work() as work:
        record_absence(work, CHEN, AbsenceForm("chen", tomorrow, tomorrow, "fang"))
        work.commit()
    assert fang.get("/desk").status_code == 200
    with office.relief.work() as work:
        work.connection.execute(
            sa.update(USER).where(USER.c.username == "chen").values(disabled_at=work.instant())
        )
        work.commit()
    assert fang.get("/desk").status_code == 403


def test_whoever_may_enter_the_desk_is_led_there_from_what_was_found(
    fang_stands_for_chen: Office, visit: Visit
) -> None:
    answered(fang_stands_for_chen, name="吴试甲")
    for username, may in (("fang", True), ("chen", True), ("gao", False)):
        visitor = visit(username)
        for words in ("吴试甲", "无此人"):
            assert ("New contact" in text_of(visitor.send("/search", q=words))) is may, username
        assert ("New contact" in text_of(visitor.get("/"))) is may, username


def test_an_absence_that_was_ended_lends_nothing(
    fang_stands_for_chen: Office, visit: Visit
) -> None:
    office, fang = fang_stands_for_chen, visit("fang")
    with office.relief.work() as work:
        end_absence(work, CHEN, "chen")
        work.commit()
    assert fang.get("/desk").status_code == 403
    assert "chen" not in text_of(fang.get("/"))


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/hand-over", {"of": "chen", "to_username": "ping"}),
        ("/desk", CONTACT),
    ],
)
def test_who_acts_for_somebody_no_more_is_led_to_the_field(
    sqlite_office: Office, visit: Visit, path: str, fields: dict[str, str]
) -> None:
    answered(sqlite_office)
    opened(sqlite_office)
    chen = visit("chen")
    once = chen.get("/desk").text.split('name="once" value="')[1].split('"')[0]
    answer = chen.post(path, once=once, acting_for="ping", **fields)
    assert answer.status_code == 403
    [summary] = re.findall(r'<a href="#f-acting_for">([^<]+)</a>', answer.text)
    assert "chen does not act for ping today" in unescape(summary)
    select, *_same = re.findall(r'<select [^>]*id="f-acting_for"[^>]*>', answer.text)
    assert 'aria-invalid="true"' in select
    assert 'aria-describedby="e-acting_for"' in select
    assert re.search(r'id="e-acting_for">chen does not act', answer.text)
    assert ">myself</option>" in answer.text


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/absences", {"username": "ping", "from": "2005-01-04", "until": "2005-01-05"}),
        ("/absences/end", {"username": "chen", "from": "2005-01-03"}),
        ("/rates", {}),
        ("/scheme", {"places": "60"}),
        ("/calendar/hours", {"hours": "08:00-12:00"}),
        ("/users", {"username": "lan"}),
    ],
)
def test_administration_is_lent_to_nobody(
    visit: Visit, sqlite_office: Office, path: str, fields: dict[str, str]
) -> None:
    with sqlite_office.relief.work() as work:
        record_absence(work, AN, AbsenceForm("an", work.today, work.today, "chen"))
        work.commit()
    answer = visit("chen").post(path, acting_for="an", **fields)
    assert answer.status_code == 403, text_of(answer)


def test_what_bears_one_name_alone_is_done_in_ones_own(sqlite_office: Office) -> None:
    an, ping = Actor("chen", AN.roles, "an"), Actor("chen", PING.roles, "ping")
    with sqlite_office.relief.work() as work:
        day = AbsenceForm("chen", work.today, work.today)
        for act in (
            lambda: record_absence(work, an, day),
            lambda: end_absence(work, an, "chen"),
            lambda: propose_rates(work, an, [], "0" * 64, "rates.csv"),
            lambda: confirm_rates(work, ping, "2005-11"),
            lambda: set_scheme(work, an, places_max=60),
            lambda: set_hours(work, an, parse_hours(["08:00-12:00"])),
        ):
            with pytest.raises(NotAllowed) as refused:
                act()
            assert [problem.code for problem in refused.value.problems] == ["actor.own_name"]


def test_a_page_that_takes_no_deputies_takes_none_of_the_same_role_either(
    visit: Visit, sqlite_office: Office
) -> None:
    with sqlite_office.relief.work() as work:
        change_roles(work, AN, "ping", ["approver", "admin"])
        record_absence(work, AN, AbsenceForm("an", work.today, work.today, "ping"))
        work.commit()
    ping = visit("ping")
    answer = ping.post("/users", acting_for="an", username="lan", password=PASSWORD, again=PASSWORD)
    assert answer.status_code == 403
    assert "lan" not in text_of(ping.get("/users"))
