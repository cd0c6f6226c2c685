"""The whole database as one value: every row of every table, and what a connection left behind."""

from __future__ import annotations

from functools import cache

import sqlalchemy as sa
from sqlmodel import SQLModel

from relief.kernel.unit_of_work import UnitOfWork
from tests.office import Office

Dump = dict[str, list[str]]
Sequences = list[tuple[str, int, bool]]


def dump(office: Office) -> Dump:
    """Every row of every table, as text, in an order of its own."""
    with office.relief.reading() as work:
        return dump_within(work)


def dump_within(work: UnitOfWork) -> Dump:
    """The same, as a unit of work sees it before its commit."""
    connection = work.connection
    if not work.is_sqlite:
        return {row[0]: row[1] for row in connection.exec_driver_sql(_all_at_once())}
    return {
        name: sorted(map(repr, connection.exec_driver_sql(f'SELECT * FROM "{name}"')))
        for name in _tables()
    }


@cache
def _tables() -> list[str]:
    """Every table of the program; the migrations' tests hold that these are the database's."""
    return sorted(SQLModel.metadata.tables)


@cache
def _all_at_once() -> str:
    """One statement for all tables of PostgreSQL: each its rows, as the database writes them."""
    return " UNION ALL ".join(
        f"SELECT '{name}', ARRAY(SELECT line::text FROM \"{name}\" line ORDER BY 1)"
        for name in _tables()
    )


def differences(one: Dump, other: Dump) -> list[str]:
    """The tables in which two dumps differ, with what each has alone."""
    return [
        f"{name}: -{[row for row in one[name] if row not in other[name]]}"
        f" +{[row for row in other[name] if row not in one[name]]}"
        for name in one
        if one[name] != other[name]
    ]


def left_behind(office: Office) -> list[str]:
    """What hinders others or the next use case: a lock still held, a staging table that stays, a
    connection that was not given back."""
    database = office.relief.database
    out = database.engine.pool.checkedout()  # type: ignore[attr-defined]
    found = [f"{out} connections not given back"] if out else []
    with database.transaction(writes=False) as connection:
        for look in _SQLITE_LOOKS if database.is_sqlite else _POSTGRESQL_LOOKS:
            found += [str(row) for row in connection.exec_driver_sql(look)]
    return found


_SQLITE_LOOKS = ("SELECT name FROM sqlite_temp_master",)
_POSTGRESQL_LOOKS = (
    "SELECT relname FROM pg_class WHERE relpersistence = 't' AND relkind = 'r'",
    "SELECT locktype FROM pg_locks JOIN pg_database ON pg_database.oid = database"
    " WHERE locktype = 'advisory' AND datname = current_database()",
)


def sequences(office: Office) -> Sequences:
    """Where PostgreSQL's sequences stand: what is rolled back leaves its gaps in them."""
    if office.relief.database.is_sqlite:
        return []
    with office.relief.reading() as work:
        names = sa.text("SELECT quote_ident(sequencename) FROM pg_sequences")
        return [
            (name, *work.rows(sa.text(f"SELECT last_value, is_called FROM {name}"))[0])
            for (name,) in work.rows(names)
        ]


def put_back(office: Office, standing: Sequences) -> None:
    """Let the sequences go on from where they stood."""
    with office.relief.database.engine.connect() as connection:
        for name, value, called in standing:
            connection.execute(sa.select(sa.func.setval(name, value, called)))
        connection.commit()
