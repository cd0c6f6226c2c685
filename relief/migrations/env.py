"""Alembic's way in: with the connection that `apply` hands over, else with the settings' database.

The second is for whoever writes a migration: `alembic revision --autogenerate -m "what it adds"`.
"""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.engine import Connection
from sqlmodel import AutoString

from relief.kernel.columns import Instant
from relief.kernel.database import Database
from relief.kernel.settings import load_settings
from relief.migrations.tables import METADATA


def _plain_types(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """A migration names the database's types, not ours: ours may change."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, AutoString):
        return "sa.String()"
    return False


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=_plain_types,
    )
    with context.begin_transaction():
        context.run_migrations()


handed_over = context.config.attributes.get("connection")
if handed_over is not None:
    _migrate(handed_over)
else:
    with Database(load_settings().url).engine.begin() as own:
        _migrate(own)
