"""Of the threads of one process one asks SQLite at a time for its one writer's place."""

from __future__ import annotations

import heapq
import itertools
import random
import threading

import pytest

from relief.kernel import sqlite
from relief.kernel.sqlite import Turn, pause_s


def test_one_has_the_turn_until_it_ends_and_keeps_it_when_it_writes_once_more() -> None:
    writers = threading.Lock()
    first = Turn(writers)
    first.take()
    assert writers.locked()
    first.take()
    first.end()
    first.end()
    assert not writers.locked()


def test_who_has_waited_as_long_as_sqlite_is_waited_for_goes_on_without_a_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_MS_MAX", 3)
    writers = threading.Lock()
    first, second = Turn(writers), Turn(writers)
    first.take()
    assert second.take().waited_s >= 0.003
    second.end()  # it had none, and takes none away
    assert writers.locked()


def test_time_that_an_asking_takes_is_waited_too(monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = itertools.count(100.0)  # each look at the clock a second later
    monkeypatch.setattr(sqlite, "monotonic_s", lambda: next(now_s))
    waiting = sqlite.Waiting()
    looks = sum(1 for _look in iter(lambda: waiting.is_too_long, True))
    assert looks == sqlite.BUSY_MS_MAX / 1_000 - 1


def test_who_waits_asks_soon_then_rarely_then_ever_sooner() -> None:
    pauses = [pause_s(waited_ms / 1_000) for waited_ms in range(30_000)]
    assert 0 < pauses[0] < 0.001  # a save holds the file longer
    rarest = pauses.index(max(pauses))
    assert 0.010 < pauses[rarest] <= 0.020
    assert pauses[: rarest + 1] == sorted(pauses[: rarest + 1])
    assert all(later < sooner for sooner, later in itertools.pairwise(pauses[rarest:]))
    assert pauses[-1] >= 0.0005


def waits_s(writers: int, held_s: float, between_s: float, turns: int) -> list[float]:
    """What each turn of so many busy writers waits for, reckoned: each asks, pauses, asks again,
    holds the file, and comes again soon after."""
    chance, free_at_s, waits = random.Random(5), 0.0, list[float]()
    began_s = [chance.random() / 100 for _writer in range(writers)]
    asking = [(at_s, each, turns) for each, at_s in enumerate(began_s)]
    while asking:
        at_s, each, left = heapq.heappop(asking)
        waited_s = at_s - began_s[each]
        if at_s < free_at_s:
            late_s = chance.expovariate(2_000)  # nobody wakes on the dot
            heapq.heappush(asking, (at_s + pause_s(waited_s) + late_s, each, left))
            continue
        waits.append(waited_s)
        free_at_s = at_s + held_s * chance.uniform(0.5, 1.5)
        if left > 1:
            began_s[each] = free_at_s + between_s * chance.uniform(0.5, 1.5)
            heapq.heappush(asking, (began_s[each], each, left - 1))
    return sorted(waits)


def test_of_twenty_who_write_long_and_without_end_each_gets_a_turn_in_time() -> None:
    waits = waits_s(20, held_s=0.4, between_s=0.02, turns=20)
    assert len(waits) == 400
    assert waits[-1] < sqlite.BUSY_MS_MAX / 1_000


def test_of_two_processes_that_save_forms_neither_waits_long_for_the_other() -> None:
    """A save holds the file for three milliseconds."""
    waits = waits_s(2, held_s=0.003, between_s=0.002, turns=300)
    assert waits[len(waits) * 95 // 100] < 0.02
