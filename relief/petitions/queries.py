"""Reads of the cases on the five steps: their contacts, kinds, states and words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from relief.desk.queries import CONTACT, ListedContact, listed_contact
from relief.desk.queries import seal_context as contact_context
from relief.engine.definitions.definition import Titles
from relief.engine.journal.chain import Entry
from relief.engine.journal.history import last_entry, numbered_entry
from relief.engine.work import Work
from relief.kernel.columns import table_of
from relief.kernel.looking import asked_once
from relief.kernel.unit_of_work import UnitOfWork
from relief.people.phones import masked_phone
from relief.petitions.rules import FAMILY, first_line
from relief.petitions.tables import JobStart, PetitionCase, PetitionContact, PetitionReader

CASE, LINK = table_of(PetitionCase), table_of(PetitionContact)
READER, JOB = table_of(PetitionReader), table_of(JobStart)
Condition = sa.ColumnElement[bool]
# States, each with the kind of case that it is of.
States = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class JoinedContact:
    """A contact of a case, what it was to it (`opened`, `added` or `chase_up`), and the first line
    of what was said."""

    contact: ListedContact
    relation: str
    first_line: str


@dataclass(frozen=True)
class CaseOfContact:
    """The case that a contact belongs to."""

    id: int
    kind: str
    reference: str
    state: str
    relation: str
    restricted: bool


def kinds_of_cases(work: Work) -> dict[str, Titles]:
    """The kinds of cases that somebody brings, each with its title; those of which no case begins
    any more with them."""
    kinds = work.workflows.of_family(FAMILY)
    return {kind: work.workflows.definitions[kind].title for kind in kinds}


def kinds_to_open(work: Work) -> dict[str, Titles]:
    """Those of which a case may begin."""
    titles = kinds_of_cases(work)
    return {kind: title for kind, title in titles.items() if kind not in work.workflows.retired}


def open_states_of(work: Work) -> States:
    """The states in which a case is still worked on, with their kinds."""
    return tuple(
        (kind, state.id)
        for kind in work.workflows.of_family(FAMILY)
        for state in work.workflows.definitions[kind].states
        if not state.final
    )


def is_open(open_states: States, *, walks: bool = True) -> Condition:
    """Cases that are still worked on; `walks` as of `plain`."""
    states = sorted({state for _kind, state in open_states})
    return sa.and_(
        plain(CASE.c.state, walks=walks).in_(states),
        sa.tuple_(CASE.c.kind, CASE.c.state).in_(open_states),
    )


def plain(column: sa.Column[str], *, walks: bool) -> sa.ColumnElement[str]:
    """A column that SQLite does not look up in its own index: where a list is walked in its order,
    that would mean to read and sort thousands of rows for a page."""
    return column.concat("") if walks else column


def contacts_of(work: UnitOfWork, case_id: int) -> list[JoinedContact]:
    """The contacts of a case, the earliest first."""
    statement = (
        sa.select(CONTACT, LINK.c.relation)
        .join(LINK, LINK.c.contact_id == CONTACT.c.id)
        .where(LINK.c.case_id == case_id)
        .order_by(CONTACT.c.happened_at, CONTACT.c.id)
    )
    rows = work.connection.execute(statement).mappings()
    return [
        JoinedContact(listed_contact(row), row["relation"], first_line(_said(work, row)))
        for row in rows
    ]


def _said(work: UnitOfWork, row: Mapping[Any, Any]) -> str:
    return work.cipher.open(row["sealed_matter"], contact_context("matter", row["token"]))


def case_of_contact(work: UnitOfWork, contact_id: int) -> CaseOfContact | None:
    """The case that a contact belongs to, where there is one. Who may see the contact may see its
    case: both are restricted, or neither is."""
    statement = (
        sa.select(
            CASE.c.id, CASE.c.kind, CASE.c.reference, CASE.c.state, LINK.c.relation,
            CASE.c.restricted,
        )
        .join(LINK, LINK.c.case_id == CASE.c.id)
        .where(LINK.c.contact_id == contact_id)
    )  # fmt: skip
    row = work.connection.execute(statement).one_or_none()
    return CaseOfContact(*row) if row else None


@asked_once
def case_row(work: UnitOfWork, case_id: int) -> Mapping[str, Any]:
    """The columns of a case."""
    return dict(
        work.connection.execute(sa.select(CASE).where(CASE.c.id == case_id)).mappings().one()
    )


def seal_context(column: str, token: str) -> str:
    """The place that a sealed text of a case is bound to."""
    return f"petition_case.{column}:{token}"


def matter_of(work: UnitOfWork, row: Mapping[str, Any]) -> str:
    """What a case is about, in the words of its first contact."""
    return work.cipher.open(row["sealed_matter"], seal_context("matter", row["token"]))


def phone_masked_of(work: UnitOfWork, row: Mapping[str, Any]) -> str:
    """The petitioner's phone, masked; empty where there is none."""
    return masked_phone(work.cipher, row["sealed_phone"], seal_context("phone", row["token"]))


def last_words(work: Work, kind: str, case_id: int, action: str) -> Mapping[str, str]:
    """What was typed the last time that a step was taken."""
    entry = last_entry(work, kind, case_id, action)
    return entry.fields if entry else {}


def words_of_step(work: Work, kind: str, case_id: int, number: int) -> Mapping[str, str]:
    """What was typed at one step, by the number of its journal entry."""
    entry = numbered_entry(work, kind, case_id, number)
    return entry.fields if entry else {}


def limitation_told(entries: Sequence[Entry]) -> dt.date | None:
    """When the limitation of arbitration ends, as it was told at the last acceptance."""
    accepted = next((each for each in reversed(entries) if each.action == "accept"), None)
    told = accepted.fields.get("limitation_ends_on") if accepted else None
    return dt.date.fromisoformat(told) if told else None


def merged_into(work: UnitOfWork, case_id: int) -> list[str]:
    """The numbers of the cases that were merged into this one; who may see it may see them."""
    statement = (
        sa.select(CASE.c.reference).where(CASE.c.merged_into_id == case_id).order_by(CASE.c.id)
    )
    return list(work.connection.execute(statement).scalars())
