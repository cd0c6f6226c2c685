"""SQLite's own ways: how a connection is set up, and how writers wait for each other."""

from __future__ import annotations

import sqlite3
import time

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection

BUSY_MS_MAX = 30_000
_PAUSE_S_FIRST, _PAUSE_S_LEAST = 0.02, 0.001
# So much of the first pause is left after a second of waiting: one part in five.
_HASTE_PER_S = 4


def prepare(connection: DBAPIConnection, _record: object) -> None:
    """WAL, full durability, foreign keys; we begin transactions ourselves (pysqlite lost updates
    by its implicit ones)."""
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_MS_MAX}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def begin(connection: Connection) -> None:
    """Begin as the execution option `sqlite_begin` says: to write, unless told otherwise."""
    mode = connection.get_execution_options().get("sqlite_begin", "IMMEDIATE")
    if mode == "IMMEDIATE":
        _begin_to_write(connection)
    else:
        connection.exec_driver_sql(f"BEGIN {mode}")


def _begin_to_write(connection: Connection) -> None:
    """Begin as the one writer, after those before. SQLite's own waiting asks ever more rarely, so
    that of twenty busy writers some got no turn in thirty seconds: here, whoever has waited longer
    asks more often. Between two askings signals are heard."""
    _set_busy_timeout(connection, 0)
    waited_s = 0.0
    try:
        while not _begun(connection, last_time=waited_s * 1_000 >= BUSY_MS_MAX):
            time.sleep(pause_s(waited_s))
            waited_s += pause_s(waited_s)
    finally:
        _set_busy_timeout(connection, BUSY_MS_MAX)


def pause_s(waited_s: float) -> float:
    """Seconds until a writer asks again, by how long it has waited."""
    return max(_PAUSE_S_LEAST, _PAUSE_S_FIRST / (1 + _HASTE_PER_S * waited_s))


def _begun(connection: Connection, *, last_time: bool) -> bool:
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except sa.exc.OperationalError as fault:
        code = getattr(fault.orig, "sqlite_errorcode", 0)
        if last_time or code & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


def _set_busy_timeout(connection: Connection, milliseconds: int) -> None:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    driver.execute(f"PRAGMA busy_timeout = {milliseconds}").close()
