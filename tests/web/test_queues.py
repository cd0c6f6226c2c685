"""Queues in the browser: their rows and counts, what is asked beside, taking a case, views."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from relief.accounts.absences import AbsenceForm, record_absence
from relief.petitions.lists.kept_lists import LIST
from relief.petitions.queries import CASE
from tests.matters import do, entries, opened, row, walk
from tests.office import CHEN, Office
from tests.web.conftest import Visitor, text_of

Visit = Callable[..., Visitor]
_CASES = re.compile(r'<a class="num" href="/cases/([A-Z0-9-]+)">')


def listed(visitor: Visitor, address: str) -> list[str]:
    return _CASES.findall(visitor.get(address).text)


@pytest.fixture
def three(sqlite_office: Office) -> tuple[str, str, str]:
    """An urgent petition, one that was accepted, and a request of somebody else's name."""
    sqlite_office.at("2005-06-01T09:00")
    first = opened(sqlite_office, urgent="yes")
    sqlite_office.at("2005-06-02T09:00")
    second = opened(sqlite_office, id_number="", name="李试乙")
    walk(sqlite_office, second, "accept")
    sqlite_office.at("2005-06-03T09:00")
    return first, second, opened(sqlite_office, "relief", id_number="", name="梅试丁")


def test_each_queue_lists_what_stands_in_it(visit: Visit, three: tuple[str, str, str]) -> None:
    ping, chen = visit("ping"), visit("chen")
    assert set(listed(chen, "/cases?queue=mine")) == set(three)
    assert listed(ping, "/cases?queue=mine") == []
    assert listed(ping, "/cases?queue=second") == [three[1]]
    assert listed(chen, "/cases?queue=second") == []
    assert listed(ping, "/cases?queue=unassigned") == []
    assert "Nothing stands in this queue." in text_of(ping.get("/cases?queue=overdue"))
    assert set(listed(ping, "/cases?queue=no-such")) == set(three)


def test_who_is_the_second_person_is_led_to_the_step(
    visit: Visit, three: tuple[str, str, str]
) -> None:
    page = visit("ping").get("/cases?queue=second").text
    assert f'<a href="/cases/{three[1]}/do/handle">Serve the written opinion</a>' in page
    assert "/do/handle" not in visit("ping").get("/cases?queue=all").text


def test_counts_are_those_of_the_lists(visit: Visit, three: tuple[str, str, str]) -> None:
    ping = visit("ping")
    counted = ping.get("/cases/counts").json
    assert counted == {
        queue: str(len(listed(ping, f"/cases?queue={queue}")))
        for queue in ("mine", "second", "overdue", "soon", "unassigned", "all")
    }
    page = ping.get("/cases?queue=mine&counts=yes").text  # who has no script
    found = re.findall(r'data-count="(\w+)"[^>]*>[^<]*<span class="count">(\d+)</span>', page)
    assert dict(found) == counted


def test_more_than_ninety_nine_are_told_as_such(
    visit: Visit, three: tuple[str, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("relief.petitions.lists.queues", "relief.web.cases.counts"):
        monkeypatch.setattr(f"{place}.COUNTED_MAX", 2)
    assert visit("ping").get("/cases/counts").json["all"] == "2+"  # type: ignore[index]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("urgent=yes", [0]),
        ("kind=relief", [2]),
        ("state=accepted", [1]),
        ("from=2005-06-02", [1, 2]),
        ("from=2005年6月2日&until=2005-06-02", [1]),
        ("person=msd", [2]),
        ("person=梅", [2]),
        ("of=ping", []),
        ("of=me", [0, 1, 2]),
        ("collective=yes", []),
    ],
)
def test_what_is_asked_beside_holds(
    visit: Visit, three: tuple[str, str, str], asked: str, expected: list[int]
) -> None:
    assert set(listed(visit("chen"), f"/cases?{asked}")) == {three[each] for each in expected}


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("from=2005-13-01", '"2005-13-01" is not a date'),
        ("until=gestern", '"gestern" is not a date'),
        ("from=2005-06-02&until=2005-06-01", "lies before the first day"),
    ],
)
def test_a_day_that_is_none_is_told_and_lists_nothing(
    visit: Visit, three: tuple[str, str, str], asked: str, told: str
) -> None:
    answer = visit("chen").get(f"/cases?kind=petition&{asked}")
    assert answer.status_code == 422
    assert told in text_of(answer)
    assert _CASES.findall(answer.text) == []
    assert 'value="petition" selected' in answer.text


def test_a_page_holds_as_many_rows_as_are_asked_for(visit: Visit, sqlite_office: Office) -> None:
    cases = [opened(sqlite_office, id_number="") for _number in range(27)]
    chen = visit("chen")
    assert len(listed(chen, "/cases?queue=mine")) == 25
    assert sorted(listed(chen, "/cases?queue=mine&rows=50")) == sorted(cases)
    assert len(listed(chen, "/cases?rows=1000000")) == 25


def test_all_rows_of_a_page_are_ticked_without_script(
    visit: Visit, three: tuple[str, str, str]
) -> None:
    ping = visit("ping")
    page = ping.get("/cases?kind=petition").text
    (href,) = re.findall(r'<a href="([^"]*)" data-tick-link>', page)
    ticked = re.findall(r'value="([\w-]+)" aria-label="[\w-]+" checked', ping.get(
        href.replace("&amp;", "&")).text)  # fmt: skip
    assert set(ticked) == {three[0], three[1]}
    assert " checked" not in page


def test_a_case_is_taken_by_one_click_and_the_list_stays(
    visit: Visit, sqlite_office: Office, three: tuple[str, str, str]
) -> None:
    ping, no = visit("ping"), three[0]
    page = ping.get("/cases?queue=all&kind=petition")
    (button,) = re.findall(rf'name="case" value="({no}@\d+)"', page.text)
    (back,) = set(re.findall(r'name="back" value="([^"]*)"', page.text))
    answer = ping.post("/queues/take", case=button, back=back.replace("&amp;", "&"))
    assert answer.headers["Location"] == "/cases?queue=all&kind=petition"
    page = ping.get(answer.headers["Location"])
    assert f"{no} is with you now." in text_of(page)
    assert f'value="{no}@' not in page.text  # it is theirs: there is nothing to take
    assert row(sqlite_office, no)["case_worker"] == "ping"
    assert [entry.action for entry in entries(sqlite_office, no)] == ["receive", "assign"]


@pytest.mark.parametrize(
    ("back", "to"),
    [("x=1\r\nSet-Cookie: a=b", "?x=1%0D%0ASet-Cookie%3A+a%3Db"), ("//else.where", "")],
)
def test_what_a_form_brings_as_the_list_goes_into_no_header_as_it_stands(
    visit: Visit, three: tuple[str, str, str], back: str, to: str
) -> None:
    answer = visit("ping").post("/queues/take", case=f"{three[0]}@1", back=back)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/cases{to}")
    assert "a" not in answer.headers.get("Set-Cookie", "").split("=")


def test_a_second_click_takes_nothing_more(
    visit: Visit, sqlite_office: Office, three: tuple[str, str, str]
) -> None:
    ping, no = visit("ping"), three[0]
    for _click in range(2):
        page = ping.send("/queues/take", case=f"{no}@1", back="queue=mine")
        assert page.status_code == 200
        assert f"{no} is with you now." in text_of(page)
    assert [entry.action for entry in entries(sqlite_office, no)] == ["receive", "assign"]


def test_a_deputy_takes_nothing_from_whom_they_act_for(
    visit: Visit, sqlite_office: Office, three: tuple[str, str, str]
) -> None:
    nobodys = opened(sqlite_office, id_number="", name="李试丙")
    with sqlite_office.relief.work() as work:
        of_nobody = CASE.update().values(case_worker="")
        work.connection.execute(of_nobody.where(CASE.c.reference == nobodys))
        work.commit()
    assert offered(visit("ping")) == {*three, nobodys}
    with sqlite_office.relief.work() as work:
        record_absence(work, CHEN, AbsenceForm("chen", work.today, work.today, "ping"))
        work.commit()
    assert offered(visit("ping")) == {nobodys}
    do(sqlite_office, three[0], "recuse", CHEN, reason="亲戚")
    assert offered(visit("ping"), "/cases?queue=unassigned") == {nobodys, three[0]}


def offered(visitor: Visitor, address: str = "/cases") -> set[str]:
    """The cases that somebody is offered to take in a list."""
    return set(re.findall(r'name="case" value="([\w-]+)@\d+"', visitor.get(address).text))


def test_a_case_that_went_on_meanwhile_is_not_taken(
    visit: Visit, sqlite_office: Office, three: tuple[str, str, str]
) -> None:
    ping = visit("ping")
    walk(sqlite_office, three[0], "accept")
    answer = ping.post("/queues/take", case=f"{three[0]}@1")
    assert answer.status_code == 409
    assert "has changed since you looked at it" in text_of(answer)
    assert "/queues/take?" not in answer.text  # the list that is shown goes on as such
    assert set(_CASES.findall(answer.text)) == set(three)
    assert row(sqlite_office, three[0])["case_worker"] == "chen"
    assert ping.post("/queues/take", case="P2005-0999@1").status_code == 404
    # It was asked for in a queue, and that is where one stays; what cannot be asked for is not.
    back = {"case": f"{three[0]}@1", "back": "queue=second&kind=petition"}
    answer = ping.post("/queues/take", **back)
    assert _CASES.findall(answer.text) == [three[1], three[0]]
    assert 'name="back" value="queue=second&amp;kind=petition"' in answer.text
    assert ping.post("/queues/take", **(back | {"back": "from=soon"})).status_code == 409
    assert ping.post("/queues/take", case=three[0]).status_code == 422


def test_who_works_on_no_cases_is_offered_nothing_to_do(
    visit: Visit, three: tuple[str, str, str]
) -> None:
    page = visit("wen").get("/cases")
    assert "Take it" not in page.text
    assert 'type="checkbox" name="cases"' not in page.text
    assert visit("wen").post("/queues/take", case=f"{three[0]}@1").status_code == 403


def test_a_deputy_has_the_cases_of_who_is_away_in_their_queue(
    visit: Visit, sqlite_office: Office, three: tuple[str, str, str]
) -> None:
    with sqlite_office.relief.work() as work:
        record_absence(work, CHEN, AbsenceForm("chen", work.today, work.today, "fang"))
        work.commit()
    assert set(listed(visit("fang"), "/cases?queue=mine")) == set(three)


def test_a_list_is_kept_as_a_view_renamed_shared_and_thrown_away(
    visit: Visit, three: tuple[str, str, str]
) -> None:
    chen, ping = visit("chen"), visit("ping")
    asked: dict[str, Any] = {"queue": "all", "kind": "petition", "urgent": "yes"}
    page = chen.send("/cases/views", name="加急信访", **asked)
    assert 'The view "加急信访" is kept.' in text_of(page)
    assert _CASES.findall(page.text) == [three[0]]
    (number,) = re.findall(r'data-count="view-(\d+)" aria-current="page"', page.text)
    assert chen.get("/cases/counts").json[f"view-{number}"] == "1"  # type: ignore[index]
    assert "加急信访" not in ping.get("/cases").text
    page = chen.send(f"/cases/views/{number}", name="加急", shared="yes")
    assert "加急信访" not in page.text
    (href,) = re.findall(r'<a href="(/cases\?[^"]*)" data-count="view', ping.get("/cases").text)
    assert _CASES.findall(ping.get(href.replace("&amp;", "&")).text) == [three[0]]
    assert ping.post(f"/cases/views/{number}/away").status_code == 404
    chen.send(f"/cases/views/{number}/away")
    assert "加急" not in ping.get("/cases").text


def test_a_view_that_cannot_be_read_is_told_and_stops_no_page(
    visit: Visit, sqlite_office: Office
) -> None:
    chen, ping = visit("chen"), visit("ping")
    chen.send("/cases/views", name="共用", queue="all", shared="yes")
    with sqlite_office.relief.work() as work:
        work.connection.execute(sa.update(LIST).values(asked="not json"))
        work.commit()
    for visitor, told in ((chen, True), (ping, False)):
        assert visitor.get("/cases").status_code == 200
        assert ("This view cannot be read" in visitor.get("/cases/views").text) is told


def test_a_view_without_a_name_is_asked_for_one_and_forgets_nothing(visit: Visit) -> None:
    chen = visit("chen")
    answer = chen.post("/cases/views", name=" ", queue="overdue", kind="relief")
    assert answer.status_code == 422
    assert "Give the view a name." in text_of(answer)
    typed = dict(re.findall(r'type="hidden" name="(queue|kind)" value="(\w+)"', answer.text))
    assert typed == {"queue": "overdue", "kind": "relief"}


def test_a_petitioner_is_no_part_of_a_view(visit: Visit, three: tuple[str, str, str]) -> None:
    chen = visit("chen")
    assert "The petitioner is left out of it" in text_of(chen.get("/cases?person=梅"))
    page = chen.send("/cases/views", name="一", person="梅试丁", kind="relief")
    assert 'name="person" type="text" value=""' in page.text


def test_a_case_is_marked_whose_case_worker_stands_aside(
    visit: Visit, three: tuple[str, str, str], sqlite_office: Office
) -> None:
    do(sqlite_office, three[2], "recuse", CHEN, reason="亲属")
    page = visit("ping").get("/cases?queue=unassigned")
    assert _CASES.findall(page.text) == [three[2]]
    assert "chen stands aside Take it" in text_of(page)
    assert "stands aside" not in text_of(visit("ping").get("/cases?kind=petition"))
    own = text_of(visit("chen").get("/cases?queue=unassigned"))
    assert "chen stands aside" in own
    assert "Take it" not in own  # who stands aside does not take it
