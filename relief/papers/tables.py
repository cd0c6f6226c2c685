"""Tables of papers. What is sealed is bound to `<table>.<column>:<token>`."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from relief.kernel.columns import instant, row_id


class Paper(SQLModel, table=True):
    """A file that was attached to a case, the `number`-th of it. `kind` is what the paper is (an
    option of the workflow's field), `file_type` what the file is (`contents.TYPES`), `sha256` the
    name under which its bytes lie. Only that it was taken back may be written later, once."""

    __tablename__ = "paper"
    __table_args__ = (sa.UniqueConstraint("subject_kind", "subject_id", "number"),)

    id: int | None = row_id()
    subject_kind: str
    subject_id: int = Field(sa_type=sa.BigInteger)
    number: int
    token: str
    kind: str = ""
    sealed_name: bytes
    file_type: str
    size_bytes: int = Field(sa_type=sa.BigInteger)
    sha256: str = Field(index=True)
    recorded_at: dt.datetime = instant()
    recorded_by: str
    detached_at: dt.datetime | None = instant(nullable=True)
    detached_by: str = ""
