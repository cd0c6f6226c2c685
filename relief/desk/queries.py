"""Reads of the desk: contacts of a time, one contact with its words, how many came each day.

Whoever asks says with `readable` which restricted contacts it may see (a condition over `CONTACT`;
`own_contacts` where nothing more is known); the others are neither listed nor counted. Phones leave
here masked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

import sqlalchemy as sa

from relief.desk import rules
from relief.desk.tables import Contact
from relief.kernel.columns import table_of
from relief.kernel.errors import NotFound, refuse
from relief.kernel.text import _, is_plain
from relief.kernel.unit_of_work import UnitOfWork, in_chunks
from relief.people.phones import (
    has_phone,
    masked_phone,
    open_phone,
    phone_hash,
    phone_last4_hash,
)
from relief.people.queries import named_like
from relief.people.rules import normalise_phone

CONTACT = table_of(Contact)
Condition = sa.ColumnElement[bool]


@dataclass(frozen=True)
class ListedContact:
    """A contact as lists show it."""

    id: int
    reference: str
    channel: str
    happened_at: dt.datetime
    happened_on: dt.date
    head_count: int
    person_id: int | None
    name: str
    outcome: str
    chase_up: bool
    urgent: bool
    collective: bool
    restricted: bool
    recorded_at: dt.datetime
    recorded_by: str
    on_behalf_of: str | None
    voided_at: dt.datetime | None
    voided_by: str | None


@dataclass(frozen=True)
class ContactWords:
    """What is sealed of a contact, opened; the phone masked."""

    matter: str
    answer: str
    phone_masked: str
    void_reason: str


@dataclass(frozen=True)
class Sought:
    """Which contacts are listed; what is left out of it is not asked. The days are both inside."""

    from_on: dt.date | None = None
    until_on: dt.date | None = None
    channel: str = ""
    outcome: str = ""
    person: str = ""


@dataclass(frozen=True)
class DayOfContacts:
    """One day at the desk: contacts that count, by channel, and the persons they count for."""

    on: dt.date
    visits: int
    calls: int
    letters: int
    person_times: int


def own_contacts(username: str | None) -> Condition:
    """Contacts that are open to all, and the restricted ones that this user took."""
    open_to_all = CONTACT.c.restricted.is_(False)
    return sa.or_(open_to_all, CONTACT.c.recorded_by == username) if username else open_to_all


def list_contacts(work: UnitOfWork, sought: Sought, readable: Condition) -> list[ListedContact]:
    """The contacts that were sought, the latest last; void ones among them."""
    statement = (
        sa.select(CONTACT)
        .where(readable, *_conditions(work, sought))
        .order_by(CONTACT.c.happened_at, CONTACT.c.id)
    )
    return [listed_contact(row) for row in work.connection.execute(statement).mappings()]


def contacts_by_day(
    work: UnitOfWork, from_on: dt.date, until_on: dt.date, readable: Condition
) -> list[DayOfContacts]:
    """Each day with a contact that this reader may see, both days inside; void ones count not."""
    of = {channel: sa.func.sum(sa.case((CONTACT.c.channel == channel, 1), else_=0))
          for channel in rules.CHANNELS}  # fmt: skip
    statement = (
        sa.select(
            CONTACT.c.happened_on,
            of["visit"],
            of["call"],
            of["letter"],
            sa.func.sum(CONTACT.c.head_count),
        )
        .where(
            readable,
            CONTACT.c.voided_at.is_(None),
            CONTACT.c.happened_on.between(from_on, until_on),
        )
        .group_by(CONTACT.c.happened_on)
        .order_by(CONTACT.c.happened_on)
    )
    return [DayOfContacts(row[0], *map(int, row[1:])) for row in work.rows(statement)]


def find_contact(work: UnitOfWork, reference: str, readable: Condition) -> ListedContact:
    """A contact by its number; one that is not for this reader is not there."""
    statement = sa.select(CONTACT).where(CONTACT.c.reference == reference.strip(), readable)
    plain = is_plain(reference)  # PostgreSQL takes no NUL, and nothing is called so
    row = work.connection.execute(statement).mappings().one_or_none() if plain else None
    if row is None:
        raise refuse(
            NotFound,
            "contact.unknown",
            _('There is no contact "{no}".', no=reference[:40]),
            "reference",
        )
    return listed_contact(row)


def contacts_with_ids(work: UnitOfWork, ids: Iterable[int]) -> list[ListedContact]:
    """Contacts by their ids, the earliest first."""
    found = [
        listed_contact(row)
        for chunk in in_chunks(ids)
        for row in work.connection.execute(
            sa.select(CONTACT).where(CONTACT.c.id.in_(chunk))
        ).mappings()
    ]
    return sorted(found, key=lambda contact: (contact.happened_at, contact.id))


def words_of(work: UnitOfWork, contact_id: int) -> ContactWords:
    """Open what is sealed of a contact."""
    row = work.connection.execute(
        sa.select(CONTACT).where(CONTACT.c.id == contact_id)
    ).mappings().one()  # fmt: skip
    return ContactWords(
        matter=_opened(work, row, "matter"),
        answer=_opened(work, row, "answer"),
        phone_masked=masked_phone(work.cipher, row["sealed_phone"], _phone_context(row)),
        void_reason=_opened(work, row, "void_reason"),
    )


def phone_of(work: UnitOfWork, contact_id: int) -> str:
    """The phone number of a contact, whole: for the case that it opens."""
    statement = sa.select(CONTACT).where(CONTACT.c.id == contact_id)
    row = work.connection.execute(statement).mappings().one()
    return open_phone(work.cipher, row["sealed_phone"], _phone_context(row))


def words_about(
    table: sa.Table, name: sa.ColumnElement[str], work: UnitOfWork, words: str
) -> Condition:
    """Rows whose person is meant: by a part of the name, of its pinyin or its initials, by a phone
    number or its last four digits."""
    typed = words.strip()
    if not is_plain(typed):
        return sa.false()  # nothing is stored that looks so, and no database takes it
    phone = normalise_phone(typed)
    found: list[Condition] = [name.in_(named_like(typed))]
    if isinstance(phone, str):
        is_whole = table.c.phone_hash == phone_hash(work.cipher, phone)
        found.append(sa.and_(is_whole, has_phone(table.c.phone_hash)))
    if len(typed) == 4 and typed.isascii() and typed.isdigit():
        is_end = table.c.phone_last4_hash == phone_last4_hash(work.cipher, typed)
        found.append(sa.and_(is_end, has_phone(table.c.phone_last4_hash)))
    return sa.or_(*found)


def _conditions(work: UnitOfWork, sought: Sought) -> list[Condition]:
    conditions: list[Condition] = []
    if sought.from_on:
        conditions.append(CONTACT.c.happened_on >= sought.from_on)
    if sought.until_on:
        conditions.append(CONTACT.c.happened_on <= sought.until_on)
    if sought.channel:
        conditions.append(CONTACT.c.channel == sought.channel)
    if sought.outcome:
        conditions.append(CONTACT.c.outcome == sought.outcome)
    if sought.person.strip():
        conditions.append(words_about(CONTACT, CONTACT.c.name, work, sought.person))
    return conditions


def _opened(work: UnitOfWork, row: Any, column: str) -> str:
    sealed = row[f"sealed_{column}"]
    return work.cipher.open(sealed, seal_context(column, row["token"])) if sealed else ""


def _phone_context(row: Any) -> str:
    return seal_context("phone", row["token"])


def seal_context(column: str, token: str) -> str:
    """The place that a sealed text of a contact is bound to."""
    return f"contact.{column}:{token}"


def listed_contact(row: Any) -> ListedContact:
    """A contact from the columns of its row."""
    return ListedContact(**{field.name: row[field.name] for field in fields(ListedContact)})
