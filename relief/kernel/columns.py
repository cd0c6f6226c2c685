"""The columns of tables: their types and names, and the table behind a model."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMING


class Instant(sa.TypeDecorator[dt.datetime]):
    """An aware instant in UTC, to the microsecond; naive ones are refused (SQLite drops zones)."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: dt.datetime | None, dialect: sa.Dialect
    ) -> dt.datetime | None:
        """Store in UTC."""
        if value is None:
            return None
        assert value.tzinfo is not None, "an instant without a zone"
        utc = value.astimezone(dt.UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(
        self, value: dt.datetime | None, _dialect: sa.Dialect
    ) -> dt.datetime | None:
        """Give back aware."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


# Ordered by code point, on both databases alike; a beginning is found in its index.
BY_CODE_POINT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def row_id() -> Any:
    """A surrogate key: 64 bits on PostgreSQL, the rowid on SQLite."""
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return Field(default=None, primary_key=True, sa_type=cast(Any, kind))


def instant(*, nullable: bool = False, **options: Any) -> Any:
    """A column that holds an instant."""
    if nullable:
        options.setdefault("default", None)
    return Field(sa_type=cast(Any, Instant), nullable=nullable, **options)


def links_to(target: str, **options: Any) -> Any:
    """A foreign key to a `row_id()`."""
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return Field(foreign_key=target, sa_type=cast(Any, kind), **options)


def index_of_some(table: str, column: str, where: str) -> sa.Index:
    """An index of those rows alone that have something to be found by. One value that most rows
    have would make a database that counted them take the whole index for useless."""
    some = sa.text(where)
    return sa.Index(f"ix_{table}_{column}", column, sqlite_where=some, postgresql_where=some)


def fen(**options: Any) -> Any:
    """A column that holds fen."""
    return Field(sa_type=cast(Any, sa.BigInteger), **options)


def table_of(model: type[SQLModel]) -> sa.Table:
    """The Core table behind a table model; statements are written against it."""
    return cast(sa.Table, model.__table__)  # type: ignore[attr-defined]
