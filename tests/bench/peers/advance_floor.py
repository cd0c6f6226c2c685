"""The least that a step can cost: one guarded UPDATE, one INSERT into a history, one COMMIT.

By the bare drivers, with the SQL written out. It is blind: it reads nothing first, the guard is
part of the UPDATE. Of what the product promises it keeps that two people cannot take one step
twice (the version), that only an allowed step is taken (state and papers) and that the step is
written down; it has no roles, forms, chain, deadline or sealed words. So it is what the database
alone takes of a step's time, with the same durability.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from typing import Any

import psycopg

from tests.bench.peer import answer
from tests.bench.peers import walk

_TABLES = """
CREATE TABLE petition (id {key} PRIMARY KEY, reference TEXT NOT NULL UNIQUE, state TEXT NOT NULL,
    version INTEGER NOT NULL, papers INTEGER NOT NULL, changed_at TEXT NOT NULL);
CREATE TABLE history (id {serial} PRIMARY KEY, petition_id BIGINT NOT NULL REFERENCES petition (id),
    number INTEGER NOT NULL, action TEXT NOT NULL, from_state TEXT NOT NULL,
    to_state TEXT NOT NULL, actor TEXT NOT NULL, at TEXT NOT NULL, UNIQUE (petition_id, number));
"""
_UPDATE = """UPDATE petition SET state = ?, version = ?, changed_at = ?
    WHERE id = ? AND version = ? AND state = ? AND papers = 1"""
_INSERT = """INSERT INTO history (petition_id, number, action, from_state, to_state, actor, at)
    VALUES (?, ?, ?, ?, ?, ?, ?)"""


def measure(
    folder: str, cases: int, per_commit: int = 1, synchronous: str = "FULL", url: str = ""
) -> dict[str, Any]:
    """Lead that many cases to the end."""
    with closing(_on_postgresql(url) if url else _on_sqlite(folder, synchronous)) as connection:
        return _measure(_Floor(connection), cases, per_commit)


def _measure(floor: _Floor, cases: int, per_commit: int) -> dict[str, Any]:
    ids = floor.open_cases(cases + walk.WARMING_UP)
    found = walk.lead(floor.take, ids, per_commit)
    try:
        floor.take([len(ids) + 1], 0)
        refused = False
    except LookupError:
        refused = True
    return walk.checked(found, len(ids), *floor.counted(), refused)  # type: ignore[no-any-return]


def _on_sqlite(folder: str, synchronous: str) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{folder}/floor.db", isolation_level=None)
    for setting in (f"synchronous = {synchronous}", "journal_mode = WAL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {setting}")
    return connection


def _on_postgresql(url: str) -> psycopg.Connection[Any]:
    return psycopg.connect(url, autocommit=True)


class _Floor:
    def __init__(self, connection: Any) -> None:
        on_sqlite = isinstance(connection, sqlite3.Connection)
        self.execute = connection.execute
        self.cursor = connection.cursor
        self.mark = "?" if on_sqlite else "%s"
        self.begin = "BEGIN IMMEDIATE" if on_sqlite else "BEGIN"
        self.update, self.insert = (text.replace("?", self.mark) for text in (_UPDATE, _INSERT))
        key, serial = ("INTEGER", "INTEGER") if on_sqlite else ("BIGINT", "BIGSERIAL")
        for statement in _TABLES.format(key=key, serial=serial).split(";")[:-1]:
            self.execute(statement)

    def open_cases(self, count: int) -> list[int]:
        """Cases that are received; one more, the last, lacks its papers."""
        rows = [
            (number, f"P{number:06d}", walk.STATES[0], 0, int(number <= count), "")
            for number in range(1, count + 2)
        ]
        self.execute(self.begin)
        self.cursor().executemany(
            f"INSERT INTO petition VALUES ({', '.join([self.mark] * 6)})", rows
        )
        self.execute("COMMIT")
        return list(range(1, count + 1))

    def take(self, cases: Sequence[int], number: int) -> None:
        """One step of each, in one transaction; refused where the UPDATE finds no such case."""
        execute = self.execute
        before, after = walk.STATES[number], walk.STATES[number + 1]
        execute(self.begin)
        for case in cases:
            at = dt.datetime.now(dt.UTC).isoformat()
            if execute(self.update, (after, number + 1, at, case, number, before)).rowcount != 1:
                execute("ROLLBACK")
                raise LookupError(case)
            execute(
                self.insert, (case, number + 1, walk.ACTIONS[number], before, after, "chen", at)
            )
        execute("COMMIT")

    def counted(self) -> tuple[int, int]:
        """Cases in the last state, and rows of history."""
        last = f"SELECT count(*) FROM petition WHERE state = '{walk.STATES[-1]}'"
        ended, history = (
            self.execute(each).fetchone()[0] for each in (last, "SELECT count(*) FROM history")
        )
        return ended, history


if __name__ == "__main__":
    answer(measure)
