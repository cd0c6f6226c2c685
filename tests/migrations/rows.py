"""One row in every table, whatever the tables are."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from relief.kernel.database import Database

SAMPLES = {
    int: 1,
    str: "x",
    bytes: b"x",
    bool: True,
    dt.date: dt.date(2005, 6, 30),
    dt.datetime: dt.datetime(2005, 6, 30, tzinfo=dt.UTC),
}


Rows = dict[str, list[dict[str, Any]]]


def reflected(database: Database) -> sa.MetaData:
    """The tables that are there, but for alembic's own."""
    found = sa.MetaData()
    with database.engine.connect() as connection:
        found.reflect(connection)
    if "alembic_version" in found.tables:
        found.remove(found.tables["alembic_version"])
    return found


def put_a_row_in_every_table(database: Database) -> None:
    """All keys are 1, so that the rows name each other."""
    tables = reflected(database).sorted_tables
    with database.engine.begin() as connection:
        for table in tables:
            row = {
                column.name: SAMPLES[column.type.python_type]
                for column in table.columns
                if column.name not in ("superseded_at", "confirmed_at", "ended_at")
            }
            connection.execute(sa.insert(table).values(row))


def all_rows(database: Database) -> Rows:
    """What stands in every table."""
    tables = reflected(database).sorted_tables
    with database.engine.connect() as connection:
        return {
            table.name: [dict(row) for row in connection.execute(sa.select(table)).mappings()]
            for table in tables
        }
