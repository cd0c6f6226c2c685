"""The tables of the desk: contacts, and the numbers that were printed on paper."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from relief.kernel.columns import index_of_some, instant, links_to, row_id


class Contact(SQLModel, table=True):
    """Somebody came, called or wrote. Never removed; a wrong entry is void from `voided_at` on.

    `happened_at` is when it was, `recorded_at` when it was entered; `happened_on` is the office's
    date of the first. `head_count` counts the persons of a group visit and the signers of a joint
    letter. `matter`, `answer`, `phone` and the reason of a void are sealed under
    `contact.<column>:<token>`; name and pinyin are plain, an empty name is an anonymous contact.
    """

    __table_args__ = (
        sa.CheckConstraint("head_count >= 1", name="somebody"),
        sa.Index("ix_contact_happened_at_id", "happened_at", "id"),
        index_of_some("contact", "person_id", "person_id IS NOT NULL"),
        index_of_some("contact", "phone_hash", "phone_hash <> ''"),
        index_of_some("contact", "phone_last4_hash", "phone_last4_hash <> ''"),
    )

    id: int | None = row_id()
    reference: str = Field(unique=True)
    token: str
    channel: str
    happened_at: dt.datetime = instant()
    happened_on: dt.date = Field(index=True)
    head_count: int = 1
    person_id: int | None = links_to("person.id", default=None, nullable=True)
    name: str = Field(default="", index=True)
    pinyin: str = ""
    sealed_phone: bytes | None = None
    phone_hash: str = ""
    phone_last4_hash: str = ""
    sealed_matter: bytes
    sealed_answer: bytes | None = None
    outcome: str
    chase_up: bool = False
    urgent: bool = False
    collective: bool = False
    restricted: bool = False
    recorded_at: dt.datetime = instant()
    recorded_by: str
    on_behalf_of: str | None = None
    voided_at: dt.datetime | None = instant(nullable=True)
    voided_by: str | None = None
    sealed_void_reason: bytes | None = None


class ReservedNumber(SQLModel, table=True):
    """A number that was given to a paper form for a day: whatever is entered from that form bears
    it. `used_at` is set once; a form that nobody filled in leaves a gap in the series."""

    __tablename__ = "reserved_number"

    reference: str = Field(primary_key=True)
    reserved_for_on: dt.date = Field(index=True)
    reserved_at: dt.datetime = instant()
    reserved_by: str
    used_at: dt.datetime | None = instant(nullable=True)
    used_by: str | None = None
