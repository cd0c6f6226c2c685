"""A trivial application: the least that a list and a form of the same size can cost with Flask and
SQLite. No access, no tokens, no journal, no words to translate. Served as the product is: granian,
two processes, as many threads in each; every thread has a connection of its own."""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
from typing import Any

from flask import Flask, Response, redirect, render_template_string, request
from granian import Granian
from granian.constants import Interfaces

from relief.web.serving import THREADS

_LIST = """<!doctype html><html lang="en"><head><title>Contacts</title></head><body>
<h1>Contacts</h1><table>
<tr><th>No</th><th>When</th><th>How</th><th>Heads</th><th>Name</th><th>Outcome</th></tr>
{% for row in rows %}<tr><td><a href="/one/{{ row[1] }}">{{ row[1] }}</a></td><td>{{ row[2] }}</td>
<td>{{ row[3] }}</td><td>{{ row[4] }}</td><td>{{ row[5] }}</td><td>{{ row[6] }}</td></tr>
{% endfor %}</table><a href="/list?after={{ rows[-1][0] }}">Further</a></body></html>"""
_TABLES = """CREATE TABLE contact (id INTEGER PRIMARY KEY, reference TEXT UNIQUE, happened_at TEXT,
channel TEXT, heads INTEGER, name TEXT, outcome TEXT, matter TEXT);
CREATE INDEX by_time ON contact (happened_at, id)"""


def connect(folder: str) -> sqlite3.Connection:
    """A connection set up as the product's."""
    connection = sqlite3.connect(f"{folder}/trivial.db", isolation_level=None, timeout=30)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def fill(folder: str, count: int) -> None:
    """Make the database."""
    connection = connect(folder)
    connection.executescript(_TABLES)
    connection.execute("BEGIN")
    connection.executemany(
        "INSERT INTO contact VALUES (?, ?, ?, 'visit', 1, ?, 'answered', 'x')",
        (
            (n, f"C{n:06d}", f"2005-{n % 12 + 1:02d}-{n % 28 + 1:02d}", f"<{n}>")
            for n in range(1, count + 1)
        ),
    )
    connection.execute("COMMIT")
    connection.close()


def create_app() -> Flask:
    """The application, in a process of the server."""
    app, kept = Flask("trivial"), threading.local()

    def connected() -> sqlite3.Connection:
        if not hasattr(kept, "connection"):
            kept.connection = connect(os.environ["TRIVIAL_FOLDER"])
        found: sqlite3.Connection = kept.connection
        return found

    @app.get("/list")
    def listed() -> str:
        rows = (
            connected()
            .execute("SELECT * FROM contact ORDER BY happened_at DESC, id DESC LIMIT 25")
            .fetchall()
        )
        return render_template_string(_LIST, rows=rows)

    @app.post("/save")
    def save() -> Any:
        form, connection = request.form, connected()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(
            "INSERT INTO contact (reference, happened_at, channel, heads, name, outcome, matter)"
            " VALUES (?, '2005-06-28', ?, 1, ?, 'answered', ?)",
            (form["once"], form["channel"], form["name"], form["matter"]),
        )
        connection.execute("COMMIT")
        return redirect("/list", 303)

    @app.get("/static/seal.svg")
    def nothing() -> Response:
        return Response("")

    return app


if __name__ == "__main__":
    Granian(
        "tests.bench.peers.http_app:create_app",
        address="127.0.0.1",
        port=int(sys.argv[1]),
        interface=Interfaces.WSGI,
        workers=2,
        blocking_threads=THREADS,
        websockets=False,
        log_enabled=False,
        factory=True,
    ).serve()
