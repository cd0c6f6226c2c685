"""Of the threads of one process one asks SQLite at a time for its one writer's place."""

from __future__ import annotations

import threading

import pytest

from relief.kernel import sqlite
from relief.kernel.sqlite import Turn


def test_one_has_the_turn_until_it_ends_and_keeps_it_when_it_writes_once_more() -> None:
    writers = threading.Lock()
    first = Turn(writers)
    assert (first.take(), first.take()) == (0.0, 0.0)
    assert writers.locked()
    first.end()
    first.end()
    assert not writers.locked()


def test_who_has_waited_as_long_as_sqlite_is_waited_for_goes_on_without_a_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_MS_MAX", 3)
    monkeypatch.setattr(sqlite, "pause_s", lambda _waited_s: 0.001)
    writers = threading.Lock()
    first, second = Turn(writers), Turn(writers)
    first.take()
    assert second.take() >= 0.003
    second.end()  # it had none, and takes none away
    assert writers.locked()
