"""Tables of letters. What is sealed is bound to `<table>.<column>:<token>`."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from relief.kernel.columns import instant, row_id


class IssuedLetter(SQLModel, table=True):
    """A letter as it was issued, the `number`-th of its case: the whole page, byte for byte.

    `letter` is which one (the name of its template), `title` what it is called, `sha256` that of
    the page, `template_sha256` that of all its files. Append-only.
    """

    __tablename__ = "issued_letter"
    __table_args__ = (sa.UniqueConstraint("subject_kind", "subject_id", "number"),)

    id: int | None = row_id()
    subject_kind: str
    subject_id: int = Field(sa_type=sa.BigInteger)
    number: int
    token: str
    letter: str
    title: str
    language: str
    sealed_page: bytes
    sha256: str
    template_sha256: str
    issued_on: dt.date
    recorded_at: dt.datetime = instant()
    recorded_by: str
