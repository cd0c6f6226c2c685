"""Finding persons by their identity numbers. Numbers are the 18-character form, checked before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import sqlalchemy as sa

from relief.kernel.columns import table_of
from relief.kernel.errors import NotFound, Problem, refuse
from relief.kernel.text import _, is_plain
from relief.kernel.unit_of_work import UnitOfWork, in_chunks
from relief.people.rules import folded, whole
from relief.people.tables import NamePart, Person, PersonIdentity

PERSON = table_of(Person)
IDENTITY = table_of(PersonIdentity)
NAME_PART = table_of(NamePart)
# The columns that name a person, at the least: a test counts them against every table there is.
REFERRING = frozenset({
    "contact.person_id", "petition_case.petitioner_id", "job_start.person_id",
    "household.applicant_id", "membership.person_id", "account.payee_id",
})  # fmt: skip
# No part begins with these words and stands behind it.
_LAST_CHARACTER = "\U0010ffff"

_KNOWN = (
    sa.select(IDENTITY.c.number_hash, IDENTITY.c.person_id, IDENTITY.c.id, PERSON.c.name)
    .join(PERSON, PERSON.c.id == IDENTITY.c.person_id)
    .where(
        IDENTITY.c.superseded_at.is_(None),
        IDENTITY.c.number_hash.in_(sa.bindparam("values", expanding=True)),
    )
)
_SEALED = sa.select(IDENTITY.c.id, IDENTITY.c.token, IDENTITY.c.sealed_number).where(
    IDENTITY.c.id.in_(sa.bindparam("values", expanding=True))
)

_REMEMBERED = sa.select(NAME_PART.c.name).where(
    NAME_PART.c.part.in_(sa.bindparam("values", expanding=True))
)
_BEGINNING = (
    sa.select(NAME_PART.c.part)
    .where(NAME_PART.c.part >= sa.bindparam("b_from"), NAME_PART.c.part < sa.bindparam("b_until"))
    .order_by(NAME_PART.c.part)
    .limit(sa.bindparam("b_parts"))
)


class KnownPerson(NamedTuple):
    """A person and the identity row that is known now; of one whom restricted matters alone know
    the name is empty."""

    person_id: int
    identity_id: int
    name: str


def number_hash(work: UnitOfWork, number: str) -> str:
    """What an identity number is found by."""
    return work.cipher.blind_index(number, "person.number")


def last4_hash(work: UnitOfWork, number: str) -> str:
    """What the last four characters of an identity number are found by."""
    return work.cipher.blind_index(number[-4:], "person.last4")


def seal_context(token: str) -> str:
    """The place that a sealed identity number is bound to."""
    return f"person_identity.number:{token}"


def known_names(work: UnitOfWork, names: Iterable[str]) -> set[str]:
    """Those of these names that are found by their parts already."""
    return {row.name for row in _by_set(work, _REMEMBERED, map(whole, names))}


def parts_like(work: UnitOfWork, words: str, parts_max: int) -> list[str]:
    """The parts of names that begin with these words (of a name itself, of its pinyin or its
    initials), as often as there are names that have them: the first `parts_max` in their order, in
    which the shorter stand before those that they begin."""
    typed = folded(words)
    if not typed or not is_plain(typed):
        return []  # nothing is stored that looks so, and no database takes it
    span = {"b_from": typed, "b_until": typed + _LAST_CHARACTER, "b_parts": parts_max}
    return list(work.connection.execute(_BEGINNING, span).scalars())


def named_like(words: str) -> sa.Select[tuple[str]]:
    """The same as a statement, of all names; for words that were looked at."""
    typed = folded(words)
    return sa.select(NAME_PART.c.name).where(
        NAME_PART.c.part >= typed, NAME_PART.c.part < typed + _LAST_CHARACTER
    )


def find_all_by_identity(work: UnitOfWork, numbers: Iterable[str]) -> dict[str, KnownPerson]:
    """The persons who have these numbers now; numbers that nobody has are left out."""
    by_hash = {number_hash(work, number): number for number in numbers}
    return {
        by_hash[found]: KnownPerson(person_id, identity_id, name)
        for found, person_id, identity_id, name in _by_set(work, _KNOWN, by_hash)
    }


def known_name(work: UnitOfWork, person_id: int) -> str:
    """The name that a person is known by; empty where restricted matters alone know them."""
    found = sa.select(PERSON.c.name).where(PERSON.c.id == person_id)
    return str(work.connection.execute(found).scalar_one())


def is_referred_to(work: UnitOfWork, person_id: int) -> bool:
    """Whether any record names a person: a contact, a case, a hardship file, as things are or were.
    Whom none does was recorded by a slip that was put right since."""
    return bool(work.connection.scalar(_referring(), {"b_person": person_id}))


def _referring() -> sa.Select[tuple[bool]]:
    """The statement, over every column of the office that links to a person: those there are when
    it is asked, for a feature that was not loaded yet has its columns later. Too few would say of
    somebody who is known that nobody names them."""
    columns = [
        column
        for table in PERSON.metadata.tables.values()
        if table is not IDENTITY
        for column in table.c
        if any(key.target_fullname == "person.id" for key in column.foreign_keys)
    ]
    if missing := REFERRING - {str(column) for column in columns}:
        raise RuntimeError(f"not loaded, so who is named there is not known: {sorted(missing)}")
    person = sa.bindparam("b_person", type_=sa.Integer)
    return sa.select(sa.or_(*(sa.exists().where(column == person) for column in columns)))


def name_meant(work: UnitOfWork, name: str, number: str) -> str | Problem:
    """The name of the person who is meant by a name and an identity number (either may be empty):
    as it was said, else as it is known here. A number that belongs to somebody of another name, or
    to nobody where no name was said, is a problem; its field is `id_number` or `name`. Whom
    restricted matters alone know is nobody here, whoever asks."""
    found = find_all_by_identity(work, [number]).get(number) if number else None
    known = found if found and found.name and found.name != name else None
    if known and not is_referred_to(work, known.person_id):
        known = None  # a slip that was put right since: whoever has the number gets it
    if number and known is None and not name:
        text = _("This person is not known yet; give the name, too.")
        return Problem("name.missing", text, "name")
    if known and name:
        text = _(
            "This number belongs to {known} here, not to {name}: look at the card, or leave the "
            "number out. The search shows the records of {known}.",
            known=known.name,
            name=name,
        )
        return Problem("name.other", text, "id_number")
    return name or (known.name if known else "")


def identity_numbers(work: UnitOfWork, identity_ids: Iterable[int]) -> dict[int, str]:
    """Open the numbers of these identity rows."""
    return {
        identity_id: work.cipher.open(sealed, seal_context(token))
        for identity_id, token, sealed in _by_set(work, _SEALED, identity_ids)
    }


def identity_number(work: UnitOfWork, identity_id: int) -> str:
    """Open the number of one identity row."""
    numbers = identity_numbers(work, [identity_id])
    if identity_id not in numbers:
        raise refuse(NotFound, "person.identity_unknown", _("There is no such identity record."))
    return numbers[identity_id]


def _by_set(work: UnitOfWork, statement: sa.Executable, values: Iterable[Any]) -> Iterator[Any]:
    for chunk in in_chunks(values):
        yield from work.connection.execute(statement, {"values": chunk})
