"""Where somebody is: each page lights up the one room that it belongs to."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from relief.web.access import room_of
from relief.web.navigation import DOORS, ROOMS
from tests.matters import answered, opened
from tests.office import Office
from tests.web.conftest import Visitor

_HERE = re.compile(r'<a href="([^"]+)" data-go="." aria-current="page"')
# What belongs to no room: the search stands in the head of every page, the rest around them.
_OUTSIDE = {"search", "signing_in", "public", "feeds", "style", "bootstrap", "static"}


def test_every_page_names_a_room_that_there_is(app: Flask) -> None:
    rooms = {room.endpoint for room in ROOMS}
    for rule in app.url_map.iter_rules():
        room = room_of(app, rule.endpoint)
        if rule.endpoint.split(".")[0] in _OUTSIDE:
            assert room == "", rule
        else:
            assert room in rooms, rule


def test_each_room_and_each_door_is_where_it_says(app: Flask) -> None:
    assert [room_of(app, room.endpoint) for room in ROOMS] == [room.endpoint for room in ROOMS]
    assert {room_of(app, door.endpoint) for door in DOORS} == {"office.office"}


@pytest.mark.parametrize(
    ("path", "room"),
    [
        ("/", "/"),
        ("/desk", "/desk"),
        ("/desk/day", "/desk"),
        ("/desk/day-pack", "/desk"),
        ("/contacts", "/contacts"),
        ("/contacts/C2005-0001", "/contacts"),
        ("/cases", "/cases"),
        ("/cases/P2005-0001", "/cases"),
        ("/office", "/office"),
        ("/hand-over", "/office"),
        ("/rates", "/office"),
    ],
)
def test_the_head_lights_up_where_somebody_is(
    sqlite_office: Office, visit: Callable[..., Visitor], path: str, room: str
) -> None:
    answered(sqlite_office)
    opened(sqlite_office)
    page = visit("chen").get(path)
    assert page.status_code == 200
    assert _HERE.findall(page.text) == [room]


def test_outside_of_the_rooms_none_is_lit(visit: Callable[..., Visitor]) -> None:
    chen = visit("chen")
    for path in ("/search", "/password", "/none-such"):
        assert _HERE.findall(chen.get(path).text) == [], path
