"""Where the pages beside this one are: with what was asked for, and one place to go on from."""

from __future__ import annotations

from flask import Flask

from relief.web.paging import pages_beside


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
