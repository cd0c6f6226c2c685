"""SQLite's own ways: how a connection is set up, and how writers wait for each other."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable

from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection

from relief.kernel.clock import monotonic_s

BUSY_MS_MAX = 30_000
# The ends of the names of its files: the database, its log, and the index of that.
FILES = ("", "-wal", "-shm")
# What a connection keeps: how long SQLite waits by itself.
_BUSY_MS = "busy_ms"
# Another process holds the file for a millisecond or two when it saves a form.
_PAUSE_S_FIRST, _PAUSE_S_LONGEST = 0.0002, 0.02
_LOOK_S = 1.0
# The pause grows for a sixth of a second. Then whoever has waited longer asks more often in the
# same measure, up to the end: were all equal after some seconds, some would get no turn.
_GROWTH, _HASTE_PER_S = 0.1, 1.0


class Waiting:
    """How long somebody has waited for the file: real time, for an asking takes some, too."""

    def __init__(self) -> None:
        self._since_s = monotonic_s()

    @property
    def waited_s(self) -> float:
        """The seconds until now."""
        return monotonic_s() - self._since_s

    @property
    def is_too_long(self) -> bool:
        """As long as SQLite is waited for."""
        return self.waited_s * 1_000 >= BUSY_MS_MAX


class Turn:
    """The turn of one unit of work among those of this process that write: many threads that ask
    SQLite would wear out the processor that the one who writes needs."""

    def __init__(self, writers: threading.Lock) -> None:
        self._writers = writers
        self._has = False

    def take(self) -> Waiting:
        """Wait for it; gives how long that is now. Whoever has waited as long as SQLite is waited
        for goes on without, and hears from SQLite how it stands."""
        waiting = Waiting()
        self._has = self._has or self._writers.acquire(blocking=False)
        while not self._has and not waiting.is_too_long:
            self._has = self._writers.acquire(timeout=turn_s(waiting.waited_s))
        return waiting

    def end(self) -> None:
        """The unit of work is over, however it ended: the next may ask."""
        if self._has:
            self._has = False
            self._writers.release()


def prepare(connection: DBAPIConnection, _record: object) -> None:
    """WAL, full durability, foreign keys; we begin transactions ourselves (pysqlite lost updates
    by its implicit ones)."""
    connection.isolation_level = None
    cursor = connection.cursor()
    # A new file is turned to WAL by the first who opens it. SQLite's own waiting does not reach
    # that: of two programs that started together, one was told that the database is locked.
    cursor.execute("PRAGMA busy_timeout = 0")
    _asked_until_free(lambda: cursor.execute("PRAGMA journal_mode = WAL"), Waiting())
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_MS_MAX}")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def begin(connection: Connection) -> None:
    """Begin as the execution option `sqlite_begin` says: to write, unless told otherwise."""
    mode = connection.get_execution_options().get("sqlite_begin", "IMMEDIATE")
    if mode == "IMMEDIATE":
        _wait_in_sqlite(connection, 0)
        _begin_to_write(connection)
    else:
        _wait_in_sqlite(connection, BUSY_MS_MAX)
        connection.exec_driver_sql(f"BEGIN {mode}")


def only_reads(connection: Connection) -> None:
    """From now on this connection begins without the one writer's place, and the next of this
    process may have the turn."""
    turn: Turn | None = connection.get_execution_options().get("sqlite_turn")
    if turn:
        turn.end()
    connection.execution_options(sqlite_begin="DEFERRED")


def _begin_to_write(connection: Connection) -> None:
    """Begin as the one writer, after those before. SQLite's own waiting asks ever more rarely, so
    that of twenty busy writers some got no turn in thirty seconds: here, whoever has waited longer
    asks more often (`pause_s`). Between two askings signals are heard.

    Of one process only who has its turn asks (`Turn`)."""
    turn: Turn | None = connection.get_execution_options().get("sqlite_turn")
    driver, waiting = _driver(connection), turn.take() if turn else Waiting()
    try:
        # The driver itself is asked: in vain it costs a tenth of what it does through SQLAlchemy,
        # and this goes on while somebody else needs the processor.
        _asked_until_free(lambda: driver.execute("BEGIN IMMEDIATE"), waiting)
    except sqlite3.OperationalError:
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # the same again, told as all faults are


def _wait_in_sqlite(connection: Connection, milliseconds: int) -> None:
    """How long SQLite waits by itself: not at all for its one writer, for here it is waited. Once
    that is begun, nothing is waited for."""
    if connection.info.pop(_BUSY_MS, None) != milliseconds:
        _driver(connection).execute(f"PRAGMA busy_timeout = {milliseconds}")
    connection.info[_BUSY_MS] = milliseconds  # noted last: an interrupt leaves it unknown


def _asked_until_free(ask: Callable[[], object], waiting: Waiting) -> None:
    """Ask until nobody else holds the file, at most as long as SQLite is waited for."""
    while True:
        try:
            ask()
        except sqlite3.OperationalError as fault:
            if waiting.is_too_long or not _is_busy(fault):
                raise
        else:
            return
        time.sleep(pause_s(waiting.waited_s))


def turn_s(waited_s: float) -> float:
    """Seconds after which somebody who waits for its turn looks how long that is already: whoever
    ends its own wakes the next at once."""
    return max(0.0, min(_LOOK_S, BUSY_MS_MAX / 1_000 - waited_s))


def pause_s(waited_s: float) -> float:
    """Seconds until a writer asks again, by how long it has waited: soon at first, for most are
    quick; then more rarely, to wear nobody out; then ever sooner, before those who came later."""
    growing = _PAUSE_S_FIRST + _GROWTH * waited_s
    return min(growing, _PAUSE_S_LONGEST / (1 + _HASTE_PER_S * waited_s))


def _is_busy(fault: sqlite3.OperationalError) -> bool:
    return getattr(fault, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY


def _driver(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver
