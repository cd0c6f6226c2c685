"""Reads of the cases on the five steps: who may see them, their contacts, readers and words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from relief.desk.queries import CONTACT, ListedContact, listed_contact, own_contacts
from relief.engine.actors import Actor
from relief.engine.definitions.definition import Titles
from relief.engine.journal.chain import Entry
from relief.engine.journal.history import last_entry, numbered_entry
from relief.engine.steps.recusal import RECUSAL, know_recused, recused
from relief.engine.work import Work
from relief.households.queries import HOUSEHOLD, MEMBERSHIP
from relief.kernel.database import UnitOfWork, in_chunks, table_of
from relief.kernel.looking import asked_once, know
from relief.papers.queries import know_attached
from relief.people.phones import masked_phone
from relief.people.queries import PERSON
from relief.petitions.rules import FAMILY
from relief.petitions.tables import JobStart, PetitionCase, PetitionContact, PetitionReader

CASE, LINK = table_of(PetitionCase), table_of(PetitionContact)
READER, JOB = table_of(PetitionReader), table_of(JobStart)
Condition = sa.ColumnElement[bool]
# States, each with the kind of case that it is of.
States = tuple[tuple[str, str], ...]


# The conditions of so many users are kept, so that their statements are put together once.
_USERS_KEPT = 256


@dataclass(frozen=True)
class JoinedContact:
    """A contact of a case, and what it was to it: `opened`, `added` or `chase_up`."""

    contact: ListedContact
    relation: str


@dataclass(frozen=True)
class CaseOfContact:
    """The case that a contact belongs to."""

    id: int
    kind: str
    reference: str
    state: str
    relation: str
    restricted: bool


def may_see(work: UnitOfWork, row: Mapping[str, Any], actor: Actor) -> bool:
    """A restricted case is for whom somebody named, who received it first of all, and not for who
    stands aside in it (信访工作条例 articles 28 and 30). A merged one is for who may see the case
    that it went into. A deputy is named, or not, as a person of its own."""
    if row["merged_into_id"]:
        return may_see(work, case_row(work, row["merged_into_id"]), actor)
    if not row["restricted"]:
        return True
    return actor.username in seers_of(work, row)


def seers_of(work: UnitOfWork, row: Mapping[str, Any]) -> frozenset[str]:
    """Who may see a restricted case: its readers without those who stand aside in it."""
    return frozenset(readers_of(work, row["id"])) - recused(work, row["kind"], row["id"])


def read_beforehand(work: UnitOfWork, rows: Sequence[Mapping[str, Any]]) -> None:
    """Of many cases of a kind: the cases that they went into, who is named to see what is
    restricted, and which papers are attached."""
    for kind in {row["kind"] for row in rows}:
        know_attached(work, kind, [row["id"] for row in rows])
    roots = _merged_into(work, [row["merged_into_id"] for row in rows if row["merged_into_id"]])
    for row in roots:
        know(work, case_row, row, row["id"])
    restricted = [row["id"] for row in (*rows, *roots) if row["restricted"]]
    readers: dict[int, list[str]] = {case_id: [] for case_id in restricted}
    for chunk in in_chunks(restricted):
        statement = sa.select(READER.c.case_id, READER.c.username).where(
            READER.c.case_id.in_(chunk), READER.c.ended_at.is_(None)
        )
        for found in work.rows(statement.order_by(READER.c.username)):
            readers[found.case_id].append(found.username)
    for case_id, names in readers.items():
        know(work, readers_of, names, case_id)
    for kind in {row["kind"] for row in roots}:
        know_recused(work, kind, [row["id"] for row in roots if row["kind"] == kind])


def _merged_into(work: UnitOfWork, case_ids: Sequence[int]) -> list[Mapping[str, Any]]:
    """These cases, those that they were merged into themselves, and so on."""
    found: list[Mapping[str, Any]] = []
    for chunk in in_chunks(case_ids):
        way = sa.select(CASE.c.id, CASE.c.merged_into_id).where(CASE.c.id.in_(chunk))
        onward = way.cte(recursive=True)
        other = CASE.alias()
        way_on = sa.select(other.c.id, other.c.merged_into_id)
        onward = onward.union(way_on.join(onward, other.c.id == onward.c.merged_into_id))
        statement = sa.select(CASE).where(CASE.c.id.in_(sa.select(onward.c.id)))
        found += [dict(row) for row in work.session.execute(statement).mappings()]
    return found


@asked_once
def readers_of(work: UnitOfWork, case_id: int) -> list[str]:
    """Who is named to see a restricted case, by name."""
    statement = (
        sa.select(READER.c.username)
        .where(READER.c.case_id == case_id, READER.c.ended_at.is_(None))
        .order_by(READER.c.username)
    )
    return list(work.session.execute(statement).scalars())


@lru_cache(_USERS_KEPT)
def readable_contacts(username: str | None) -> Condition:
    """The contacts that this user may see: a restricted one where its case may be seen, or, while
    it has none, where this user took it."""
    if not username:
        return own_contacts(None)
    of_case = sa.exists().where(LINK.c.contact_id == CONTACT.c.id).correlate(CONTACT)
    of_seen_case = (
        sa.exists()
        .where(LINK.c.contact_id == CONTACT.c.id, LINK.c.case_id == CASE.c.id, _seen_by(username))
        .correlate(CONTACT)
    )
    return sa.or_(
        sa.and_(own_contacts(username), sa.not_(of_case)), own_contacts(None), of_seen_case
    )


@lru_cache(_USERS_KEPT)
def seen_cases(username: str) -> Condition:
    """The same as `may_see`, of all cases: a merged one, restricted as the case that it went into,
    is for who may see that. Those are looked for last, and where there is one alone."""
    if not username:
        return CASE.c.restricted.is_(False)
    named = (
        sa.select(CASE.c.id)
        .where(
            CASE.c.id.in_(sa.select(READER.c.case_id).where(READER.c.username == username)),
            CASE.c.merged_into_id.is_(None),
            _seen_by(username),
        )
        .cte(recursive=True)
    )
    merged = CASE.alias()
    seen = named.union(sa.select(merged.c.id).where(merged.c.merged_into_id == named.c.id))
    return sa.or_(
        CASE.c.restricted.is_(False),
        sa.and_(CASE.c.merged_into_id.is_(None), _seen_by(username)),
        sa.and_(CASE.c.merged_into_id.is_not(None), CASE.c.id.in_(sa.select(seen.c.id))),
    )


def known_by_this_alone(case_id: int) -> Condition:
    """Persons of a restricted case, of whom nothing stands that is open to all: no hardship file,
    no contact and no case."""
    of_contacts = (
        sa.select(CONTACT.c.person_id)
        .join(LINK, LINK.c.contact_id == CONTACT.c.id)
        .where(LINK.c.case_id == case_id, CONTACT.c.person_id.is_not(None))
    )
    petitioner = sa.select(CASE.c.petitioner_id).where(
        CASE.c.id == case_id, CASE.c.petitioner_id.is_not(None)
    )
    open_to_all = (
        sa.exists().where(MEMBERSHIP.c.person_id == PERSON.c.id),
        sa.exists().where(HOUSEHOLD.c.applicant_id == PERSON.c.id),
        sa.exists().where(CONTACT.c.person_id == PERSON.c.id, CONTACT.c.restricted.is_(False)),
        sa.exists().where(CASE.c.petitioner_id == PERSON.c.id, CASE.c.restricted.is_(False)),
    )
    of_this = PERSON.c.id.in_(of_contacts.union_all(petitioner))
    return sa.and_(of_this, *(sa.not_(each) for each in open_to_all))


def _seen_by(username: str) -> Condition:
    """The same as `may_see`, of cases that are not merged: no contact belongs to a merged one."""
    reads = sa.exists().where(
        READER.c.case_id == CASE.c.id, READER.c.username == username, READER.c.ended_at.is_(None)
    )
    stands_aside = sa.exists().where(
        RECUSAL.c.subject_kind == CASE.c.kind,
        RECUSAL.c.subject_id == CASE.c.id,
        RECUSAL.c.username == username,
        RECUSAL.c.ended_at.is_(None),
    )
    return sa.or_(CASE.c.restricted.is_(False), sa.and_(reads, sa.not_(stands_aside)))


def kinds_of_cases(work: Work) -> dict[str, Titles]:
    """The kinds of cases that somebody brings, each with its title; those of which no case begins
    any more with them."""
    kinds = work.workflows.of_family(FAMILY)
    return {kind: work.workflows.definitions[kind].title for kind in kinds}


def kinds_to_open(work: Work) -> dict[str, Titles]:
    """Those of which a case may begin."""
    titles = kinds_of_cases(work)
    return {kind: title for kind, title in titles.items() if kind not in work.workflows.retired}


def grants_money(work: Work, kind: str) -> bool:
    """True of the kinds of which the decision grants money."""
    known = work.workflows.kinds.get(kind)
    return bool(known and known.kept and "grant_is_whole" in known.kept.must["handle"].guards)


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
    rows = work.session.execute(statement).mappings()
    return [JoinedContact(listed_contact(row), row["relation"]) for row in rows]


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
    row = work.session.execute(statement).one_or_none()
    return CaseOfContact(*row) if row else None


def cases_of_contacts(work: UnitOfWork, username: str | None) -> dict[int, str]:
    """The case of each contact that has one, by the contact's id; restricted ones as `username`
    may see them."""
    seen = _seen_by(username or "")
    statement = (
        sa.select(LINK.c.contact_id, CASE.c.reference)
        .join(CASE, CASE.c.id == LINK.c.case_id)
        .where(seen)
    )
    return {row.contact_id: row.reference for row in work.rows(statement)}


@asked_once
def case_row(work: UnitOfWork, case_id: int) -> Mapping[str, Any]:
    """The columns of a case."""
    return dict(work.session.execute(sa.select(CASE).where(CASE.c.id == case_id)).mappings().one())


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


def limitation_ends_on(work: Work, kind: str, case_id: int) -> dt.date | None:
    """When the limitation of arbitration ends, as it was told at the acceptance."""
    accepted = last_entry(work, kind, case_id, "accept")
    return limitation_told([accepted] if accepted else [])


def limitation_told(entries: Sequence[Entry]) -> dt.date | None:
    """The same, from what a case has been through."""
    accepted = next((each for each in reversed(entries) if each.action == "accept"), None)
    told = accepted.fields.get("limitation_ends_on") if accepted else None
    return dt.date.fromisoformat(told) if told else None


def merged_into(work: UnitOfWork, case_id: int) -> list[str]:
    """The numbers of the cases that were merged into this one; who may see it may see them."""
    statement = (
        sa.select(CASE.c.reference).where(CASE.c.merged_into_id == case_id).order_by(CASE.c.id)
    )
    return list(work.session.execute(statement).scalars())
