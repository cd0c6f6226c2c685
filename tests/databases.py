"""Databases on the PostgreSQL of the tests: made, named and dropped by whoever needs one."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import sqlalchemy as sa


class Compiled:
    """What SQLAlchemy compiled for one database serves all of a test process: it keeps it with the
    engine, and every office of a test has an engine of its own."""

    def __init__(self) -> None:
        self._first: dict[str, sa.Engine] = {}

    def share(self, engine: sa.Engine) -> None:
        """Let an engine that has not been used yet compile nothing anew."""
        name = engine.dialect.name
        first = self._first.get(name)
        if first is None:
            # Its dialect knows the server only after it was connected.
            sa.event.listen(
                engine, "engine_connect", lambda _: self._first.setdefault(name, engine)
            )
        else:
            engine.dialect = first.dialect  # by which compiled statements are found
            engine._compiled_cache = first._compiled_cache


def fresh_name() -> str:
    """A name that no other run takes, however many run at once."""
    return f"relief_{uuid.uuid4().hex[:12]}"


def with_name(url: str, name: str) -> str:
    """The address of another database on the same server."""
    base, _, query = url.partition("?")
    return base.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")


def administer(url: str, statement: str) -> None:
    """Say a statement that no transaction may hold (CREATE DATABASE and the like)."""
    plain = url.replace("postgresql+psycopg://", "postgresql://", 1)
    connection = _KEPT.get(plain)
    if connection is not None:
        try:
            connection.execute(statement)
        except psycopg.OperationalError:
            if not connection.closed:
                raise
        else:
            return
    # None yet, or the server was stopped meanwhile, by a test, and has begun anew.
    _KEPT[plain] = psycopg.connect(plain, autocommit=True)
    _KEPT[plain].execute(statement)


# A thousand tests make a database and drop it, and need not connect anew each time.
_KEPT: dict[str, psycopg.Connection] = {}


def forget_power_cuts(url: str) -> None:
    """Let a server of the tests' own not wait for its disk: it is thrown away in the end. Whoever
    kills processes kills the program's or the server's, never the machine."""
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        administer(url, f"ALTER SYSTEM SET {setting} = off")
    administer(url, "SELECT pg_reload_conf()")


def copy_of(url: str, template: str) -> str:
    """Make a database from a template; gives its name."""
    name = fresh_name()
    administer(url, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return name


def drop(url: str, name: str) -> None:
    """Take a database away, whoever is still connected."""
    administer(url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def empty_database(url: str) -> Iterator[str]:
    """The address of an empty database; gone in the end, whatever happens."""
    name = fresh_name()
    administer(url, f'CREATE DATABASE "{name}"')
    try:
        yield with_name(url, name)
    finally:
        drop(url, name)
