"""Numbers that were printed on paper forms, for a day without power: reserved before, and borne by
what is entered from those forms afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import partial

import sqlalchemy as sa

from relief.desk.tables import ReservedNumber
from relief.engine.actors import Actor
from relief.kernel.columns import table_of
from relief.kernel.errors import Conflict, NotFound, refuse
from relief.kernel.numbering import drawn_number, next_number, next_numbers
from relief.kernel.text import _
from relief.kernel.unit_of_work import UnitOfWork

RESERVED = table_of(ReservedNumber)


def number_for(
    work: UnitOfWork,
    actor: Actor,
    letter: str,
    on: dt.date,
    reserved: str,
    field: str,
    *,
    restricted_in: sa.Table | None,
) -> str:
    """The number of something of a day: the reserved one that its paper bears, else the next of its
    series; of what is restricted (`restricted_in` is its table) one by chance, so that no gap tells
    of it. Refused (`NotFound`, `Conflict`; `field` is where it was typed) where it was not
    reserved, for another kind or another time, or was used already."""
    if not reserved and restricted_in is not None:
        work.instant()  # the lock comes first: nobody else draws now
        return drawn_number(letter, on.year, partial(_is_taken, work, restricted_in))
    if not reserved:
        return next_number(work, letter, on.year)
    at = work.instant()  # the lock comes first: nobody else uses it now
    statement = sa.select(RESERVED).where(RESERVED.c.reference == reserved)
    row = work.connection.execute(statement).mappings().one_or_none()
    if row is None or not reserved.startswith(f"{letter}{on.year}-"):
        text = _(
            "{no} is no number that was reserved for this ({letter}{year}-…); compare it with the "
            "paper.",
            no=reserved[:40],
            letter=letter,
            year=on.year,
        )
        raise refuse(NotFound, "reserved.unknown", text, field)
    if row["used_at"] is not None:
        text = _(
            "{no} was used already; look whether this paper was entered before.",
            no=reserved,
        )
        raise refuse(Conflict, "reserved.used", text, field)
    reserved_on = work.clock.day_of(row["reserved_at"])
    if on < reserved_on:
        text = _(
            "{no} was printed on {day} only; this happened before.", no=reserved, day=reserved_on
        )
        raise refuse(Conflict, "reserved.later", text, field)
    used = sa.update(RESERVED).where(RESERVED.c.reference == reserved)
    work.connection.execute(used.values(used_at=at, used_by=actor.username))
    return reserved


def _is_taken(work: UnitOfWork, table: sa.Table, reference: str) -> bool:
    there = sa.select(sa.exists().where(table.c.reference == reference))
    return bool(work.connection.execute(there).scalar_one())


def reserve(
    work: UnitOfWork, actor: Actor, on: dt.date, wanted: Iterable[tuple[str, int]]
) -> list[str]:
    """Take the next numbers of some series (a letter, and how many) for a day."""
    at = work.instant()
    numbers = [
        number for letter, count in wanted for number in next_numbers(work, letter, on.year, count)
    ]
    row = {"reserved_for_on": on, "reserved_at": at, "reserved_by": actor.username}
    work.insert_all(ReservedNumber, [{"reference": number, **row} for number in numbers])
    return numbers


def unused_numbers(work: UnitOfWork, on: dt.date) -> Sequence[str]:
    """The numbers that were reserved for a day and not used yet, in their order."""
    statement = (
        sa.select(RESERVED.c.reference)
        .where(RESERVED.c.reserved_for_on == on, RESERVED.c.used_at.is_(None))
        .order_by(sa.func.length(RESERVED.c.reference), RESERVED.c.reference)
    )
    return work.connection.execute(statement).scalars().all()
