"""Workflows as pictures: how cases go, and the way of one."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.matters import opened, walk
from tests.office import Office
from tests.web.conftest import Visitor, text_of

_WALKED = re.compile(r'class="flow-arrow is-walked"')
_BOX = re.compile(r'<g class="flow-box([^"]*)">.*?<text class="flow-name">(.*?)</text>', re.DOTALL)
_TAGS = re.compile(r"<[^>]+>")


def boxes(page: str) -> dict[str, str]:
    """The classes of each state's box, by its title."""
    return {_TAGS.sub(" ", title).strip(): classes for classes, title in _BOX.findall(page)}


@pytest.fixture
def case(sqlite_office: Office) -> str:
    """A petition that was accepted and handled."""
    sqlite_office.at("2005-04-06T09:00")
    reference = opened(sqlite_office)
    sqlite_office.at("2005-04-08T09:00")
    walk(sqlite_office, reference, "accept", "handle")
    return reference


def test_every_procedure_is_listed_and_drawn(visit: Callable[..., Visitor], case: str) -> None:
    chen = visit("chen")
    page = chen.get("/workflows")
    kinds = re.findall(r'href="/workflows/(\w+)"', page.text)
    assert {"petition", "household", "payout_run", "write_off"} <= set(kinds)
    for kind in kinds:
        drawn = chen.get(f"/workflows/{kind}")
        assert drawn.status_code == 200
        assert "<svg " in drawn.text


def test_a_picture_tells_where_cases_stand_and_leads_to_them(
    visit: Callable[..., Visitor], sqlite_office: Office, case: str
) -> None:
    sqlite_office.at("2005-08-08T09:00")
    chen = visit("chen")
    page = chen.get("/workflows/petition")
    assert "1 open, 1 overdue." in text_of(page)
    assert "Handled 1 here 1 overdue" in text_of(page)
    assert "Received 0 here median 2 d" in text_of(page)
    assert boxes(page.text)["Handled"].split() == ["is-late"]
    assert boxes(page.text)["Accepted"] == ""
    href = "/cases?kind=petition&state=handled"
    assert f'href="{href.replace("&", "&amp;")}"' in page.text
    assert case in chen.get(href).text
    assert "state=withdrawn&amp;due=all" in page.text


def test_a_hidden_matter_is_not_counted_for_who_may_not_see_it(
    visit: Callable[..., Visitor], sqlite_office: Office
) -> None:
    sqlite_office.at("2005-04-06T09:00")
    hidden = opened(sqlite_office, restricted=True)
    assert "1 open" in text_of(visit("chen").get("/workflows/petition"))
    assert "0 open" in text_of(visit("ping").get("/workflows/petition"))
    assert visit("chen").get(f"/cases/{hidden}/path").status_code == 200
    assert visit("ping").get(f"/cases/{hidden}/path").status_code == 404


def test_the_way_of_a_case_is_told_on_the_picture_and_in_a_table(
    visit: Callable[..., Visitor], case: str
) -> None:
    chen = visit("chen")
    assert f'href="/cases/{case}/path"' in chen.get(f"/cases/{case}").text
    page = chen.get(f"/cases/{case}/path")
    assert len(_WALKED.findall(page.text)) == 3
    found = boxes(page.text)
    assert {name for name, classes in found.items() if "is-reached" in classes} == {
        "Received",
        "Accepted",
        "Handled",
    }
    assert [name for name, classes in found.items() if "is-current" in classes] == ["Handled"]
    assert "since 2005-04-06 2 d" in text_of(page)
    assert "Handled Serve the written opinion 2005-04-08 09:00 now 0" in text_of(page)


def test_a_case_that_came_back_says_how_often_it_stood_there(
    visit: Callable[..., Visitor], sqlite_office: Office, case: str
) -> None:
    sqlite_office.at("2005-04-10T09:00")
    ping = visit("ping")
    page = ping.get(f"/cases/{case}/do/return")
    once, version = (
        re.search(rf'name="{name}" value="([^"]*)"', page.text) for name in ("once", "version")
    )
    assert once
    assert version
    ping.send(f"/cases/{case}/do/return", once=once[1], version=version[1], reason="重办")
    page = ping.get(f"/cases/{case}/path")
    assert "Accepted since 2005-04-10 2 times 0 d" in text_of(page)
    assert len(_WALKED.findall(page.text)) == 4


def test_a_picture_is_told_in_words_too(visit: Callable[..., Visitor], case: str) -> None:
    words = text_of(visit("chen").get("/workflows/petition"))
    assert "Accept: leads to Accepted" in words
    assert "Meanwhile: Extend by 30 days" in words


@pytest.mark.parametrize("kind", ["none-such", "user"])
def test_a_kind_that_there_is_not_is_told(visit: Callable[..., Visitor], kind: str) -> None:
    assert visit("chen").get(f"/workflows/{kind}").status_code == 404
