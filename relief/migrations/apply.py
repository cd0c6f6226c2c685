"""Brings a database to a version of its shape, and says at which it stands.

A whole migration happens or none of it: on both databases it is one transaction, and one program
migrates at a time.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection, Engine

from relief.kernel.errors import NotInitialised, refuse
from relief.kernel.text import _

# PostgreSQL's advisory lock of whoever migrates (SQLite locks by BEGIN IMMEDIATE).
_MIGRATION_LOCK = 0x6D696772617465


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Take every step up to a version; does nothing where all are taken."""
    with engine.begin() as connection:
        _lock(connection)
        command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take steps back to a version; `base` leaves no table, and nothing that was in them."""
    with engine.begin() as connection:
        _lock(connection)
        command.downgrade(_config(connection), revision)


@cache
def head() -> str:
    """The version that this program works with; read once from the steps' files."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    assert revision is not None
    return revision


def current(engine: Engine) -> str | None:
    """The version at which a database stands; None where no step was taken."""
    with engine.execution_options(sqlite_begin="DEFERRED").connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def check_current(engine: Engine) -> None:
    """Refuse to work on a database that stands at another version than this program."""
    stands_at = current(engine)
    if stands_at == head():
        return
    check_known(stands_at)
    raise refuse(
        NotInitialised,
        "database.older",
        _("This database was made by an older version."),
    )


def check_known(stands_at: str | None) -> None:
    """Refuse a version that this program does not know."""
    if stands_at in _known_versions():
        return
    raise refuse(
        NotInitialised,
        "database.newer",
        _(
            "This database was made by a newer version of the program (its shape is {found}, "
            "this program knows {known}). Install that version, or a later one.",
            found=stands_at,
            known=head(),
        ),
    )


def _known_versions() -> set[str | None]:
    script = ScriptDirectory.from_config(_config())
    return {None, *(step.revision for step in script.walk_revisions())}


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    folder = str(Path(__file__).parent)
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
