"""Empty databases of both kinds."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from relief.kernel.database import Database


@pytest.fixture
def new_postgres_database(postgres_url: str) -> Iterator[Callable[[], str]]:
    """Makes databases that are gone after the test."""
    names: list[str] = []
    server = sa.create_engine(postgres_url, isolation_level="AUTOCOMMIT")

    def make() -> str:
        names.append(f"relief_test_{secrets.token_hex(6)}")
        with server.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {names[-1]} TEMPLATE template0")
        url = server.url.set(database=names[-1])
        return url.render_as_string(hide_password=False)

    yield make
    with server.connect() as connection:
        for name in names:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    server.dispose()


@pytest.fixture
def new_database(
    database_kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[[], Database]]:
    """Makes empty databases of one kind."""
    made: list[Database] = []

    def make() -> Database:
        if database_kind == "sqlite":
            url = f"sqlite:///{tmp_path / f'{len(made)}.db'}"
        else:
            url = new_postgres_database()
        made.append(Database(url))
        return made[-1]

    if database_kind == "postgresql":
        new_postgres_database = request.getfixturevalue("new_postgres_database")
    yield make
    for database in made:
        database.dispose()


@pytest.fixture
def database(new_database: Callable[[], Database]) -> Database:
    """An empty database."""
    return new_database()
