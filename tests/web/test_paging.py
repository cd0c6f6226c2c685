"""Where the pages beside this one are: with what was asked for, and one place to go on from."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask

from relief.web.paging import pages_beside
from tests.web.conftest import Visitor


def test_further_pages_keep_what_was_asked_for_and_go_on_once(app: Flask) -> None:
    with app.test_request_context("/contacts?channel=call&person=王&after=1.1&until="):
        beside = pages_beside("2.2")
    assert beside == {
        "first": "/contacts?channel=call&person=%E7%8E%8B",
        "further": "/contacts?channel=call&person=%E7%8E%8B&after=2.2",
    }


def test_a_first_and_only_page_has_none_beside_it(app: Flask) -> None:
    with app.test_request_context("/contacts"):
        assert pages_beside("") == {"first": "", "further": ""}


def test_the_way_back_is_called_what_it_is(visit: Callable[..., Visitor]) -> None:
    [paging] = re.findall(r'<nav class="paging".*?</nav>', visit().get("/style").text, re.DOTALL)
    assert re.search(r'<a [^>]*href="#a">First page</a>', paging)
    assert re.search(r'<a [^>]*rel="next" href="#b">Further</a>', paging)
    assert 'rel="prev"' not in paging  # what comes before a page nobody keeps
