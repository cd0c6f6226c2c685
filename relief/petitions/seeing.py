"""Who may see a case on the five steps, said of one case (`may_see`) and by set (`seen_cases`): all
that is shown, counted, searched, mailed or handed out of cases is held to these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from relief.desk.queries import CONTACT, own_contacts
from relief.engine.actors import Actor
from relief.engine.kinds import SubjectKind
from relief.engine.steps.recusal import RECUSAL, know_recused, recused, recused_in
from relief.households.queries import HOUSEHOLD, MEMBERSHIP
from relief.kernel.looking import asked_once, is_known, know
from relief.kernel.unit_of_work import UnitOfWork, in_chunks
from relief.papers.queries import know_attached
from relief.people.queries import PERSON
from relief.petitions.queries import CASE, LINK, READER, Condition, case_row
from relief.petitions.rules import FAMILY

# The conditions of so many users are kept, so that their statements are put together once.
_USERS_KEPT = 256


def may_see(work: UnitOfWork, row: Mapping[str, Any], actor: Actor) -> bool:
    """A restricted case is for whom somebody named, who received it first of all, and not for who
    stands aside in it (信访工作条例 articles 28 and 30). A merged one is for who may see the case
    that it went into. A deputy is named, or not, as a person of its own."""
    seers = only_seers(work, row)
    return seers is None or actor.username in seers


def only_seers(work: UnitOfWork, row: Mapping[str, Any]) -> frozenset[str] | None:
    """The only ones who may see a case; None where everybody who works here may."""
    if row["merged_into_id"]:
        return only_seers(work, case_row(work, row["merged_into_id"]))
    return seers_of(work, row) if row["restricted"] else None


def seers_of(work: UnitOfWork, row: Mapping[str, Any]) -> frozenset[str]:
    """Who may see a restricted case: its readers without those who stand aside in it."""
    if work.looked is not None:
        _know_named(work, row["kind"], row["id"])
    return frozenset(readers_of(work, row["id"])) - recused(work, row["kind"], row["id"])


def seers_of_many(
    work: UnitOfWork, rows: Sequence[Mapping[str, Any]]
) -> dict[int, frozenset[str] | None]:
    """Of each of some cases who may see it, as `may_see` has it; None where everybody may."""
    further = _merged_into(work, [row["merged_into_id"] for row in rows if row["merged_into_id"]])
    by_id = {row["id"]: row for row in (*rows, *further)}
    roots = {row["id"]: _root(by_id, row) for row in rows}
    restricted = {row["id"]: row["kind"] for row in roots.values() if row["restricted"]}
    readers = _readers_of_many(work, list(restricted))
    aside = aside_of_many(work, restricted)
    return {
        case_id: frozenset(readers[root["id"]]) - aside[root["id"]] if root["restricted"] else None
        for case_id, root in roots.items()
    }


def aside_of_many(work: UnitOfWork, kinds: Mapping[int, str]) -> dict[int, frozenset[str]]:
    """Who stands aside in each of some cases, of which the kinds are given."""
    return {
        case_id: names
        for kind in sorted(set(kinds.values()))
        for case_id, names in recused_in(
            work, kind, [each for each, its in kinds.items() if its == kind]
        ).items()
    }


def _root(by_id: Mapping[int, Mapping[str, Any]], row: Mapping[str, Any]) -> Mapping[str, Any]:
    """The case that a case went into, by whatever way; itself where it was not merged."""
    while row["merged_into_id"]:
        row = by_id[row["merged_into_id"]]
    return row


def read_beforehand(work: UnitOfWork, rows: Sequence[Mapping[str, Any]]) -> None:
    """Of many cases of a kind: the cases that they went into, who is named to see what is
    restricted, and which papers are attached."""
    for kind in {row["kind"] for row in rows}:
        know_attached(work, kind, [row["id"] for row in rows])
    roots = _merged_into(work, [row["merged_into_id"] for row in rows if row["merged_into_id"]])
    for row in roots:
        know(work, case_row, row, row["id"])
    restricted = [row["id"] for row in (*rows, *roots) if row["restricted"]]
    for case_id, names in _readers_of_many(work, restricted).items():
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
        found += [dict(row) for row in work.connection.execute(statement).mappings()]
    return found


@asked_once
def readers_of(work: UnitOfWork, case_id: int) -> list[str]:
    """Who is named to see a restricted case, by name."""
    statement = (
        sa.select(READER.c.username)
        .where(READER.c.case_id == case_id, READER.c.ended_at.is_(None))
        .order_by(READER.c.username)
    )
    return list(work.connection.execute(statement).scalars())


def _know_named(work: UnitOfWork, kind: str, case_id: int) -> None:
    """Read the readers of a case and who stands aside in it by one statement, unless they are
    known."""
    if is_known(work, readers_of, case_id) or is_known(work, recused, kind, case_id):
        return
    found = work.connection.execute(_NAMED, {"b_kind": kind, "b_id": case_id}).all()
    know(work, readers_of, [row.username for row in found if not row.aside], case_id)
    aside = frozenset(row.username for row in found if row.aside)
    know(work, recused, aside, kind, case_id)


_NAMED = (
    sa.select(READER.c.username, sa.literal(0).label("aside"))
    .where(READER.c.case_id == sa.bindparam("b_id"), READER.c.ended_at.is_(None))
    .union_all(
        sa.select(RECUSAL.c.username, sa.literal(1)).where(
            RECUSAL.c.subject_kind == sa.bindparam("b_kind"),
            RECUSAL.c.subject_id == sa.bindparam("b_id"),
            RECUSAL.c.ended_at.is_(None),
        )
    )
    .order_by("username")
)


def _readers_of_many(work: UnitOfWork, case_ids: Sequence[int]) -> dict[int, list[str]]:
    """The same of each of some cases."""
    readers: dict[int, list[str]] = {case_id: [] for case_id in case_ids}
    for chunk in in_chunks(case_ids):
        statement = sa.select(READER.c.case_id, READER.c.username).where(
            READER.c.case_id.in_(chunk), READER.c.ended_at.is_(None)
        )
        for found in work.rows(statement.order_by(READER.c.username)):
            readers[found.case_id].append(found.username)
    return readers


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


def seen_of(kind: SubjectKind, username: str) -> Condition:
    """The same of cases of any kind: all but those on the five steps are for everybody."""
    return seen_cases(username) if kind.family == FAMILY else sa.true()


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


def known_elsewhere(work: UnitOfWork, person_id: int, case_id: int) -> bool:
    """Whether a person stands in anything that is open to all but one case and its contacts. What
    only restricted matters know moves no answer, whoever asks."""
    of_the_case = sa.select(LINK.c.contact_id).where(LINK.c.case_id == case_id)
    known = sa.or_(
        sa.exists().where(MEMBERSHIP.c.person_id == person_id),
        sa.exists().where(HOUSEHOLD.c.applicant_id == person_id),
        sa.exists().where(
            CASE.c.petitioner_id == person_id, CASE.c.id != case_id, CASE.c.restricted.is_(False)
        ),
        sa.exists().where(
            CONTACT.c.person_id == person_id,
            CONTACT.c.id.not_in(of_the_case),
            CONTACT.c.restricted.is_(False),
        ),
    )
    return bool(work.connection.scalar(sa.select(known)))


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
