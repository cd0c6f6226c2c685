"""Empty databases of both kinds."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from relief.kernel.database import Database
from relief.migrations.apply import upgrade
from tests.conftest import DATABASES
from tests.migrations.rows import put_a_row_in_every_table


@contextmanager
def scratch_postgres(server_url: str) -> Iterator[str]:
    """A database on a server, gone afterwards."""
    name = f"relief_migrations_{secrets.token_hex(6)}"
    server = sa.create_engine(server_url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0")
    yield server.url.set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    server.dispose()


@pytest.fixture
def new_database(
    database_kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[[], Database]]:
    """Makes empty databases of one kind."""
    with ExitStack() as stack:

        def make() -> Database:
            if database_kind == "sqlite":
                url = f"sqlite:///{tmp_path / secrets.token_hex(6)}.db"
            else:
                server_url = request.getfixturevalue("postgres_url")
                url = stack.enter_context(scratch_postgres(server_url))
            database = Database(url)
            stack.callback(database.dispose)
            return database

        yield make


@pytest.fixture
def database(new_database: Callable[[], Database]) -> Database:
    """An empty database."""
    return new_database()


@pytest.fixture(scope="session", params=DATABASES)
def filled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """A database with a row in every table, for many tests: none changes it."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            url = f"sqlite:///{tmp_path_factory.mktemp('filled') / 'a.db'}"
        else:
            url = stack.enter_context(scratch_postgres(request.getfixturevalue("postgres_url")))
        database = Database(url)
        stack.callback(database.dispose)
        upgrade(database.engine)
        put_a_row_in_every_table(database)
        yield database


@pytest.fixture
def hand(filled: Database) -> Iterator[sa.Connection]:
    """Somebody's hand in the database, with nothing between; what it does is taken back."""
    with filled.engine.connect() as connection:
        yield connection
