"""Failures on demand: the n-th statement fails, before or after it was executed, or the commit.

The fault is the driver's own, raised where the driver would raise it, so that all that SQLAlchemy
and the program do about a database that fails is done.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import sqlalchemy as sa

from relief.kernel.database import Database

BEFORE, AFTER = "before", "after"
COMMIT = 0
_EXECUTIONS = ("do_execute", "do_executemany", "do_execute_no_params")


@dataclass
class Strike:
    """Where to fail: at the n-th statement from now, or at the commit (`COMMIT`)."""

    fault: type[Exception]
    at: int | None
    when: str
    statements: int = 0
    struck: bool = False

    def execute(self, cursor: Any, statement: str, *rest: Any) -> bool:
        """In the place of the dialect: count a statement, and execute it or fail."""
        self.statements += 1
        self.fail(self.statements, BEFORE)
        parameters = rest[0] if len(rest) > 1 else None
        if isinstance(parameters, list):
            cursor.executemany(statement, parameters)
        elif parameters is None:
            cursor.execute(statement)
        else:
            cursor.execute(statement, parameters)
        self.fail(self.statements, AFTER)
        return True

    def fail(self, number: int, when: str) -> None:
        """Fail where the fault belongs here; once."""
        if (self.at, self.when) == (number, when) and not self.struck:
            self.struck = True
            raise self.fault(f"struck {when}")


@contextmanager
def striking(database: Database, at: int | None = None, when: str = BEFORE) -> Iterator[Strike]:
    """Count the statements of a database, and fail at one of them where it is said."""
    fault = sqlite3.OperationalError if database.is_sqlite else psycopg.OperationalError
    strike = Strike(fault, at, when)
    dialect = database.engine.dialect
    commit = dialect.do_commit

    def commit_or_fail(connection: Any) -> None:
        strike.fail(COMMIT, BEFORE)
        commit(connection)
        strike.fail(COMMIT, AFTER)

    for name in _EXECUTIONS:
        sa.event.listen(database.engine, name, strike.execute)
    dialect.do_commit = commit_or_fail  # type: ignore[method-assign]
    try:
        yield strike
    finally:
        del dialect.do_commit
        for name in _EXECUTIONS:
            sa.event.remove(database.engine, name, strike.execute)
