"""Two at once, so that one really waits for the other: nothing sleeps, and nothing is left to
luck."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

import pytest
import sqlalchemy as sa

from relief.engine.work import Work
from relief.kernel import sqlite
from tests.office import Office

One, Other = TypeVar("One"), TypeVar("Other")
_WAITING = sa.text(
    "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
    " WHERE NOT granted AND datname = current_database()"
)
_SECONDS_MAX = 60


@contextmanager
def told_when_it_waits(office: Office) -> Iterator[Callable[[Future[Other]], None]]:
    """Gives what returns when a part that was begun beside waits for its turn; one that ends
    without having waited fails."""
    asked = threading.Event()

    def pause_s(_waited_s: float) -> float:
        asked.set()
        return 0.001

    def until_it_waits(part: Future[Other]) -> None:
        if office.relief.database.is_sqlite:
            while not asked.wait(0.01):
                assert not part.done(), "it did not wait"
            return
        waiting = 0
        while not waiting:
            assert not part.done(), "it did not wait"
            with office.relief.database.engine.connect() as connection:
                waiting = connection.execute(_WAITING).scalar_one()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite, "pause_s", pause_s)
        patch.setattr(sqlite, "turn_s", pause_s)
        yield until_it_waits


def meanwhile(
    office: Office, first: Callable[[Work], One], second: Callable[[], Other]
) -> tuple[One, Other]:
    """The second begins when the first has done its work, and before its commit."""
    with told_when_it_waits(office) as until_it_waits, ThreadPoolExecutor(1) as pool:
        with office.relief.work() as work:
            did = first(work)
            other = pool.submit(second)
            until_it_waits(other)
            work.commit()
        return did, other.result(timeout=_SECONDS_MAX)


def at_statement(
    office: Office, number: int, part: Callable[[Work], One], beside: Callable[[], Other]
) -> tuple[One, Other]:
    """At the n-th statement of a part another begins beside it, and waits."""
    mine, seen = threading.get_ident(), 0
    begun: list[Future[Other]] = []
    engine = office.relief.database.engine
    with told_when_it_waits(office) as until_it_waits, ThreadPoolExecutor(1) as pool:

        def count(*_event: object) -> None:
            nonlocal seen
            if threading.get_ident() != mine:
                return
            seen += 1
            if seen == number:
                begun.append(pool.submit(beside))
                until_it_waits(begun[0])

        sa.event.listen(engine, "before_cursor_execute", count)
        try:
            with office.relief.work() as work:
                did = part(work)
                work.commit()
        finally:
            sa.event.remove(engine, "before_cursor_execute", count)
        assert begun, "the part has fewer statements"
        return did, begun[0].result(timeout=_SECONDS_MAX)
