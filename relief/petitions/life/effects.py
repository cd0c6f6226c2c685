"""The effects of the five steps: what is written in the transaction of the step."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from relief.desk.rules import ADDED, OPENED
from relief.desk.service import restrict_contacts
from relief.engine.actors import PROGRAM
from relief.engine.cases import find_case
from relief.engine.step import Step
from relief.engine.steps.advance import advance
from relief.engine.steps.recusal import recused, set_aside
from relief.engine.work import Work
from relief.kernel.crypto import new_token
from relief.people.phones import phone_columns
from relief.people.queries import name_meant
from relief.people.rules import (
    normalise_identity,
    normalise_name,
    normalise_phone,
    pinyin_of,
)
from relief.people.service import (
    put_name_right,
    record_person,
    remember_names,
    take_names_away,
)
from relief.petitions.life.guards import named_readers
from relief.petitions.life.identity import names_anew
from relief.petitions.queries import CASE, JOB, LINK, READER, case_row, last_words, seal_context
from relief.petitions.row_seal import write_row
from relief.petitions.rules import ACCUSATION, UNEMPLOYED
from relief.petitions.seeing import known_by_this_alone, readers_of
from relief.petitions.tables import JobStart, PetitionContact, PetitionReader


def join_contact(work: Work, step: Step) -> None:
    """The contact belongs to the case; what is urgent or collective about it is so of the case.
    Of a restricted case who received it is the first reader."""
    work.insert(
        PetitionContact,
        contact_id=step.facts["contact_id"],
        case_id=step.subject_id,
        relation=step.facts["relation"],
    )
    _raise_flags(work, step.subject_id, step.facts, is_new=not step.state)
    if step.facts["relation"] == OPENED and step.row["restricted"]:
        _name(work, step, [step.row["recorded_by"]])


def _raise_flags(work: Work, case_id: int, flags: Any, *, is_new: bool = False) -> None:
    raised = {name: True for name in ("urgent", "collective") if flags.get(name)}
    if raised or is_new:
        write_row(work, case_id, is_new=is_new, **raised)


def keep_matter_class(work: Work, step: Step) -> None:
    """What class of matter it is. An accusation is restricted: to who received it, who accepted
    it, and who works on it, until others are named."""
    matter_class = step.fields["matter_class"]
    write_row(work, step.subject_id, matter_class=matter_class)
    if matter_class != ACCUSATION or step.row["restricted"]:
        return
    _restrict(work, step.subject_id)
    _name(work, step, [step.row["recorded_by"], step.actor.username, step.row["case_worker"]])


def _restrict(work: Work, case_id: int) -> None:
    """A case with its contacts, and whatever was merged into it."""
    write_row(work, case_id, restricted=True)
    contact_ids = sa.select(LINK.c.contact_id).where(LINK.c.case_id == case_id)
    restrict_contacts(work, list(work.connection.execute(contact_ids).scalars()))
    merged = sa.select(CASE.c.id).where(CASE.c.merged_into_id == case_id)
    for merged_id in work.connection.execute(merged).scalars().all():
        _restrict(work, merged_id)
    take_names_away(work, known_by_this_alone(case_id))


def keep_readers(work: Work, step: Step) -> None:
    """From now on these may see the case, with who names them; nobody else. (The program names a
    reader of what nobody can read any more, for an admin, and reads nothing.)"""
    named = [*named_readers(step.fields["readers"]), *({step.actor.username} - PROGRAM)]
    work.connection.execute(
        sa.update(READER)
        .where(
            READER.c.case_id == step.subject_id,
            READER.c.username.not_in(named),
            READER.c.ended_at.is_(None),
        )
        .values(ended_at=step.at)
    )
    _name(work, step, named)


def _name(work: Work, step: Step, names: list[str]) -> None:
    standing = {*readers_of(work, step.subject_id), ""}
    for name in sorted(set(names) - standing):
        work.insert(
            PetitionReader,
            case_id=step.subject_id,
            username=name,
            recorded_at=step.at,
            recorded_by=step.actor.username,
        )


def name_case_worker(work: Work, step: Step) -> None:
    """The work is this person's from now on."""
    write_row(work, step.subject_id, case_worker=step.fields["case_worker"])


def keep_petitioner(work: Work, step: Step) -> None:
    """Who the petitioner is, as far as it was said."""
    values: dict[str, Any] = {}
    name = str(step.row["petitioner_name"])
    if said := step.fields.get("petitioner_name"):
        name = str(normalise_name(said))
    if names_anew(work, step):  # of somebody whom this case alone knows: the guard asked before
        put_name_right(work, step.row["petitioner_id"], name)
    elif typed := step.fields.get("id_number"):
        number = str(normalise_identity(typed, work.today))
        name = str(name_meant(work, name, number))  # no problem: the guard asked before
        restricted = bool(step.row["restricted"])
        values["petitioner_id"] = record_person(work, name, number, restricted=restricted)
    if typed := step.fields.get("phone"):
        context = seal_context("phone", step.row["token"])
        values |= phone_columns(work.cipher, str(normalise_phone(typed)), context)
    remember_names(work, [name])
    write_row(work, step.subject_id, petitioner_name=name, pinyin=pinyin_of(name), **values)


def move_contacts(work: Work, step: Step) -> None:
    """The contacts go over to the other case, which says in its own journal where they are from.
    Who stands aside in this case does so in the other; the other's readers are this one's."""
    other = find_case(work, step.fields["merge_into"], step.actor)
    work.connection.execute(
        sa.update(LINK)
        .where(LINK.c.case_id == step.subject_id, LINK.c.relation == OPENED)
        .values(relation=ADDED)  # the other case was opened by a contact of its own
    )
    work.connection.execute(
        sa.update(LINK).where(LINK.c.case_id == step.subject_id).values(case_id=other.id)
    )
    write_row(work, step.subject_id, merged_into_id=other.id)
    _raise_flags(work, other.id, step.row)
    if other.row["restricted"]:
        _restrict(work, other.id)  # and with it the case that is merged now
    set_aside(work, step, other.id, recused(work, step.kind, step.subject_id))
    facts = {"merged_case": step.reference}
    advance(work, other.kind.key, other.id, "take_in", step.actor, facts=facts)


def write_job_start(work: Work, step: Step) -> None:
    """A job began with the employer who was named, now or at the introduction."""
    handled = last_words(work, step.kind, step.subject_id, "handle")
    accepted = last_words(work, step.kind, step.subject_id, "accept")
    token = new_token()
    employer = step.fields.get("employer") or handled.get("employer", "")
    work.insert(
        JobStart,
        case_id=step.subject_id,
        token=token,
        person_id=case_row(work, step.subject_id)["petitioner_id"],
        started_on=dt.date.fromisoformat(step.fields["started_on"]),
        evidence=step.fields["evidence"],
        was_unemployed=accepted.get("employment_status") == UNEMPLOYED,
        sealed_employer=work.cipher.seal(employer, f"job_start.employer:{token}"),
        recorded_at=step.at,
        recorded_by=step.actor.username,
    )


def void_job_start(work: Work, step: Step) -> None:
    """A start that was taken back counts no more."""
    work.connection.execute(
        sa.update(JOB)
        .where(JOB.c.case_id == step.subject_id, JOB.c.voided_at.is_(None))
        .values(voided_at=step.at)
    )
