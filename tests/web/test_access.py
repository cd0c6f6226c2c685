"""Who may open what: the table kept beside this file, and the four checks on every route."""

from __future__ import annotations

import pytest
from flask import Flask

from relief.web.access import access_of
from tests.office import CAST
from tests.web.access_table import ROLES, drawn, table
from tests.web.conftest import Visitor
from tests.web.furnished import OF_ROLE, nowhere


def test_the_table_of_access_is_what_the_program_has(app: Flask) -> None:
    assert drawn(app) == table()


def test_every_route_declares_its_access(app: Flask) -> None:
    undeclared = [
        rule.rule for rule in app.url_map.iter_rules() if access_of(app, rule.endpoint) is None
    ]
    assert undeclared == []


def test_no_route_takes_more_than_one_method(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        assert (rule.methods or set()) - {"HEAD", "OPTIONS"} in ({"GET"}, {"POST"}), rule


CLOSED = [row for row in table() if not row["anybody"]]


@pytest.mark.parametrize("row", CLOSED, ids=lambda row: row["route"])
def test_who_has_not_signed_in_is_sent_to_the_door(row: dict[str, str], app: Flask) -> None:
    visitor = Visitor(app)
    answer = (
        visitor.get(nowhere(row["route"]))
        if row["route"].endswith("GET")
        else visitor.post(nowhere(row["route"]))
    )
    assert answer.status_code in {302, 303}
    assert answer.headers["Location"].startswith("/sign-in")


def test_a_wrong_role_is_refused_on_every_route_before_anything_is_looked_at(
    everybody: dict[str, Visitor],
) -> None:
    assert set(OF_ROLE.values()) <= set(CAST)
    for row in CLOSED:
        for role, username in OF_ROLE.items():
            if not row[role]:
                visitor = everybody[username]
                path = nowhere(row["route"])
                answer = (
                    visitor.get(path)
                    if row["route"].endswith("GET")
                    else visitor.post(path, token="none")
                )
                assert answer.status_code == 403, (row["route"], role)


def test_a_form_without_its_token_is_refused_on_every_route(
    everybody: dict[str, Visitor],
) -> None:
    for row in table():
        if row["route"].endswith("POST"):
            names = [OF_ROLE[role] for role in ROLES if row[role]]
            answer = everybody[names[0]].post(nowhere(row["route"]), token="")
            assert answer.status_code == 400, row["route"]


def test_a_form_from_another_site_is_refused_on_every_route(everybody: dict[str, Visitor]) -> None:
    for row in table():
        if row["route"].endswith("POST"):
            names = [OF_ROLE[role] for role in ROLES if row[role]]
            client = everybody[names[0]].client
            answer = client.post(
                nowhere(row["route"]), headers={"Origin": "https://elsewhere.example"}
            )
            assert answer.status_code == 403, row["route"]


def test_a_wrong_method_is_answered_as_such_on_every_route(everybody: dict[str, Visitor]) -> None:
    routes: dict[str, set[str]] = {}
    for row in table():
        path, method = row["route"].rsplit(" ", 1)
        routes.setdefault(path, set()).add(method)
    for path, methods in routes.items():
        if "static" in path:
            continue
        for method in {"GET", "POST"} - methods:
            client = everybody["an"].client
            answer = client.get(nowhere(path)) if method == "GET" else client.post(nowhere(path))
            assert answer.status_code == 405, (path, method)
        assert everybody["an"].client.delete(nowhere(path)).status_code == 405, path
