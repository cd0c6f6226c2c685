"""A real browser before a served office: the system's Chromium, by playwright."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from relief.bootstrap import open_relief
from relief.web.app import create_app
from tests.conftest import settings_for
from tests.office import CAST, Office
from tests.web.conftest import Visitor
from tests.web.furnished import OF_ROLE, furnish, office_in, pages

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PATIENCE_MS = 20_000
DESKTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}


def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """Everything in this folder needs a browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002
        """Say nothing."""


class Served:
    """An office with its pages on a port of this machine."""

    def __init__(self, app: Flask, address: str, office: Office) -> None:
        self.app, self.address, self.office = app, address, office

    def key_of(self, username: str) -> dict[str, Any]:
        """The cookie of somebody who has signed in."""
        visitor = Visitor(self.app).sign_in(username)
        cookie = visitor.client.get_cookie("relief")
        assert cookie is not None
        return {"name": "relief", "value": cookie.value, "url": self.address}


@contextmanager
def served(office: Office) -> Iterator[Served]:
    """Serve an office: one request after the other, as a process of the real server does."""
    app, one_at_a_time = create_app(office.relief), threading.Lock()
    pages = app.wsgi_app

    def in_turn(environ: Any, start_response: Any) -> Iterable[bytes]:
        with one_at_a_time:
            return pages(environ, start_response)

    app.wsgi_app = in_turn  # type: ignore[method-assign]
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield Served(app, f"http://127.0.0.1:{server.server_port}", office)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        office.relief.database.dispose()


def chromium() -> str | None:
    """Where the system's browser is."""
    named = os.environ.get("RELIEF_TEST_CHROMIUM")
    return named or next(filter(None, map(shutil.which, _NAMES)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests of this process."""
    path = chromium()
    if path is None:
        pytest.skip("no Chromium is installed here: the tests in a browser are left out")
    as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=path, args=[*as_root, "--disable-dev-shm-usage"]
        )
        yield started
        started.close()


@pytest.fixture
def site(browser: Browser, sqlite_template: Path, tmp_path: Path) -> Iterator[Served]:
    """A fresh office with its cast, served."""
    shutil.copy(sqlite_template, tmp_path / "relief.db")
    relief = open_relief(settings_for(tmp_path, clock="2005-06-28T09:00"))
    with served(Office(relief)) as found:
        yield found


@pytest.fixture(scope="session")
def furnished_folder(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with something on every page, made once."""
    folder = tmp_path_factory.mktemp("furnished")
    shutil.copy(sqlite_template, folder / "relief.db")
    office = Office(open_relief(settings_for(folder)))
    furnish(office)
    office.relief.database.dispose()
    return folder


@pytest.fixture(scope="session")
def full_site(browser: Browser, furnished_folder: Path) -> Iterator[Served]:
    """The furnished office, served for tests that change nothing in it but the language."""
    with served(Office(office_in(furnished_folder))) as found:
        yield found


@pytest.fixture
def window(browser: Browser, site: Served) -> Iterator[Callable[..., Page]]:
    """Opens windows: `window("chen")` has signed in, `window()` has not. Each is a browser of its
    own; a second window of the same browser is `page.context.new_page()`."""
    with ExitStack() as opened:

        def open_window(username: str = "", **options: Any) -> Page:
            context = new_context(browser, site, username, **options)
            opened.callback(context.close)
            return context.new_page()

        yield open_window


def new_context(
    browser: Browser, site: Served, username: str = "", **options: Any
) -> BrowserContext:
    """A browser of somebody's own; signed in where a name is given."""
    assert not username or username in CAST
    context = browser.new_context(
        base_url=site.address, viewport=options.pop("viewport", DESKTOP), **options
    )
    context.set_default_timeout(_PATIENCE_MS)
    if username:
        context.add_cookies([site.key_of(username)])  # type: ignore[list-item]
    return context


def path_of(page: Page) -> str:
    """Where a window stands."""
    return urlsplit(page.url).path


def tab_to(page: Page, name: str, steps_max: int = 30) -> None:
    """Press Tab until a field of this name has the focus."""
    for _step in range(steps_max):
        if page.evaluate("document.activeElement.name") == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name} cannot be reached by Tab")


def shown(site: Served) -> Iterator[tuple[str, str]]:
    """The pages that a browser shows in the reader's language; what it would download is left out,
    and letters, which have a language and a look of their own (test_paper)."""
    visitors = {who: Visitor(site.app).sign_in(who) if who else Visitor(site.app) for who in
                ("", *OF_ROLE.values())}  # fmt: skip
    for address, who in pages():
        answer = visitors[who].client.get(address)
        is_letter = "sandbox" in answer.headers.get("Content-Security-Policy", "")
        if answer.mimetype == "text/html" and answer.status_code == 200 and not is_letter:
            yield address, who
        else:
            assert answer.status_code in {200, 302, 303}, address
        answer.close()
