"""Use cases that join the desk and the cases: a contact opens a case, is added to one, or is taken
out again. The steps after that go through `engine.advance`, as of every case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

from relief.desk import queries as desk
from relief.desk import rules as desk_rules
from relief.desk import service as desk_service
from relief.desk.forms import ContactForm
from relief.desk.queries import ListedContact
from relief.desk.reserved import check_sheet, number_for
from relief.engine.actors import Actor
from relief.engine.cases import Case, find_case
from relief.engine.steps.advance import advance, begin
from relief.engine.work import Work
from relief.kernel.crypto import new_token
from relief.kernel.errors import Conflict, NotFound, Problem, refuse
from relief.kernel.text import Text, _
from relief.people.phones import phone_columns
from relief.people.rules import pinyin_of
from relief.petitions import queries, seeing
from relief.petitions.rules import CHASE_UP, FAMILY, SIDE_EXITS


class Joined(NamedTuple):
    """A contact, and the case that it opened or was added to."""

    contact: ListedContact
    reference: str
    kind: str
    case_id: int


def open_case(work: Work, actor: Actor, kind: str, form: ContactForm) -> Joined:
    """Log a contact, and open a case of this kind by it."""
    _check_kind(work, kind)
    contact = desk_service.record_contact(work, actor, form, desk_rules.OPENED)
    letter = work.workflows.kinds[kind].letter
    check_sheet(work, form.reserved_number, form.reserved_case, letter)
    return _open(work, actor, kind, contact, contact.happened_at, form.reserved_case)


def open_from_contact(work: Work, actor: Actor, kind: str, reference: str) -> Joined:
    """Open a case by a contact that was only answered at first; nothing is typed again. The case is
    received now: until now there was none, and no clock of it ran."""
    _check_kind(work, kind)
    contact = _free_contact(work, actor, reference)
    desk_service.note_outcome(work, contact.id, desk_rules.OPENED)
    return _open(work, actor, kind, contact, work.instant())


def add_from_contact(work: Work, actor: Actor, reference: str, to: str) -> Joined:
    """Add a contact that was only answered at first to a case (`to`) that is under way; nothing is
    typed again. Not to a restricted one: it was open to all until now, and stays so."""
    contact = _free_contact(work, actor, reference)
    desk_service.check_role(actor, desk_service.DESK_ROLES)
    case = find_case(work, to, actor)
    problem = _against_adding(work, case, restricted=contact.restricted)
    if problem is None and case.row["restricted"] and not contact.restricted:
        text = _(
            "{no} is restricted, this contact is not: enter it anew at the desk as one that "
            "belongs to {no}, and void this one.",
            no=case.reference,
        )
        problem = Problem("contact.to_refused", text, "to")
    if problem:
        raise Conflict(problem)
    desk_service.note_outcome(work, contact.id, desk_rules.ADDED)
    facts = _facts(contact, desk_rules.ADDED)
    advance(work, case.kind.key, case.id, "add_contact", actor, facts=facts)
    added = desk.contacts_with_ids(work, [contact.id])[0]
    return Joined(added, case.reference, case.kind.key, case.id)


def _free_contact(work: Work, actor: Actor, reference: str) -> ListedContact:
    """A contact that was answered on the spot and belongs to no case; refused where it does."""
    work.instant()  # the lock comes first: what is read stands until the commit
    contact = find_contact(work, reference, actor.username)
    if contact.voided_at is not None or contact.outcome != desk_rules.ANSWERED:
        text = _(
            "{no} is void, or belongs to a case already; only a contact that was answered on the "
            "spot can open one.",
            no=contact.reference,
        )
        raise refuse(Conflict, "contact.not_free", text, "reference")
    return contact


def add_to_case(
    work: Work, actor: Actor, form: ContactForm, reference: str, *, chase_up: bool = False
) -> Joined:
    """Log a second visit about a matter that is under way, or a chase-up. What came to a
    restricted case is restricted."""
    work.instant()  # the lock comes first
    case = find_case(work, reference, actor)
    problem = _against_adding(work, case, restricted=form.restricted)
    if problem:
        raise Conflict(problem)
    contact = desk_service.record_contact(
        work,
        actor,
        form,
        desk_rules.ADDED,
        chase_up=chase_up,
        restricted=bool(case.row["restricted"]),
    )
    relation = CHASE_UP if chase_up else desk_rules.ADDED
    # It is entered now, whenever it happened: the steps in between stand.
    advance(work, case.kind.key, case.id, "add_contact", actor, facts=_facts(contact, relation))
    return Joined(contact, case.reference, case.kind.key, case.id)


def void_contact(work: Work, actor: Actor, reference: str, reason: str) -> ListedContact:
    """Take a wrong entry out; not while the case stands that it opened. It stands in
    the journal of its case, and is not for who stands aside in it."""
    work.instant()  # the lock comes first
    contact = find_contact(work, reference, actor.username)
    case = queries.case_of_contact(work, contact.id)
    if case and case.relation == desk_rules.OPENED and case.state not in SIDE_EXITS:
        text = _what_to_do_first(work, contact, case)
        raise refuse(Conflict, "contact.opened_a_case", text, "reference")
    desk_service.void_contact(work, actor, contact, reason)
    if case:
        facts = {"voided_contact": contact.reference}
        advance(work, case.kind, case.id, "note", actor, fields={"note": reason}, facts=facts)
    return desk.contacts_with_ids(work, [contact.id])[0]


def _what_to_do_first(work: Work, contact: ListedContact, case: queries.CaseOfContact) -> Text:
    """What can still be done about a contact whose case stands: the ways out of the case's state
    that leave it no case of its own, or else a note."""
    definition = work.workflows.definitions[case.kind]
    title = work.workflows.state_title(case.kind, case.state)
    named = {"contact": contact.reference, "case": case.reference, "state": title}
    ways = [step.title for step in definition.actions_from(case.state) if step.to in SIDE_EXITS]
    if ways:
        return _(
            "{contact} opened {case}, which stands ({state}). First take one of these steps of "
            "the case: {steps}.",
            steps=ways,
            **named,
        )
    return _(
        "{contact} opened {case}, which has gone too far to be taken back ({state}): the contact "
        "stays. Write in a note of the case what was wrong with the entry.",
        **named,
    )


def find_contact(work: Work, reference: str, username: str | None) -> ListedContact:
    """A contact by its number, where this user may see it."""
    return desk.find_contact(work, reference, seeing.readable_contacts(username))


def _open(
    work: Work,
    actor: Actor,
    kind: str,
    contact: ListedContact,
    received_at: dt.datetime,
    reserved: str = "",
) -> Joined:
    received_on = work.clock.day_of(received_at)
    reference = number_for(
        work,
        actor,
        work.workflows.kinds[kind].letter,
        received_on,
        reserved,
        "reserved_case",
        restricted_in=queries.CASE if contact.restricted else None,
    )
    case_id = begin(
        work,
        kind,
        "receive",
        actor,
        _row(work, actor, contact, reference) | {"received_on": received_on},
        facts={**_facts(contact, desk_rules.OPENED), "restricted": contact.restricted},
        happened_at=received_at,
    )
    opened = desk.contacts_with_ids(work, [contact.id])[0]
    return Joined(opened, reference, kind, case_id)


def _row(work: Work, actor: Actor, contact: ListedContact, reference: str) -> dict[str, Any]:
    """A case as its first contact tells it."""
    token = new_token()
    matter, phone = desk.words_of(work, contact.id).matter, desk.phone_of(work, contact.id)
    return {
        "reference": reference,
        "token": token,
        "petitioner_id": contact.person_id,
        "petitioner_name": contact.name,
        "pinyin": pinyin_of(contact.name),
        **phone_columns(work.cipher, phone, queries.seal_context("phone", token)),
        "sealed_matter": work.cipher.seal(matter, queries.seal_context("matter", token)),
        "matter_class": "",
        "urgent": contact.urgent,
        "collective": contact.collective,
        "restricted": contact.restricted,
        "case_worker": actor.username,
        "recorded_at": work.instant(),
        "recorded_by": actor.username,
    }


def _facts(contact: ListedContact, relation: str) -> Mapping[str, Any]:
    return {
        "contact": contact.reference,
        "contact_id": contact.id,
        "relation": relation,
        "urgent": contact.urgent,
        "collective": contact.collective,
    }


def _check_kind(work: Work, kind: str) -> None:
    known = list(queries.kinds_to_open(work))
    if kind not in known:
        text = _("There are no cases of this kind; open one of {known}.", known=known)
        raise refuse(NotFound, "petition.kind_unknown", text, "open")


def _against_adding(work: Work, case: Case, *, restricted: bool) -> Problem | None:
    """Why this contact does not belong to that case, and where it belongs."""
    text: Text | None = None
    if case.kind.family != FAMILY:
        text = _(
            "{no} is no matter that somebody brought; open a case of its own: {known}.",
            no=case.reference,
            known=list(queries.kinds_to_open(work).values()),
        )
    elif case.state == "merged":
        text = _(
            "{no} was merged into {other}; add the contact there.",
            no=case.reference,
            other=queries.case_row(work, case.row["merged_into_id"])["reference"],
        )
    elif not case.leads_on_by("add_contact"):
        text = _(
            "{no} is closed ({state}); answer on the spot, or open a new case.",
            no=case.reference,
            state=work.workflows.state_title(case.kind.key, case.state),
        )
    elif restricted and not case.row["restricted"]:
        text = _(
            "{no} is not restricted, what is said now is; open a case of its own.",
            no=case.reference,
        )
    return Problem("contact.to_refused", text, "to") if text else None
