"""Phone numbers whole, for who works on a matter and has to call: each showing is written down, and
told to those who inspect. Everywhere else a number is masked."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import sqlalchemy as sa

from relief.desk import queries as desk
from relief.desk.service import check_role
from relief.engine.actors import CASE_ROLES, Actor
from relief.engine.cases import find_case
from relief.engine.journal.inspection import check_inspector
from relief.engine.journal.kept_rows import KeptRows, write_made
from relief.engine.steps.recusal import check_not_aside
from relief.engine.work import Work
from relief.kernel.columns import table_of
from relief.kernel.errors import NotFound, refuse
from relief.kernel.text import _
from relief.kernel.unit_of_work import UnitOfWork
from relief.people.phones import open_phone
from relief.petitions.day.pack import day_pack
from relief.petitions.queries import CASE, case_of_contact, seal_context
from relief.petitions.rules import FAMILY
from relief.petitions.seeing import aside_of_many, readable_contacts, seen_cases
from relief.petitions.service import find_contact
from relief.petitions.tables import PhoneShown

SHOWN = table_of(PhoneShown)
ROLES_TO_CALL = frozenset(CASE_ROLES)
LISTED = 50
# Each showing has an entry in the journal, which says by whom, and not whose number it was.
KEPT = KeptRows("phone_shown", SHOWN, SHOWN.c.username)


class Showing(NamedTuple):
    """A number was shown; `reference` is None where its case or contact is not for this reader."""

    at: dt.datetime
    username: str
    reference: str | None


def show_case_phone(work: Work, actor: Actor, reference: str) -> str:
    """The petitioner's number, whole (clerk, approver; of a restricted case who may see it).
    Refused (`NotAllowed`) for who stands aside, and (`NotFound`) where none is kept."""
    check_role(actor, ROLES_TO_CALL)
    work.instant()
    case = find_case(work, reference, actor)
    check_not_aside(work, case, actor)
    phone = ""
    if case.kind.family == FAMILY:
        context = seal_context("phone", case.row["token"])
        phone = open_phone(work.cipher, case.row["sealed_phone"], context)
    _check_there(phone, reference)
    _write_down(work, actor, case_id=case.id)
    return phone


def show_contact_phone(work: Work, actor: Actor, reference: str) -> str:
    """The same of a contact that may be read, and in whose case this actor does not stand
    aside."""
    check_role(actor, ROLES_TO_CALL)
    work.instant()
    contact = find_contact(work, reference, actor.username)
    if joined := case_of_contact(work, contact.id):
        check_not_aside(work, find_case(work, joined.reference, actor), actor)
    phone = desk.phone_of(work, contact.id)
    _check_there(phone, reference)
    _write_down(work, actor, contact_id=contact.id)
    return phone


def show_pack_phones(work: Work, actor: Actor, on: dt.date) -> dict[str, str]:
    """The numbers of all that stand with one in the pack of a day, by the numbers of the cases; not
    of those in which this actor stands aside."""
    check_role(actor, ROLES_TO_CALL)
    work.instant()
    named = [each.reference for each in day_pack(work, actor, on).due if each.phone_masked]
    columns = (CASE.c.id, CASE.c.kind, CASE.c.reference, CASE.c.sealed_phone, CASE.c.token)
    rows = work.rows(sa.select(*columns).where(CASE.c.reference.in_(named)))
    aside = aside_of_many(work, {row.id: row.kind for row in rows})
    found = [row for row in rows if not aside[row.id] & actor.people]
    for row in found:
        _write_down(work, actor, case_id=row.id)
    return {
        row.reference: open_phone(work.cipher, row.sealed_phone, seal_context("phone", row.token))
        for row in found
    }


def phones_shown(work: Work, actor: Actor, most: int = LISTED) -> list[Showing]:
    """The last showings, the latest first (auditor, admin)."""
    check_inspector(actor)
    seen = sa.and_(CASE.c.id == SHOWN.c.case_id, seen_cases(actor.username))
    readable = sa.and_(desk.CONTACT.c.id == SHOWN.c.contact_id, readable_contacts(actor.username))
    reference = sa.func.coalesce(CASE.c.reference, desk.CONTACT.c.reference)
    statement = (
        sa.select(SHOWN.c.at, SHOWN.c.username, reference)
        .select_from(SHOWN.outerjoin(CASE, seen).outerjoin(desk.CONTACT, readable))
        .order_by(SHOWN.c.id.desc())
        .limit(most)
    )
    return [Showing(*row) for row in work.rows(statement)]


def _write_down(work: UnitOfWork, actor: Actor, **whose: int) -> None:
    shown = work.insert(PhoneShown, username=actor.username, at=work.instant(), **whose)
    write_made(work, actor, KEPT, shown)


def _check_there(phone: str, reference: str) -> None:
    if not phone:
        text = _("No phone number is kept of {no}.", no=reference)
        raise refuse(NotFound, "phone.none", text)
