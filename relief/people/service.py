"""Recording persons, without doubling them: who has the number is the person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa

from relief.kernel.crypto import new_token
from relief.kernel.unit_of_work import UnitOfWork
from relief.people.queries import (
    PERSON,
    find_all_by_identity,
    is_referred_to,
    known_names,
    last4_hash,
    number_hash,
    seal_context,
)
from relief.people.rules import IDENTITY_LENGTH, name_parts, pinyin_of
from relief.people.tables import NamePart, PersonIdentity

# The ids come back in the order of the rows, on both databases.
_INSERT_PERSON = sa.insert(PERSON).returning(PERSON.c.id, sort_by_parameter_order=True)


def record_person(work: UnitOfWork, name: str, number: str, *, restricted: bool) -> int:
    """The person who has this number; recorded where nobody has it yet. It is known by this name
    from then on, unless by another already, or where only a restricted matter says so. A name that
    came with the number by a slip goes."""
    called = "" if restricted else name
    found = find_all_by_identity(work, [number]).get(number)
    if found and found.name not in ("", name) and not is_referred_to(work, found.person_id):
        _call(work, found.person_id, called)
    return record_people(work, [(called, number)])[number]


def record_people(
    work: UnitOfWork,
    people: Iterable[tuple[str, str]],
    originals: Mapping[str, str] | None = None,
) -> dict[str, int]:
    """Record by set those of `(name, number)` whose number nobody has; give the person of each.

    A known person keeps the known name, and gets one where it has none; of one number twice the
    first name counts. `originals` holds, by 18-character number, the 15 digits that were brought.
    """
    names: dict[str, str] = {}
    for name, number in people:
        names.setdefault(number, name)
    found = find_all_by_identity(work, names)
    known = {number: person.person_id for number, person in found.items()}
    for number, person in found.items():
        if names[number] and not person.name:
            _call(work, person.person_id, names[number])
    fresh = {number: name for number, name in names.items() if number not in known}
    if fresh:
        person_ids = _insert_persons(work, list(fresh.values()))
        recorded = dict(zip(fresh, person_ids, strict=True))
        _insert_identities(work, recorded, originals or {})
        known |= recorded
    return known


def put_name_right(work: UnitOfWork, person_id: int, name: str) -> None:
    """This person was recorded under a wrong name; from now on they are known by the right one."""
    _call(work, person_id, name)


def remember_names(work: UnitOfWork, names: Iterable[str]) -> None:
    """From now on these names are found by their parts; whoever records a name says so here."""
    work.instant()  # the lock comes first: nobody else remembers the same name now
    said = set(names) - {""}
    fresh = said - known_names(work, said)
    # In the order in which they are kept: a large file is taken in faster.
    parts = sorted((part, name) for name in fresh for part in name_parts(name))
    work.insert_all(NamePart, [{"part": part, "name": name} for part, name in parts])


def take_names_away(work: UnitOfWork, are_meant: sa.ColumnElement[bool]) -> None:
    """From now on restricted matters alone know these (a condition over `PERSON`)."""
    work.connection.execute(sa.update(PERSON).where(are_meant).values(name="", pinyin=""))


def _call(work: UnitOfWork, person_id: int, name: str) -> None:
    remember_names(work, [name])
    called = sa.update(PERSON).where(PERSON.c.id == person_id)
    work.connection.execute(called.values(name=name, pinyin=pinyin_of(name)))


def _insert_persons(work: UnitOfWork, names: Sequence[str]) -> Sequence[int]:
    at = work.instant()
    remember_names(work, names)
    rows = [{"name": name, "pinyin": pinyin_of(name), "recorded_at": at} for name in names]
    return work.connection.execute(_INSERT_PERSON, rows).scalars().all()


def _insert_identities(
    work: UnitOfWork, recorded: Mapping[str, int], originals: Mapping[str, str]
) -> None:
    work.insert_all(
        PersonIdentity,
        [
            _identity_row(work, person_id, number, originals.get(number, ""))
            for number, person_id in recorded.items()
        ],
    )


def _identity_row(
    work: UnitOfWork, person_id: int, number: str, original: str
) -> dict[str, object]:
    assert len(number) == IDENTITY_LENGTH, "an identity number that was not normalised"
    token = new_token()
    differs = bool(original) and original != number
    return {
        "person_id": person_id,
        "token": token,
        "sealed_number": work.cipher.seal(number, seal_context(token)),
        "sealed_original": (
            work.cipher.seal(original, f"person_identity.original:{token}") if differs else None
        ),
        "number_hash": number_hash(work, number),
        "last4_hash": last4_hash(work, number),
        "recorded_at": work.instant(),
        "superseded_at": None,
    }
