"""Every refusal and fault is a page: what is wrong, in the reader's language, a number to quote,
nothing of the program's inside; and the headers are on all answers."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.exceptions import RequestEntityTooLarge, RequestURITooLarge

from relief.accounts.sessions import switch_keys
from relief.kernel import sqlite
from relief.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, NotInitialised, Problem
from relief.kernel.text import _
from relief.web.access import ANYBODY_HERE, PUBLIC, Pages
from relief.web.app import create_app
from relief.web.request import person, writing
from tests.office import Office
from tests.web.access_table import table
from tests.web.conftest import Visitor, text_of
from tests.web.furnished import OF_ROLE, nowhere
from tests.web.hostile import REQUIRED

_PROBLEM = Problem("probe", _("Write what it was about."))
_NUMBER = re.compile(r"[0-9a-f]{8}")
FAULTS: dict[int, Callable[[], Exception]] = {
    403: lambda: NotAllowed(_PROBLEM),
    404: lambda: NotFound(_PROBLEM),
    409: lambda: Conflict(_PROBLEM),
    413: RequestEntityTooLarge,
    414: RequestURITooLarge,
    422: lambda: Invalid(_PROBLEM),
    500: lambda: RuntimeError("a secret of the inside"),
    503: lambda: NotInitialised(_PROBLEM),
}
TITLES = {
    400: "This form cannot be taken",
    403: "This is not for you",
    404: "There is nothing here",
    405: "This page does not work like that",
    409: "Something else stands against it",
    413: "This is too large",
    414: "This is too large",
    422: "Something is not right yet",
    500: "Something went wrong that should not",
    503: "The program cannot work just now",
}
_TITLE = re.compile(r"<h1>([^<]+)</h1>")


@pytest.fixture
def probed(sqlite_office: Office) -> Flask:
    """The pages, and one that is refused or fails as it is asked to."""
    app, probe = create_app(sqlite_office.relief), Pages("probe", __name__)

    @probe.page("/probe/<int:status>", PUBLIC)
    def fail(status: int) -> str:
        raise FAULTS[status]()

    @probe.page("/probe/late", ANYBODY_HERE, post=True)
    def fail_late() -> str:
        with writing() as work:
            switch_keys(work, person().username, off=True)
            work.commit()
        raise RuntimeError("after the commit")

    app.register_blueprint(probe)
    return app


def answered(visitor: Visitor, status: int) -> str:
    """The page of a status."""
    if status == 400:
        answer = visitor.post("/sign-out", token="stale")
    elif status == 405:
        answer = visitor.get("/sign-out")
    else:
        answer = visitor.get(f"/probe/{status}")
    assert answer.status_code == status
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.text


@pytest.mark.parametrize("status", TITLES)
@pytest.mark.parametrize("locale", ["en", "zh_Hans_CN"])
def test_every_fault_is_a_page_in_the_readers_language_with_a_number(
    probed: Flask, status: int, locale: str
) -> None:
    visitor = Visitor(probed)
    visitor.client.set_cookie("relief-language", locale)
    visitor.get("/style")
    text = answered(visitor, status)
    [title] = _TITLE.findall(text)
    assert (title == TITLES[status]) is (locale == "en")
    assert title.isascii() is (locale == "en")
    assert _NUMBER.search(text)
    for inside in (
        "Traceback",
        "relief/",
        "secret of the inside",
        "RuntimeError",
        "sqlite",
        "SELECT",
    ):
        assert inside not in text.replace("/static/relief", ""), inside
    assert str(status) in text


def test_what_went_wrong_is_kept_under_the_number_that_the_page_says(
    probed: Flask, sqlite_office: Office
) -> None:
    text = text_of(Visitor(probed).get("/probe/500"))
    number = re.search(r"Number of this answer: (\S+)", text)
    assert number is not None
    [kept] = sqlite_office.relief.settings.data_dir.rglob(f"error-{number[1]}.txt")
    assert "a secret of the inside" in kept.read_text(encoding="utf-8")


def test_a_fault_after_the_commit_is_not_told_as_nothing_written(probed: Flask) -> None:
    chen = Visitor(probed).sign_in("chen")
    answer = chen.post("/probe/late")
    assert answer.status_code == 500
    assert "Nothing was written" not in text_of(answer)
    assert "rolled back, unless it had just been finished: look before" in text_of(answer)
    assert 'data-keys="off"' in chen.get("/").text  # it was


def test_every_answer_carries_the_headers(everybody: dict[str, Visitor]) -> None:
    files = ["/static/relief.css", "/static/none.css", "/bootstrap/static/css/bootstrap.min.css"]
    answers = [everybody["chen"].client.get(path) for path in (*files, "/none-such", "/static/")]
    answers.append(everybody["chen"].client.delete("/desk"))
    for row in table():
        names = [username for role, username in OF_ROLE.items() if row[role]]
        client, path = everybody[names[0]].client, nowhere(row["route"])
        answers.append(client.get(path) if row["route"].endswith("GET") else client.post(path))
        answers.append(everybody[""].client.get(path))
        answers.append(client.open(path, method="OPTIONS"))
        answers.append(client.head(path))
    for answer in answers:
        answer.close()
        where = (answer.request.path, answer.status_code)
        assert [name for name in REQUIRED if len(answer.headers.getlist(name)) != 1] == [], where
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert {"object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"} <= set(
            policy.split("; ")
        )
        is_file = answer.request.path in files and answer.status_code == 200
        if answer.request.method != "OPTIONS":
            assert (answer.headers.get("Cache-Control") == "no-store") is not is_file, where
        assert "Server" not in answer.headers


def test_a_file_that_is_not_there_is_not_kept_by_the_browser(everybody: dict[str, Visitor]) -> None:
    answer = everybody["chen"].get("/static/none.css")
    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-store"


def test_too_much_is_refused_before_it_is_read(everybody: dict[str, Visitor]) -> None:
    chen = everybody["chen"]
    chen.get("/desk")
    answer = chen.post("/desk", matter="长" * 700_000)
    assert answer.status_code == 413
    assert "This is too large" in text_of(answer)
    head = b'--x\r\nContent-Disposition: form-data; name="matter"\r\n\r\n'
    body = head + b"y" * 2_000_000 + b"\r\n--x--\r\n"
    answer = chen.client.post("/desk", data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413
    answer = chen.get("/contacts?person=" + "x" * 5_000)
    assert answer.status_code == 414
    assert len(answer.data) < 20_000


def test_while_somebody_else_writes_too_long_it_is_asked_to_try_again(
    sqlite_office: Office, everybody: dict[str, Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_MS_MAX", 1)
    chen = everybody["chen"]
    chen.get("/desk")
    other = sqlite3.connect(sqlite_office.relief.settings.data_dir / "relief.db")
    other.execute("BEGIN IMMEDIATE")
    try:
        answer = chen.post("/keys", off="yes")
    finally:
        other.rollback()
        other.close()
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "The program cannot work just now" in text_of(answer)
    assert chen.post("/keys", off="yes").status_code == 303


def test_while_the_database_is_away_every_page_says_so(
    sqlite_office: Office, everybody: dict[str, Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_arguments: object, **_more: object) -> object:
        fault = sqlite3.OperationalError("unable to open database file")
        fault.sqlite_errorcode, fault.sqlite_errorname = 14, "SQLITE_CANTOPEN"
        raise sa.exc.OperationalError("", {}, fault)

    everybody["chen"].get("/")
    monkeypatch.setattr(type(sqlite_office.relief), "reading", away)
    assert everybody["chen"].get("/none-such").status_code == 404
    for path in ("/", "/sign-in", "/contacts"):
        answer = everybody["chen"].get(path)
        assert answer.status_code == 503, path
        assert int(answer.headers["Retry-After"]) > 0
        assert "The program cannot work just now" in text_of(answer)
    with everybody["chen"].client.get("/static/relief.css") as answer:
        assert answer.status_code == 200


def test_a_database_that_is_no_database_any_more_is_told(
    sqlite_office: Office, everybody: dict[str, Visitor]
) -> None:
    place: Path = sqlite_office.relief.settings.data_dir / "relief.db"
    sqlite_office.relief.database.dispose()
    place.write_bytes(b"not a database, but long enough to be looked at" * 100)
    for also in ("relief.db-wal", "relief.db-shm"):
        (place.parent / also).unlink(missing_ok=True)
    answer = everybody["chen"].get("/")
    assert answer.status_code == 503
    assert "Traceback" not in answer.text
