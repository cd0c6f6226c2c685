"""Tables of cases on the five steps. What is sealed is bound to `<table>.<column>:<token>`."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from relief.engine.tables import Subject
from relief.kernel.columns import index_of_some, instant, links_to, row_id


class PetitionCase(Subject, table=True):
    """A matter that somebody brought, of a kind of the family `petitions.rules.FAMILY`.

    An empty `petitioner_name` is an anonymous petitioner. `matter_class` is empty until it is
    known. `case_worker` is a username. A restricted case is seen by its readers alone, of whom who
    received it (`recorded_by`) is the first. `received_on` is the day of its first contact.
    `row_seal` is the office's seal over the row (`row_seal.write_row`).
    """

    __tablename__ = "petition_case"
    __table_args__ = (
        sa.Index("ix_petition_case_received_on_id", "received_on", "id"),
        sa.Index("ix_petition_case_state_id", "state", "id"),
        # Whose open cases these are: counted beside every list.
        sa.Index("ix_petition_case_case_worker_state", "case_worker", "state"),
        index_of_some("petition_case", "petitioner_id", "petitioner_id IS NOT NULL"),
        index_of_some("petition_case", "merged_into_id", "merged_into_id IS NOT NULL"),
        index_of_some("petition_case", "phone_hash", "phone_hash <> ''"),
        index_of_some("petition_case", "phone_last4_hash", "phone_last4_hash <> ''"),
    )

    id: int | None = row_id()
    kind: str = Field(index=True)
    reference: str = Field(unique=True)
    token: str
    petitioner_id: int | None = links_to("person.id", default=None, nullable=True)
    petitioner_name: str = Field(default="", index=True)
    pinyin: str = ""
    sealed_phone: bytes | None = None
    phone_hash: str = ""
    phone_last4_hash: str = ""
    sealed_matter: bytes
    matter_class: str = ""
    urgent: bool = False
    collective: bool = False
    restricted: bool = False
    case_worker: str = ""
    merged_into_id: int | None = links_to("petition_case.id", default=None, nullable=True)
    received_on: dt.date
    recorded_at: dt.datetime = instant()
    recorded_by: str
    row_seal: str = Field(default="", sa_column_kwargs={"server_default": sa.text("''")})


class PetitionContact(SQLModel, table=True):
    """A contact that belongs to a case: it `opened` it, was `added`, or was a `chase_up`. Merging
    moves it to the other case."""

    __tablename__ = "petition_contact"

    id: int | None = row_id()
    contact_id: int = links_to("contact.id", unique=True)
    case_id: int = links_to("petition_case.id", index=True)
    relation: str


class PetitionReader(SQLModel, table=True):
    """Somebody who is named to see a restricted case, until `ended_at`."""

    __tablename__ = "petition_reader"
    __table_args__ = (
        sa.Index(
            "uq_petition_reader_named",
            "case_id",
            "username",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    id: int | None = row_id()
    case_id: int = links_to("petition_case.id", index=True)
    username: str = Field(index=True)
    recorded_at: dt.datetime = instant()
    recorded_by: str
    ended_at: dt.datetime | None = instant(nullable=True)


class JobStart(SQLModel, table=True):
    """Somebody began to work with an employer whom the centre introduced, on `started_on`.
    `evidence` is `contract`, `insurance` or `employer_slip`; void where the step was taken back."""

    __tablename__ = "job_start"
    __table_args__ = (
        sa.Index(
            "uq_job_start_counted",
            "case_id",
            unique=True,
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        ),
    )

    id: int | None = row_id()
    case_id: int = links_to("petition_case.id", index=True)
    token: str
    person_id: int = links_to("person.id", index=True)
    started_on: dt.date = Field(index=True)
    evidence: str
    was_unemployed: bool
    sealed_employer: bytes
    recorded_at: dt.datetime = instant()
    recorded_by: str
    voided_at: dt.datetime | None = instant(nullable=True)


class KeptList(SQLModel, table=True):
    """A list of cases that somebody keeps under a name: what was asked for (`asked`, JSON, without
    words about persons), for themself or, `shared`, for the office. No record: it goes when its
    owner throws it away. The name is sealed: people write names of people."""

    __tablename__ = "case_view"

    id: int | None = row_id()
    token: str
    owner: str = Field(index=True)
    sealed_name: bytes
    asked: str = Field(sa_type=sa.Text)
    shared: bool = False
    saved_at: dt.datetime = instant()


class PhoneShown(SQLModel, table=True):
    """A number was shown whole to a user; never changed, never removed. Of the case and the contact
    one is named: whose number it was."""

    __tablename__ = "phone_shown"

    id: int | None = row_id()
    case_id: int | None = links_to("petition_case.id", default=None, nullable=True)
    contact_id: int | None = links_to("contact.id", default=None, nullable=True)
    username: str
    at: dt.datetime = instant()
