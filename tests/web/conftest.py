"""An office that is worked in a browser: without a screen, but with cookies and real forms."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.test import TestResponse

from relief.bootstrap import initialise
from relief.kernel.clock import RehearsalClock
from relief.web.app import create_app
from tests.conftest import settings_for
from tests.office import CAST, PASSWORD, ZONE, Office

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_TAGS = re.compile(r"<[^>]+>")
# Real time, in tests: sessions and throttles go by it.
BEGINS = dt.datetime(2026, 11, 2, 9, 0, tzinfo=ZONE)


class Visitor:
    """Somebody with a browser of their own."""

    def __init__(self, app: Flask, address: str = "192.168.1.20") -> None:
        self.client: FlaskClient = app.test_client()
        self.client.environ_base["REMOTE_ADDR"] = address
        self.token = ""

    def get(self, path: str, **headers: str) -> TestResponse:
        """Open a page."""
        return self._seen(self.client.get(path, headers=headers))

    def post(self, path: str, *, token: str | None = None, **fields: Any) -> TestResponse:
        """Send a form, with the token of the page seen last."""
        if token is None:
            token = self.token or self._fresh_token()
        return self._seen(self.client.post(path, data={"csrf_token": token, **fields}))

    def send(self, path: str, **fields: Any) -> TestResponse:
        """Send a form that has to be taken, and open the page it leads to."""
        answer = self.post(path, **fields)
        assert answer.status_code == 303, (answer.status_code, text_of(answer))
        return self.get(answer.headers["Location"])

    def sign_in(self, username: str, password: str = PASSWORD) -> Visitor:
        """Sign in by the form."""
        self.get("/sign-in")
        answer = self.post("/sign-in", username=username, password=password)
        assert answer.status_code == 303, text_of(answer)
        self.token = ""
        return self

    def _fresh_token(self) -> str:
        self.get("/style")
        return self.token

    def _seen(self, answer: TestResponse) -> TestResponse:
        found = _TOKEN.search(answer.text) if answer.mimetype == "text/html" else None
        if found:
            self.token = found[1]
        return answer


def text_of(answer: TestResponse) -> str:
    """What can be read on a page."""
    return re.sub(r"\s+", " ", unescape(_TAGS.sub(" ", answer.text))).strip()


class _Compiled(BytecodeCache):
    """Templates are compiled once for all the applications that tests make."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.bytecode_to_string()


@pytest.fixture(scope="session", autouse=True)
def _templates_compiled_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Flask, "jinja_options", {"bytecode_cache": _Compiled()})
        yield


@pytest.fixture
def real_clock() -> RehearsalClock:
    """Real time, put forward by the test."""
    return RehearsalClock(BEGINS, ZONE)


@pytest.fixture
def app(sqlite_office: Office, real_clock: RehearsalClock) -> Flask:
    """The pages of a fresh office."""
    return create_app(sqlite_office.relief, real_clock)


@pytest.fixture
def visit(app: Flask) -> Callable[..., Visitor]:
    """A browser: `visit("chen")` has signed in, `visit()` has not."""

    def open_browser(username: str = "", address: str = "192.168.1.20") -> Visitor:
        visitor = Visitor(app, address)
        return visitor.sign_in(username) if username else visitor

    return open_browser


@pytest.fixture
def everybody(visit: Callable[..., Visitor]) -> dict[str, Visitor]:
    """The cast, signed in; "" has not."""
    return {"": visit()} | {name: visit(name) for name in CAST}


@pytest.fixture
def empty_app(tmp_path: Path) -> Iterator[Flask]:
    """The pages of an office where nobody works yet."""
    relief = initialise(settings_for(tmp_path / "empty"))
    yield create_app(relief)
    relief.database.dispose()
