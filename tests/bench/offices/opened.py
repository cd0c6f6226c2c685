"""An office of the product in a folder, or on a server: new, or one that is there."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from pydantic import SecretStr
from sqlalchemy.engine.interfaces import DBAPIConnection

from relief.bootstrap import Relief, initialise, open_relief
from relief.kernel.settings import Settings
from tests.office import add_cast

FIELD_KEY = "YmVuY2ggYmVuY2ggYmVuY2ggYmVuY2ggYmVuY2ggYmU="
OPENS_AT = "2005-04-06T09:00"  # a working day, in office hours


def settings_for(folder: Path, url: str = "") -> Settings:
    """Settings of such an office, nothing read from the machine's own environment."""
    return Settings(
        _env_file=None,
        data_dir=folder,
        database_url=url.replace("postgresql://", "postgresql+psycopg://", 1),
        clock=OPENS_AT,
        secret_key=SecretStr("secret"),
        field_keys=SecretStr(FIELD_KEY),
        locale="en",
    )


def new_office(folder: Path, url: str = "", synchronous: str = "FULL") -> Relief:
    """An office with its cast and no case yet."""
    relief = initialise(settings_for(folder, url))
    add_cast(relief)
    return _with(relief, synchronous)


def office_in(folder: Path, synchronous: str = "FULL") -> Relief:
    """The office that stands in a folder."""
    return _with(open_relief(settings_for(folder)), synchronous)


def _with(relief: Relief, synchronous: str) -> Relief:
    """The product's own settings are WAL and FULL; another `synchronous` is for comparing what the
    processor does, with every peer set alike."""
    engine = relief.database.engine
    engine.dispose()
    if relief.database.is_sqlite and synchronous != "FULL":

        def set_alike(connection: DBAPIConnection, _record: object) -> None:
            connection.cursor().execute(f"PRAGMA synchronous = {synchronous}")

        sa.event.listen(engine, "connect", set_alike)
    return relief
