"""A fault of the database is told by what it means; never "nothing was written" where that cannot
be known."""

from __future__ import annotations

import sqlite3

import psycopg
import pytest
import sqlalchemy as sa

from relief.kernel.database_faults import problem_of


def of_sqlite(name: str) -> sa.exc.DBAPIError:
    """A fault as SQLite's driver gives it."""
    driver = sqlite3.OperationalError("said in words")
    driver.sqlite_errorname = name
    return sa.exc.OperationalError("UPDATE …", {}, driver)


def of_postgresql(state: str) -> sa.exc.DBAPIError:
    """A fault as PostgreSQL's driver gives it, in a language that nobody looks at."""
    driver = type("Fault", (psycopg.OperationalError,), {"sqlstate": state})("不行")
    return sa.exc.OperationalError("UPDATE …", {}, driver)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("SQLITE_BUSY", "database.locked"),
        ("SQLITE_BUSY_SNAPSHOT", "database.locked"),
        ("SQLITE_READONLY_DBMOVED", "database.read_only"),
        ("SQLITE_FULL", "database.full"),
        ("SQLITE_IOERR_WRITE", "database.full"),
        ("SQLITE_IOERR_SHORT_READ", "database.damaged"),
        ("SQLITE_CANTOPEN", "database.no_file"),
        ("SQLITE_CORRUPT_INDEX", "database.damaged"),
        ("SQLITE_NOTADB", "database.damaged"),
        ("SQLITE_PROTOCOL", "database.silent"),
    ],
)
def test_sqlite_is_told_by_its_code(name: str, code: str) -> None:
    problem = problem_of(of_sqlite(name))
    assert problem is not None
    assert problem.code == code


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("55P03", "database.locked"),
        ("25006", "database.read_only"),
        ("53100", "database.full"),
        ("57P01", "database.away"),
        ("08006", "database.away"),
        ("XX001", "database.damaged"),
        ("28P01", "database.turned_away"),
        ("3D000", "database.turned_away"),
        ("53300", "database.turned_away"),
        ("40P01", "database.silent"),
    ],
)
def test_postgresql_is_told_by_its_state(state: str, code: str) -> None:
    problem = problem_of(of_postgresql(state))
    assert problem is not None
    assert problem.code == code


@pytest.mark.parametrize("statement", ["UPDATE …", None])
@pytest.mark.parametrize(
    "said",
    [
        "server closed the connection unexpectedly",
        "consuming input failed: FATAL:  terminating connection due to administrator command",
    ],
)
def test_connection_that_broke_promises_nothing(statement: str | None, said: str) -> None:
    """A commit has no statement; whether it came about before that, nobody knows."""
    driver = psycopg.OperationalError(said)
    fault = sa.exc.OperationalError(statement, {}, driver, connection_invalidated=True)
    problem = problem_of(fault)
    assert problem is not None
    assert "look before you do it again" in str(problem.text)


def test_server_that_turned_the_connection_away_is_told_with_what_it_said() -> None:
    driver = psycopg.OperationalError("connection failed: FATAL:  the database is starting up")
    problem = problem_of(sa.exc.OperationalError(None, {}, driver))
    assert problem is not None
    assert problem.code == "database.turned_away"


def test_server_that_was_never_reached_is_told_as_such() -> None:
    driver = psycopg.OperationalError("connection refused")
    problem = problem_of(sa.exc.OperationalError(None, {}, driver))
    assert problem is not None
    assert "cannot be reached" in str(problem.text)


def test_fault_that_is_not_the_databases_is_left_to_others() -> None:
    assert problem_of(ValueError("no number")) is None
    assert problem_of(sa.exc.IntegrityError("INSERT …", {}, Exception("twice"))) is None
