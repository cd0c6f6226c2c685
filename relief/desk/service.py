"""Use cases of the desk: a contact is logged, and taken out where it was entered wrongly.

What opens a case, or adds to one, is a use case of `petitions`, which logs the contact by
`record_contact`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Protocol

import sqlalchemy as sa

from relief.desk import rules
from relief.desk.forms import ContactForm, check_contact
from relief.desk.queries import (
    CONTACT,
    ListedContact,
    seal_context,
)
from relief.desk.reserved import number_for
from relief.desk.tables import Contact
from relief.engine.actors import CASE_ROLES, ROLES, Actor, check_own_name, role_titles
from relief.kernel.crypto import new_token
from relief.kernel.errors import Conflict, Invalid, NotAllowed, Problem, refuse
from relief.kernel.text import Username, _
from relief.kernel.typed_text import text_problems
from relief.kernel.unit_of_work import UnitOfWork, in_chunks
from relief.people.phones import phone_columns
from relief.people.queries import name_meant
from relief.people.rules import pinyin_of
from relief.people.service import record_person, remember_names

# Who works at the desk, and who may take a wrong entry out.
DESK_ROLES = frozenset({"clerk"})
VOIDING_ROLES = frozenset(CASE_ROLES)


def read_form(work: UnitOfWork, values: dict[str, object]) -> ContactForm:
    """The contact that was typed, judged at this unit's instant; refused with every fault."""
    return check_contact(values, work.instant(), work.clock.zone)


def log_contact(work: UnitOfWork, actor: Actor, form: ContactForm) -> ListedContact:
    """A contact that was answered on the spot."""
    if not form.answer:
        text = _("Write what was answered; what cannot be answered on the spot opens a case.")
        raise refuse(Invalid, "contact.answer", text, "answer")
    return record_contact(work, actor, form, rules.ANSWERED)


def record_contact(
    work: UnitOfWork,
    actor: Actor,
    form: ContactForm,
    outcome: str,
    *,
    chase_up: bool = False,
    restricted: bool | None = None,
) -> ListedContact:
    """Write a contact; `restricted` where its case says so."""
    check_role(actor, DESK_ROLES)
    if form.reserved_case and outcome != rules.OPENED:
        text = _("No case is opened, so this number cannot be used; leave it out.")
        raise refuse(Invalid, "reserved.no_case", text, "reserved_case")
    at = work.instant()
    is_restricted = form.restricted if restricted is None else restricted
    name, person_id = _person(work, form, is_restricted=is_restricted)
    remember_names(work, [name])
    happened_on = form.moment.astimezone(work.clock.zone).date()
    contact = ListedContact(
        id=0,  # until it is kept
        reference=number_for(
            work,
            actor,
            rules.LETTER,
            happened_on,
            form.reserved_number,
            "reserved_number",
            restricted_in=CONTACT if is_restricted else None,
        ),
        channel=form.channel,
        happened_at=form.moment,
        happened_on=happened_on,
        head_count=form.heads,
        person_id=person_id,
        name=name,
        outcome=outcome,
        chase_up=chase_up,
        urgent=form.urgent,
        collective=form.is_collective,
        restricted=is_restricted,
        recorded_at=at,
        recorded_by=actor.username,
        on_behalf_of=actor.on_behalf_of,
        voided_at=None,
        voided_by=None,
    )
    return replace(contact, id=_keep(work, contact, form))


def _keep(work: UnitOfWork, contact: ListedContact, form: ContactForm) -> int:
    """Write the row of a contact, with its words."""
    token = new_token()
    listed = {name: value for name, value in vars(contact).items() if name != "id"}
    return work.insert(
        Contact,
        **listed,
        token=token,
        pinyin=pinyin_of(contact.name),
        sealed_matter=work.cipher.seal(form.matter, seal_context("matter", token)),
        sealed_answer=_sealed(work, form.answer, "answer", token),
        **phone_columns(work.cipher, form.phone, seal_context("phone", token)),
    )


def void_contact(work: UnitOfWork, actor: Actor, contact: ListedContact, reason: str) -> None:
    """Take a wrong entry out: it is kept and shown as void, and counts no more. `contact` was read
    after `work.instant()`, so nobody else has taken it out since."""
    check_role(actor, VOIDING_ROLES)
    check_own_name(actor)
    typed = reason.strip()
    problems = list(text_problems("reason", typed))
    if not typed:
        problems.append(
            Problem("reason.missing", _("Say what was wrong with the entry."), "reason")
        )
    if problems:
        raise Invalid(problems)
    if contact.voided_at is not None:
        text = _(
            "{no} is void already, by {name}.",
            no=contact.reference,
            name=Username(contact.voided_by),
        )
        raise refuse(Conflict, "contact.void", text, "reference")
    at = work.instant()
    token = work.connection.execute(
        sa.select(CONTACT.c.token).where(CONTACT.c.id == contact.id)
    ).scalar_one()  # fmt: skip
    work.connection.execute(
        sa.update(CONTACT)
        .where(CONTACT.c.id == contact.id)
        .values(
            voided_at=at,
            voided_by=actor.username,
            sealed_void_reason=_sealed(work, typed, "void_reason", token),
        )
    )


def note_outcome(work: UnitOfWork, contact_id: int, outcome: str) -> None:
    """What became of a contact that was only answered at first."""
    work.connection.execute(
        sa.update(CONTACT).where(CONTACT.c.id == contact_id).values(outcome=outcome)
    )


def restrict_contacts(work: UnitOfWork, contact_ids: list[int]) -> None:
    """From now on these are for named readers alone: their matter is an accusation."""
    for chunk in in_chunks(contact_ids):
        work.connection.execute(
            sa.update(CONTACT).where(CONTACT.c.id.in_(chunk)).values(restricted=True)
        )


def check_role(actor: Actor, roles: frozenset[str]) -> None:
    """Refuse who does not work at the desk."""
    if not actor.roles & roles:
        text = _(
            "This is for: {roles}. {actor} is: {held}.",
            roles=role_titles(role for role in ROLES if role in roles),
            actor=Username(actor.username),
            held=role_titles(actor.roles) or [_("no role")],
        )
        raise refuse(NotAllowed, "contact.role", text, "actor")


def _person(work: UnitOfWork, form: ContactForm, *, is_restricted: bool) -> tuple[str, int | None]:
    """The name as it was said, and the person whom the number names."""
    if not form.id_number:
        return form.name, None
    name = name_meant(work, form.name, form.id_number)
    if isinstance(name, Problem):
        raise (Conflict if name.code == "name.other" else Invalid)(name)
    return name, record_person(work, name, form.id_number, restricted=is_restricted)


def _sealed(work: UnitOfWork, text: str, column: str, token: str) -> bytes | None:
    return work.cipher.seal(text, seal_context(column, token)) if text else None


class Entered(Protocol):
    """What happened, and was entered."""

    @property
    def happened_on(self) -> dt.date:
        """The office's date of when it happened."""

    @property
    def recorded_at(self) -> dt.datetime:
        """When it was entered."""


def is_late(contact: Entered, zone: dt.tzinfo) -> bool:
    """True where it was entered on a later day than it happened."""
    return rules.is_entered_late(contact.happened_on, contact.recorded_at.astimezone(zone).date())
