"""A new file is turned to WAL by whoever opens it first, and the others wait for that."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from relief.kernel import sqlite
from relief.kernel.database import Database


@pytest.fixture
def opened_by_another(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A file that is not turned yet, and another program that is about to do it."""
    other = sqlite3.connect(tmp_path / "relief.db", isolation_level=None)
    other.execute("CREATE TABLE things (id INTEGER)")
    other.execute("BEGIN EXCLUSIVE")
    yield other
    other.close()


def journal_mode(path: Path) -> str:
    database = Database(f"sqlite:///{path / 'relief.db'}")
    try:
        with database.transaction(writes=False) as connection:
            return str(connection.exec_driver_sql("PRAGMA journal_mode").scalar_one())
    finally:
        database.dispose()


def test_who_comes_second_asks_again_until_the_first_has_done_it(
    opened_by_another: sqlite3.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            opened_by_another.execute("COMMIT")

    monkeypatch.setattr(sqlite.time, "sleep", pause)
    assert journal_mode(tmp_path) == "wal"
    assert len(pauses) == 3


def test_who_waits_too_long_hears_that_the_database_is_held(
    opened_by_another: sqlite3.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now_s, asked = [0.0], 0

    def pause(_seconds: float) -> None:
        nonlocal asked
        asked += 1
        now_s[0] += 1.0  # the machine is slow: so long from one asking to the next

    monkeypatch.setattr(sqlite.time, "sleep", pause)
    monkeypatch.setattr(sqlite, "monotonic_s", lambda: now_s[0])
    with pytest.raises(sa.exc.OperationalError, match="locked"):
        journal_mode(tmp_path)
    assert asked == sqlite.BUSY_MS_MAX / 1_000
    assert opened_by_another.in_transaction
