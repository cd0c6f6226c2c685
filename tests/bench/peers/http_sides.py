"""Both sides of the http job: lists of 25, saving by sixteen clients, and the product's search."""

from __future__ import annotations

import os
import re
import secrets
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

from tests.bench.apart import ROOT
from tests.bench.offices.desk import TODAY
from tests.bench.offices.opened import FIELD_KEY
from tests.bench.peer import answer
from tests.bench.peers import http_app
from tests.bench.peers.http_load import Client, load, request
from tests.office import PASSWORD

_READERS, _WRITERS = 8, 16
_TOKEN = re.compile(rb'name="csrf_token" value="([^"]+)"')
_COOKIE = re.compile(rb"set-cookie: (relief=[^;]+)", re.IGNORECASE)
_LOCATION = re.compile(rb"location: (\S+)", re.IGNORECASE)
_TYPED = {"channel": "visit", "name": "吴试甲", "matter": "问政策", "answer": "已解释"}
_SOUGHT = ("wushi", "liu", "0012", "吴试", "1234", "zhangshi")
_SETTINGS = {"FIELD_KEYS": FIELD_KEY, "SECRET_KEY": "secret", "LOCALE": "en", "CLOCK": TODAY}


def measure(folder: str, side: str, seconds: float, cases: int = 0) -> dict[str, Any]:
    """One side: `relief`, in the office of the folder, or `trivial`."""
    began = time.perf_counter()
    if side == "trivial":
        http_app.fill(folder, cases)
    os.sync()  # an office that was just copied would be written out by the first who saves
    if side == "trivial":
        with _served("http_app", {"TRIVIAL_FOLDER": folder}) as port:
            found = _trivial(port, folder, seconds, cases)
    else:
        settings = {"DATA_DIR": folder, **_SETTINGS}
        named = {f"RELIEF_{name}": value for name, value in settings.items()}
        with _served("http_serve", named) as port:
            found = _relief(port, folder, seconds)
    return {"seconds": time.perf_counter() - began, **found}


def _trivial(port: int, folder: str, seconds: float, cases: int) -> dict[str, Any]:
    page = request("GET", "/list")
    lists = load(port, _READERS, seconds, lambda _who, _number: page, 200)

    def save(who: int, number: int) -> bytes:
        return request("POST", "/save", fields={**_TYPED, "once": f"{who}-{number}"})

    saved = load(port, _WRITERS, seconds, save, 303)
    assert _contacts(f"{folder}/trivial.db") == cases + saved["count"]
    return {
        "contacts_per_second": lists["per_second"],
        "cases_per_second": lists["per_second"],
        "list_p95_ms": lists["p95_ms"],
        "saves_per_second": saved["per_second"],
    }


def _relief(port: int, folder: str, seconds: float) -> dict[str, Any]:
    cookie, token = _signed_in(port)
    pages = [request("GET", path, cookie) for path in ("/contacts", "/cases")]
    contacts = load(port, _READERS, seconds, lambda _who, _number: pages[0], 200)
    cases = load(port, _READERS, seconds, lambda _who, _number: pages[1], 200)
    asked = [request("GET", _found(port, cookie, token, words), cookie) for words in _SOUGHT]
    search = load(
        port, _READERS, seconds, lambda who, number: asked[(who + number) % len(asked)], 200
    )
    saved = _saved(port, folder, seconds, cookie, token)
    return {
        "contacts_per_second": contacts["per_second"],
        "cases_per_second": cases["per_second"],
        "list_p95_ms": contacts["p95_ms"],
        "search_p95_ms": search["p95_ms"],
        "search_to_list": search["p95_ms"] / contacts["p95_ms"],
        "saves_per_second": saved["per_second"],
    }


def _saved(port: int, folder: str, seconds: float, cookie: str, token: str) -> dict[str, Any]:
    fields = {**_TYPED, "csrf_token": token, "outcome": "answered", "heads": "1"}

    def save(_who: int, _number: int) -> bytes:
        return request("POST", "/desk", cookie, {**fields, "once": secrets.token_hex(16)})

    before = _contacts(f"{folder}/relief.db")
    saved = load(port, _WRITERS, seconds, save, 303)
    after = _contacts(f"{folder}/relief.db")
    assert after == before + saved["count"], "something was lost or doubled"
    return saved


def _contacts(path: str) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM contact").fetchone()[0])


def _signed_in(port: int) -> tuple[str, str]:
    """The cookie of a clerk, and the token of its forms."""
    client = Client(port)
    _status, head, page = client.ask(request("GET", "/sign-in"))
    fields = {"csrf_token": _first(_TOKEN, page), "username": "chen", "password": PASSWORD}
    status, head, page = client.ask(request("POST", "/sign-in", _first(_COOKIE, head), fields))
    assert status == 303, page
    cookie = _first(_COOKIE, head)
    _status, head, page = client.ask(request("GET", "/desk", cookie))
    again = _COOKIE.search(head)
    client.close()
    return again[1].decode() if again else cookie, _first(_TOKEN, page)


def _found(port: int, cookie: str, token: str, words: str) -> str:
    """The address of what is found by these words."""
    client = Client(port)
    asked = request("POST", "/search", cookie, {"csrf_token": token, "q": words})
    status, head, page = client.ask(asked)
    client.close()
    assert status == 303, page
    return _first(_LOCATION, head)


def _first(pattern: re.Pattern[bytes], text: bytes) -> str:
    found = pattern.search(text)
    assert found, text[:500]
    return found[1].decode()


@contextmanager
def _served(module: str, settings: Mapping[str, str]) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RELIEF_")}
    process = subprocess.Popen(
        [sys.executable, "-m", f"tests.bench.peers.{module}", str(port)],
        cwd=ROOT,
        env={**kept, "PYTHONPATH": str(ROOT), **settings},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield port
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def _wait_for(port: int) -> None:
    for _attempt in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not begin to listen")


if __name__ == "__main__":
    answer(measure)
