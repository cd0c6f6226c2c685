"""Tables of the workflow engine: published definitions, the journal, its daily seals, and the
columns that every subject of a workflow carries."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from relief.kernel.columns import instant, row_id


class Subject(SQLModel):
    """What a table needs to be driven by a workflow (a mixin of columns, no table of its own).

    `definition_sha256` pins the definition the case began under; `version` counts its steps;
    `journal_head` is the hash of its last entry; `journal_key` opens its sealed entries.
    """

    state: str
    version: int = 0
    definition_sha256: str
    journal_head: str = ""
    journal_key: bytes = b""


class WorkflowDefinition(SQLModel, table=True):
    """A definition as it was published: canonical JSON, addressed by its SHA-256, for ever."""

    __tablename__ = "workflow_definition"
    __table_args__ = (sa.UniqueConstraint("key", "number"),)

    sha256: str = Field(primary_key=True)
    key: str
    number: int
    body: str = Field(sa_type=sa.Text)
    published_at: dt.datetime = instant()


class JournalEntry(SQLModel, table=True):
    """One step of one subject. Append-only: the database refuses UPDATE and DELETE.

    `hash` covers all other columns but `id`, with `previous_hash`, the hash of the subject's
    entry before it. `sealed` is ciphertext (the reason, what was typed): it can be shredded by
    its key while the hashes hold. `facts` is public canonical JSON.
    """

    __tablename__ = "journal_entry"
    __table_args__ = (sa.UniqueConstraint("subject_kind", "subject_id", "number"),)

    id: int | None = row_id()
    subject_kind: str
    subject_id: int = Field(sa_type=sa.BigInteger)
    number: int
    action: str
    from_state: str
    to_state: str
    actor: str
    on_behalf_of: str | None = None
    at: dt.datetime = instant()
    definition_sha256: str
    facts: str = Field(sa_type=sa.Text)
    sealed: bytes | None = None
    previous_hash: str
    hash: str


class JournalSeal(SQLModel, table=True):
    """A day's seal over the head of every subject's chain, chained to the seal before it, so that
    a removed tail or a removed subject shows."""

    __tablename__ = "journal_seal"

    id: int | None = row_id()
    sealed_on: dt.date = Field(unique=True)
    sealed_at: dt.datetime = instant()
    last_entry_id: int = Field(sa_type=sa.BigInteger)
    entry_count: int = Field(sa_type=sa.BigInteger)
    heads_hash: str
    previous_hash: str
    hash: str


class Recusal(SQLModel, table=True):
    """Somebody stands aside in a case, until `ended_at`."""

    __tablename__ = "recusal"
    __table_args__ = (
        sa.Index(
            "uq_recusal_standing",
            "subject_kind",
            "subject_id",
            "username",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    id: int | None = row_id()
    subject_kind: str
    subject_id: int = Field(sa_type=sa.BigInteger)
    username: str
    recorded_at: dt.datetime = instant()
    recorded_by: str
    ended_at: dt.datetime | None = instant(nullable=True)


class CaseDeadline(SQLModel, table=True):
    """By when a case is to leave the state it stands in: one row while it has such a day.

    Derived from the journal, written with every step, and reckoned anew when the calendar changes:
    `calendar_version` is that of the calendar it was reckoned with. While the clock stands still
    there is no `due_on`. `overdue_at` is set once, by the scheduler.
    """

    __tablename__ = "case_deadline"
    # Lists stand in this order, the next due first.
    __table_args__ = (sa.Index("ix_case_deadline_due_on_subject_id", "due_on", "subject_id"),)

    subject_kind: str = Field(primary_key=True)
    subject_id: int = Field(
        primary_key=True, sa_type=sa.BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    state: str
    started_on: dt.date
    nominal_on: dt.date | None = None
    due_on: dt.date | None = None
    due_at: dt.datetime | None = instant(nullable=True, index=True)
    provisional: bool
    paused_on: dt.date | None = None
    calendar_version: str
    reckoned_at: dt.datetime = instant()
    overdue_at: dt.datetime | None = instant(nullable=True)


class DeadlineChange(SQLModel, table=True):
    """A running deadline came to another day because the calendar changed. Append-only."""

    __tablename__ = "deadline_change"

    id: int | None = row_id()
    subject_kind: str
    subject_id: int = Field(sa_type=sa.BigInteger)
    before_on: dt.date | None = None
    after_on: dt.date | None = None
    before_version: str
    after_version: str
    at: dt.datetime = instant()
