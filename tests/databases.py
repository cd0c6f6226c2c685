"""Databases on the PostgreSQL of the tests: made, named and dropped by whoever needs one."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg


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
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[arg-type]


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
