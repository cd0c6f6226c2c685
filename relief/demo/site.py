"""Where the demo is played: a new place, or that of an earlier demo; never anything else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from relief.accounts.queries import USER
from relief.kernel.crypto import KEY_FILE
from relief.kernel.database import Database
from relief.kernel.errors import Conflict, refuse
from relief.kernel.settings import Settings
from relief.kernel.text import Text, _
from relief.kernel.unit_of_work import DEPLOYMENT
from relief.migrations.apply import downgrade
from relief.papers.store import FOLDER as PAPERS

FILES = "files"
# What may stand in the folder besides the demo's own: it is left as it is.
_LEFT_ALONE = {"workflows", "templates", "letters", "logs"}
_NAMED_MAX = 5


def make_room(settings: Settings, say: Callable[[Text], None]) -> None:
    """Take an earlier demo away, and refuse to touch anything that is none."""
    if settings.env == "production":
        raise refuse(
            Conflict,
            "demo.production",
            _("The demo is for trying out; it is not played where RELIEF_ENV is production."),
            "RELIEF_ENV",
        )
    database = Database(settings.url)
    try:
        earlier_demo = _earlier_demo(database)
        _refuse_strangers(settings, database, earlier_demo=earlier_demo)
        if earlier_demo:
            say(_("The earlier demo in {folder} is replaced.", folder=settings.data_dir))
            downgrade(database.engine, "base")
    finally:
        database.dispose()


def _earlier_demo(database: Database) -> bool:
    """True where an earlier demo stands, False where nothing does; refused where anything else
    does."""
    file = database.url.database
    if database.is_sqlite and not (file and Path(file).exists()):
        return False  # looking into it would make it
    try:
        with database.engine.connect() as connection:
            tables = set(sa.inspect(connection).get_table_names())
        if tables <= {"alembic_version"}:
            return False
        if DEPLOYMENT.name in tables and _is_demo(database):
            return True
    except sa.exc.DatabaseError:
        pass  # no database at all, or one of another shape
    raise refuse(
        Conflict,
        "demo.other_database",
        _(
            "The database {where} is not one that the demo made, so it is left as it is. Set "
            "RELIEF_DATA_DIR to a new folder.",
            where=database.url.render_as_string(),
        ),
        "RELIEF_DATA_DIR",
    )


def _is_demo(database: Database) -> bool:
    """A rehearsal that the demo's people work in; or nobody yet, where an earlier demo was stopped
    before it came to them."""
    with database.transaction(writes=False) as connection:
        rehearsals = connection.execute(sa.select(DEPLOYMENT.c.is_rehearsal)).scalars().all()
        users = connection.execute(sa.select(USER.c.is_demo)).scalars().all()
    return all(rehearsals) and (not users or any(users))


def _refuse_strangers(settings: Settings, database: Database, *, earlier_demo: bool) -> None:
    """Nothing else may stand in the folder: it is no place for a demo then."""
    own = {KEY_FILE, *_LEFT_ALONE, *({FILES, "backups", PAPERS} if earlier_demo else ())}
    if database.is_sqlite and database.url.database:
        name = Path(database.url.database).name
        own |= {name, f"{name}-wal", f"{name}-shm", f"{name}-journal"}
    folder = settings.data_dir
    found = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    strangers = sorted(set(found) - own)
    if strangers:
        raise refuse(
            Conflict,
            "demo.folder_in_use",
            _(
                "The folder {folder} holds what is not the demo's: {names}. Set RELIEF_DATA_DIR "
                "to a new folder.",
                folder=folder,
                names=strangers[:_NAMED_MAX],
            ),
            "RELIEF_DATA_DIR",
        )
