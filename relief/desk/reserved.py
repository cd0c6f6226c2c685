"""Numbers that were printed on paper forms, for a day without power: reserved before, and borne by
what is entered from those forms afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

import sqlalchemy as sa

from relief.desk.rules import LETTER
from relief.desk.tables import ReservedNumber
from relief.engine.actors import Actor
from relief.kernel.columns import table_of
from relief.kernel.errors import Conflict, Invalid, NotFound, refuse
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


class Sheet(NamedTuple):
    """A paper form of a day: its number as a contact, and that of the case which it may open ("":
    none); whether it, or its case, was entered since."""

    contact: str
    case: str
    is_used: bool
    case_is_used: bool


def sheets_of(work: UnitOfWork, on: dt.date) -> list[Sheet]:
    """The paper forms of a day, in the order in which they are printed. What is printed together
    once stays together: the numbers of cases of each reservation stand on the first forms that were
    free then."""
    statement = (
        sa.select(RESERVED)
        .where(RESERVED.c.reserved_for_on == on)
        .order_by(
            RESERVED.c.reserved_at, sa.func.length(RESERVED.c.reference), RESERVED.c.reference
        )
    )
    rows = work.connection.execute(statement).all()
    contacts = [row for row in rows if row.reference.startswith(LETTER)]
    cases: dict[str, Any] = {}
    for case in (row for row in rows if not row.reference.startswith(LETTER)):
        free = (
            each.reference
            for each in contacts
            if each.reference not in cases
            and each.reserved_at <= case.reserved_at
            and (each.used_at is None or each.used_at > case.reserved_at)
        )
        cases |= dict.fromkeys(islice(free, 1), case)
    return [
        Sheet(
            each.reference,
            cases[each.reference].reference if each.reference in cases else "",
            each.used_at is not None,
            each.reference in cases and cases[each.reference].used_at is not None,
        )
        for each in contacts
    ]


def check_sheet(work: UnitOfWork, contact: str, case: str, letter: str) -> None:
    """Refuse (`Invalid`) numbers from a paper form that do not stand on the same one, where a case
    of this letter is opened: each says what the other is. What was not reserved at all is told
    where it is used."""
    if not (contact or case):
        return
    days = sa.select(RESERVED.c.reserved_for_on).where(RESERVED.c.reference.in_((contact, case)))
    for on in sorted(set(work.connection.execute(days).scalars())):
        for sheet in sheets_of(work, on):
            if sheet.case and case == sheet.case and contact != sheet.contact:
                text = _("{case} stands on the paper form {contact}; write that number, or compare "
                         "both with the paper.", case=case, contact=sheet.contact)  # fmt: skip
                raise refuse(Invalid, "reserved.other_sheet", text, "reserved_number")
            is_left_out = contact == sheet.contact and not case and not sheet.case_is_used
            if is_left_out and sheet.case.startswith(letter):
                text = _("The paper form {contact} has the number {case} for the case; write it, "
                         "too.", case=sheet.case, contact=contact)  # fmt: skip
                raise refuse(Invalid, "reserved.other_sheet", text, "reserved_case")
