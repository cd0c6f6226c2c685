"""Whatever is typed into any field or address: it is stored or refused, never broken, never a
failure of ours; what comes back is small, whole and dead."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from flask import Flask

from relief.bootstrap import open_relief
from relief.web.app import create_app
from tests.conftest import settings_for
from tests.office import Office
from tests.web.access_table import table
from tests.web.conftest import Visitor
from tests.web.furnished import OF_ROLE, address_of, furnish, office_in, pages
from tests.web.hostile import VALUES, address_with, assaults, faults_of, send
from tests.web.markup import Form, Page

# Names that pages read from their address though no form or link of a test's office has them.
_ASKED = frozenset({"after", "next", "name"})
# Sent in one name at a time, too: what a page refuses in one must not hide the others.
_SINGLY = {"NUL", "a long number", "the last day"}
# Forms that are shown when there is something to end or to throw away.
_SEEN_LATER = {
    "/desk/draft", "/desk/likely", "/desk/look", "/users/chen/enable", "/absences/end",
    "/rates/document", "/status/rating", "/cases/P2005-0001/draft/note", "/unread-matters",
}  # fmt: skip
# Forms that are on every page are sent from one.
_ENOUGH_ONCE = frozenset({"/keys", "/language", "/sign-out", "/search"})


@pytest.fixture(scope="module")
def furnished(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with something on every page."""
    folder = tmp_path_factory.mktemp("furnished")
    shutil.copy(sqlite_template, folder / "relief.db")
    office = Office(open_relief(settings_for(folder)))
    furnish(office)
    office.relief.database.dispose()
    return folder


@contextmanager
def opened(furnished: Path, place: Path) -> Iterator[Flask]:
    """A copy of that office, for one test."""
    place.mkdir()
    shutil.copy(furnished / "relief.db", place / "relief.db")
    relief = office_in(place)
    yield create_app(relief)
    relief.database.dispose()


@pytest.fixture
def full(furnished: Path, tmp_path: Path) -> Iterator[Callable[[str], Visitor]]:
    """Lets people into such an office."""
    with opened(furnished, tmp_path / "own") as app:
        yield lambda who: Visitor(app).sign_in(who) if who else Visitor(app)


def page_at(visitor: Visitor, address: str) -> Page:
    """A page as it is read; of what is downloaded nothing."""
    with visitor.get(address) as answer:
        return Page(answer.text if answer.mimetype == "text/html" else "")


def all_forms(visit: Callable[[str], Visitor]) -> dict[tuple[str, str], tuple[str, Form]]:
    """Every form that some page shows to a role, once: by where it goes and what it asks."""
    found: dict[tuple[str, str], tuple[str, Form]] = {}
    for who in OF_ROLE.values():
        visitor = visit(who)
        for address, _role in pages():
            for form in page_at(visitor, address).forms:
                if form.method == "post" and urlsplit(form.action).path not in _ENOUGH_ONCE:
                    found.setdefault((form.action, str(sorted(form.fields))), (who, form))
    for action in _ENOUGH_ONCE:
        for form in page_at(visit("chen"), "/").forms:
            if form.action == action:
                found.setdefault((action, ""), ("chen", form))
    return found


def test_every_page_is_whole(full: Callable[[str], Visitor]) -> None:
    for who in OF_ROLE.values():
        visitor, opened_to_them = full(who), 0
        for address, _who in pages():
            answer = visitor.get(address)
            assert faults_of(answer) == [], (who, address)
            opened_to_them += answer.status_code == 200
        assert opened_to_them >= 5


def test_every_route_that_takes_a_form_is_reached_by_a_form(
    full: Callable[[str], Visitor],
) -> None:
    reached = {action.partition("?")[0] for action, _fields in all_forms(full)}
    routes = {
        address_of(row["route"]).partition("?")[0]
        for row in table()
        if row["route"].endswith(" POST")
    }
    # The first run is over; the sheet of a sign-in is seen by who has not signed in.
    assert routes - reached <= {"/first-run", "/sign-in", *_SEEN_LATER}


@pytest.mark.parametrize(
    "one_in",
    [
        pytest.param(29, id="few"),
        pytest.param(7, id="some", marks=pytest.mark.slow),
        pytest.param(1, id="all", marks=pytest.mark.deep),
    ],
)
def test_no_form_breaks_by_what_is_typed(furnished: Path, tmp_path: Path, one_in: int) -> None:
    with opened(furnished, tmp_path / "looked-at") as app:
        forms = all_forms(lambda who: Visitor(app).sign_in(who))
        [enter] = [
            form for form in Page(Visitor(app).get("/sign-in").text).forms
            if form.action == "/sign-in"
        ]  # fmt: skip
    forms["/sign-in", ""] = ("", enter)
    sent, found = 0, []
    for number, ((action, _fields), (who, form)) in enumerate(sorted(forms.items(), key=str)):
        with opened(furnished, tmp_path / f"office{number}") as app:
            readers = [Visitor(app).sign_in(role) for role in ("chen", "an")]
            for what, faults in assault(app, who, action, form, one_in):
                sent += 1
                found += [f"{action}, {what}: {fault}" for fault in faults]
            for reader, (address, _who) in product(readers, pages()):
                faults = faults_of(reader.get(address))
                found += [f"{address} after {action}: {fault}" for fault in faults]
    assert not found, "\n".join(found[:40])
    assert sent > 300


def assault(
    app: Flask, who: str, action: str, form: Form, one_in: int
) -> Iterator[tuple[str, list[str]]]:
    """Send one form in every hostile way; gives what was sent, and what is wrong then."""
    visitor = arrived(app, who)
    for what, fields in assaults(form, one_in):
        answer = send(visitor, action, fields)
        faults = faults_of(answer, sum(map(len, fields.values())))
        yield what, [*faults, *(["was not taken as a form"] if answer.status_code == 400 else [])]
        if answer.headers.get("Location", "").startswith("/sign-in"):
            visitor = arrived(app, who)  # the form signed them out


def arrived(app: Flask, who: str) -> Visitor:
    """Somebody with a token for forms."""
    visitor = Visitor(app).sign_in(who) if who else Visitor(app)
    visitor.get("/style")
    return visitor


def names_asked(visitor: Visitor) -> dict[str, set[str]]:
    """What each page is asked in its address: by the fields of forms, the words of links."""
    names: dict[str, set[str]] = {address: set(_ASKED) for address, _who in pages()}
    for address, _who in pages():
        page = page_at(visitor, address)
        for form in page.forms:
            if form.method == "get":
                names.setdefault(form.action, set()).update(form.fields)
        for link in map(urlsplit, page.links):
            names.setdefault(link.path, set()).update(name for name, _v in parse_qsl(link.query))
    return names


@pytest.mark.slow
def test_no_page_breaks_by_what_stands_in_its_address(full: Callable[[str], Visitor]) -> None:
    visitors = {who: full(who) for who in ("", *OF_ROLE.values())}
    asked = names_asked(visitors["chen"])
    assert {"after", "person", "channel"} <= asked["/contacts"]
    assert {"kind", "state"} <= asked["/cases"]
    for address, who in pages():
        for kind, value in VALUES.items():
            queries = [dict.fromkeys(asked[address], value)]
            queries += [{name: value} for name in asked[address] if kind in _SINGLY]
            for query in queries:
                answer = visitors[who].client.get(address_with(address, **query))
                sent = len(value) * len(query)
                assert faults_of(answer, sent) == [], (address, kind, list(query))


_ANSWERS = {200, 308, 403, 404, 405, 414}
# A sealed search, or receipt, that opens for nobody leads to the empty form.
_LEADS_ON = {"/search/<sought>", "/status/of/<receipt>"}


def test_no_page_breaks_by_what_stands_in_its_places(full: Callable[[str], Visitor]) -> None:
    visitors = {who: full(who) for who in ("chen", "an")}
    for row in table():
        route = row["route"].rsplit(" ", 1)[0]
        if not row["route"].endswith(" GET") or "<" not in route:
            continue
        for kind, value in VALUES.items():
            if not value:
                continue
            path = route[: route.index("<")] + quote(value, errors="surrogatepass")
            for visitor in visitors.values():
                answer = visitor.client.get(path)
                assert faults_of(answer) == [], (route, kind)
                leads_on = {303} if route in _LEADS_ON else set()
                assert answer.status_code in _ANSWERS | leads_on, (route, kind)
