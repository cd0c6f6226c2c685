"""Tables of persons."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from relief.kernel.columns import BY_CODE_POINT, instant, links_to, row_id


class Person(SQLModel, table=True):
    """A human being, known by a name. The identity number is a fact of its own.

    An empty name is somebody whom restricted matters alone know: the names stand with those, and
    for who may see none of them this person is not there.
    """

    id: int | None = row_id()
    name: str = Field(index=True)
    pinyin: str = ""
    recorded_at: dt.datetime = instant()


class NamePart(SQLModel, table=True):
    """What a name is found by the beginning of (`rules.name_parts`): each name once, whoever bears
    it and wherever it was typed. Derived like an index: it can be made anew at any time."""

    __tablename__ = "name_part"
    __table_args__ = {"sqlite_with_rowid": False}

    part: str = Field(primary_key=True, sa_type=cast(Any, BY_CODE_POINT))
    name: str = Field(primary_key=True)


class PersonIdentity(SQLModel, table=True):
    """An identity number as it was known from `recorded_at` on; never updated, superseded.

    A payout line names the row it was paid under, so a number put right changes no old line.
    `sealed_number` is the 18-digit form, `sealed_original` what was brought (15 digits) where it
    differs; `number_hash` finds the whole, `last4_hash` the last four.
    """

    __tablename__ = "person_identity"
    __table_args__ = (
        sa.Index(
            "uq_person_identity_number_known",
            "number_hash",
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        ),
        sa.Index(
            "uq_person_identity_person_known",
            "person_id",
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        ),
    )

    id: int | None = row_id()
    person_id: int = links_to("person.id")
    token: str
    sealed_number: bytes
    sealed_original: bytes | None = None
    number_hash: str
    last4_hash: str = Field(index=True)
    recorded_at: dt.datetime = instant()
    superseded_at: dt.datetime | None = instant(nullable=True)
