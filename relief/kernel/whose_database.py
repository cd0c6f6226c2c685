"""Whose database it is: ours, another program's, or nobody's yet. Nothing is written before that is
known."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from relief.kernel.database import Database
from relief.kernel.errors import NotInitialised, refuse
from relief.kernel.text import _
from relief.kernel.unit_of_work import DEPLOYMENT


def check_ours(database: Database) -> bool:
    """Refuse a database that holds another program's tables and none of ours; true where it was
    initialised to the end."""
    if database.is_missing():
        return False
    with database.transaction(writes=False) as connection:
        inspector = sa.inspect(connection)
        there = set(inspector.get_table_names()) - {"alembic_version"}
        is_ours = DEPLOYMENT.name in there and "key_check" in {
            column["name"] for column in inspector.get_columns(DEPLOYMENT.name)
        }
        if is_ours:
            return connection.execute(sa.select(DEPLOYMENT.c.id)).first() is not None
    if there:
        raise refuse(
            NotInitialised,
            "database.foreign",
            _(
                "This database belongs to another program (its tables: {tables}); nothing is "
                "written into it. Look at RELIEF_DATABASE_URL and RELIEF_DATA_DIR.",
                tables=sorted(there)[:5],
            ),
        )
    return False


def check_initialised(database: Database) -> None:
    """Refuse to work on a database that nobody has set up, or whose setting up was cut off between
    its tables and their first rows, or that is another program's."""
    _refuse_empty_file(database)  # asked first: whoever connects writes a head into it
    if not check_ours(database):
        raise refuse(
            NotInitialised,
            "database.not_initialised",
            _("This database was not initialised."),
        )


def _refuse_empty_file(database: Database) -> None:
    name = database.url.database
    if database.is_missing() or not (database.is_sqlite and name) or Path(name).stat().st_size:
        return
    raise refuse(
        NotInitialised,
        "database.empty_file",
        _(
            "The database file {path} is empty. If there was anything in it, move it away and "
            "restore a backup; if there never was, make the database anew.",
            path=name,
        ),
    )
