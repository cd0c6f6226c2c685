"""The database: SQLite or PostgreSQL, and how a transaction of it begins and ends."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, make_url

from relief.kernel import sqlite
from relief.kernel.private_files import make_private
from relief.kernel.unit_of_work import HALF_READ, close_half_read


class Database:
    """An engine with our rules set on every connection."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._writers = threading.Lock()
        if self.is_sqlite and self.url.database:
            # Names and password hashes are for nobody else on this machine.
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.engine: Engine = sa.create_engine(
            self.url,
            hide_parameters=True,  # what people are called does not belong into error messages
            **(
                {}
                if self.is_sqlite
                else {
                    "pool_pre_ping": True,
                    "connect_args": {"connect_timeout": 10},
                }
            ),
        )
        if self.is_sqlite:
            sa.event.listen(self.engine, "do_connect", self._make_private)
            sa.event.listen(self.engine, "connect", sqlite.prepare)
            sa.event.listen(self.engine, "begin", sqlite.begin)

    @property
    def files(self) -> list[Path]:
        """The file of a SQLite database and those that SQLite keeps beside it; of another none."""
        name = self.url.database
        return [Path(f"{name}{end}") for end in sqlite.FILES] if self.is_sqlite and name else []

    def _make_private(self, *_connecting: object) -> None:
        """SQLite makes its file readable by all, and those beside it as the file is."""
        for path in self.files[:1]:
            make_private(path)

    @contextmanager
    def transaction(self, *, writes: bool) -> Iterator[Connection]:
        """A connection whose transaction is rolled back at the end, unless it was committed
        before."""
        options: dict[str, Any] = {HALF_READ: set()}
        turn = sqlite.Turn(self._writers)
        if self.is_sqlite:
            options["sqlite_begin"] = "IMMEDIATE" if writes else "DEFERRED"
            options["sqlite_turn"] = turn
        elif not writes:
            options["isolation_level"] = "REPEATABLE READ"  # one snapshot for what is read
        with self.engine.connect() as connection:
            try:
                yield connection.execution_options(**options)
            finally:
                try:
                    close_half_read(connection)
                    connection.rollback()
                finally:
                    turn.end()

    def has_tables(self) -> bool:
        """True where our tables are there; looking does not make a database."""
        if self.is_missing():
            return False
        with self.transaction(writes=False) as connection:
            return sa.inspect(connection).has_table("deployment")

    def is_missing(self) -> bool:
        """True where there is no file; looking would make one."""
        name = self.url.database
        return bool(self.is_sqlite and name and not Path(name).exists())

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()
