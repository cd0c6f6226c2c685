"""Who is meant by what was typed into the search box: by three statements, whatever is found.

A person whom only a restricted contact or case names is found by whoever may see that, and by
nobody else: each branch asks it before its limit counts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from relief.desk import rules as desk_rules
from relief.desk.queries import CONTACT, Condition
from relief.engine.work import Work
from relief.finding.hits import Who, who
from relief.households.queries import HOUSEHOLD, MEMBERSHIP
from relief.kernel.numbering import DIGITS_MIN
from relief.payouts.queries import LINE
from relief.people.phones import phone_hash, phone_last4_hash
from relief.people.queries import IDENTITY, PERSON, last4_hash, names_like, number_hash
from relief.people.rules import normalise_identity, normalise_phone
from relief.petitions.queries import CASE, LINK, readable_contacts, seen_cases
from relief.petitions.rules import KINDS

_NUMBER = re.compile(r"([A-Za-z])(\d{4})-(\d{1,9})", re.ASCII)
_LINE = re.compile(r"\d{4}q\d-[rs]\d{1,4}-\d{1,9}", re.ASCII | re.IGNORECASE)
_LAST4 = re.compile(r"\d{3}[\dXx]", re.ASCII)
_USERS_KEPT = 512
# What a branch of a statement takes for each hit that is wanted: several names mean one person.
_SEEDS_PER_HIT = 2
Values = Mapping[str, Any]


@dataclass
class Seeds:
    """Who is meant, in the order in which they are shown, and the rows that were named."""

    whos: list[Who] = field(default_factory=list)
    case_ids: set[int] = field(default_factory=set)
    contact_ids: set[int] = field(default_factory=set)
    line: str = ""


def seeds_of(work: Work, username: str, typed: str, limit: int) -> Seeds:
    """Who is meant by what was typed, as this user may see them; one more than the limit, so that
    it shows whether there are others."""
    names = names_like(work, typed, limit * _SEEDS_PER_HIT)
    asked = _asked(work, typed) | ({"names": names} if names else {})
    values = {f"b_{name}": value for name, value in asked.items()}
    values["b_most"] = limit * _SEEDS_PER_HIT
    ranks = {name: rank for rank, name in enumerate(names)}
    seeds = Seeds(line=str(asked.get("line", "")))
    ranked: dict[Who, tuple[int, int]] = {}
    for source in (_persons, _contacts, _cases):
        statement = source(frozenset(asked), username)
        if statement is None:
            continue
        for row in work.connection.execute(statement, values):
            found = who(row.person_id, row.name, row.phone_hash, row.reference)
            rank = ranks.get(row.name, 0) + 1 if row.by_name else 0
            ranked.setdefault(found, (rank, int(row.person_id is None)))
            if row.case_id and not row.by_name:
                seeds.case_ids.add(row.case_id)
            if row.contact_id and not row.by_name:
                seeds.contact_ids.add(row.contact_id)
    seeds.whos = sorted(ranked, key=lambda found: ranked[found])[: limit + 1]
    return seeds


def _asked(work: Work, typed: str) -> dict[str, Any]:
    """What was typed may be a number of several kinds at once: each is looked for."""
    asked: dict[str, Any] = {"household_nos": sorted({typed, typed.upper()})}
    number, phone = normalise_identity(typed, work.today), normalise_phone(typed)
    if isinstance(number, str):
        asked["number_hash"] = number_hash(work, number)
    if isinstance(phone, str):
        asked["phone_hash"] = phone_hash(work.cipher, phone)
    if _LAST4.fullmatch(typed):
        asked["last4_hash"] = last4_hash(work, typed.upper())
        asked["phone_last4_hash"] = phone_last4_hash(work.cipher, typed)
    if _LINE.fullmatch(typed):
        asked["line"] = typed[:5].upper() + typed[5:].lower()
    if found := _NUMBER.fullmatch(typed):
        letter = found[1].upper()
        reference = f"{letter}{found[2]}-{int(found[3]):0{DIGITS_MIN}d}"
        if letter == desk_rules.LETTER:
            asked["contact"] = reference
        if letter in KINDS.values():
            asked["case"] = reference
    return asked


@lru_cache(_USERS_KEPT)
def _persons(asked: frozenset[str], username: str) -> sa.Select[Any] | None:
    """Persons by name, by identity number, and as applicants of a hardship file."""
    known = IDENTITY.c.superseded_at.is_(None)
    of_number = PERSON.join(IDENTITY, sa.and_(IDENTITY.c.person_id == PERSON.c.id, known))
    applicants = HOUSEHOLD.join(PERSON, PERSON.c.id == HOUSEHOLD.c.applicant_id)
    of_line = LINE.join(applicants, HOUSEHOLD.c.id == LINE.c.household_id)
    sources: dict[str, tuple[sa.FromClause, Condition]] = {
        "names": (PERSON, PERSON.c.name.in_(_several("names"))),
        "number_hash": (of_number, IDENTITY.c.number_hash == sa.bindparam("b_number_hash")),
        "last4_hash": (of_number, IDENTITY.c.last4_hash == sa.bindparam("b_last4_hash")),
        "household_nos": (applicants, HOUSEHOLD.c.household_no.in_(_several("household_nos"))),
        "phone_hash": (applicants, HOUSEHOLD.c.phone_hash == sa.bindparam("b_phone_hash")),
        "phone_last4_hash": (
            applicants,
            HOUSEHOLD.c.phone_last4_hash == sa.bindparam("b_phone_last4_hash"),
        ),
        "line": (of_line, LINE.c.reference == sa.bindparam("b_line")),
    }
    branches = [
        sa.select(
            PERSON.c.id.label("person_id"), PERSON.c.name, sa.literal("").label("phone_hash"),
            sa.literal("").label("reference"), _none("case_id"), _none("contact_id"),
            sa.literal(name == "names").label("by_name"),
        )
        .select_from(source)
        .where(condition, _somebody_may_see(username))
        for name, (source, condition) in sources.items()
        if name in asked
    ]  # fmt: skip
    return _together(branches)


def _somebody_may_see(username: str) -> Condition:
    """Persons of whom there is something that this user may see."""
    return sa.or_(
        sa.exists().where(MEMBERSHIP.c.person_id == PERSON.c.id).correlate(PERSON),
        sa.exists(sa.select(1).select_from(_APPLIED).where(_APPLIED.c.applicant_id == PERSON.c.id)),
        sa.exists().where(CONTACT.c.person_id == PERSON.c.id, readable_contacts(username)),
        sa.exists().where(CASE.c.petitioner_id == PERSON.c.id, seen_cases(username)),
    )


_APPLIED = HOUSEHOLD.alias("applied")


@lru_cache(_USERS_KEPT)
def _contacts(asked: frozenset[str], username: str) -> sa.Select[Any] | None:
    """Whoever a contact names; one that belongs to a case is its petitioner's."""
    of_case = CONTACT.outerjoin(LINK, LINK.c.contact_id == CONTACT.c.id).outerjoin(
        CASE, CASE.c.id == LINK.c.case_id
    )
    conditions = _conditions(CONTACT, CONTACT.c.name, CONTACT.c.person_id, "contact")
    branches = [
        sa.select(
            *whose_contact(),
            (_none if name == "names" else CASE.c.id.label)("case_id"),
            (_none if name == "names" else CONTACT.c.id.label)("contact_id"),
            sa.literal(name == "names").label("by_name"),
        )
        .select_from(of_case)
        .where(condition, readable_contacts(username))
        .distinct()
        for name, condition in conditions.items()
        if name in asked
    ]
    return _together(branches)


def whose_contact() -> tuple[sa.Label[Any], ...]:
    """Whom a contact is about (`Who`), joined with the case that it belongs to."""
    alone = CASE.c.id.is_(None)
    return (
        sa.func.coalesce(CONTACT.c.person_id, CASE.c.petitioner_id).label("person_id"),
        sa.case((alone, CONTACT.c.name), else_=CASE.c.petitioner_name).label("name"),
        sa.case((alone, CONTACT.c.phone_hash), else_=CASE.c.phone_hash).label("phone_hash"),
        sa.case((alone, CONTACT.c.reference), else_=CASE.c.reference).label("reference"),
    )


@lru_cache(_USERS_KEPT)
def _cases(asked: frozenset[str], username: str) -> sa.Select[Any] | None:
    """Whoever a case names."""
    conditions = _conditions(CASE, CASE.c.petitioner_name, CASE.c.petitioner_id, "case")
    branches = [
        sa.select(
            CASE.c.petitioner_id.label("person_id"),
            CASE.c.petitioner_name.label("name"),
            CASE.c.phone_hash,
            CASE.c.reference,
            CASE.c.id.label("case_id"),
            _none("contact_id"),
            sa.literal(name == "names").label("by_name"),
        ).where(condition, seen_cases(username))
        for name, condition in conditions.items()
        if name in asked
    ]
    return _together(branches)


def _conditions(
    table: sa.Table, name: sa.Column[str], person_id: sa.Column[int], number: str
) -> dict[str, Condition]:
    """How rows are found; the names of identified persons are found among those."""
    return {
        "names": sa.and_(name.in_(_several("names")), is_unknown(person_id)),
        "phone_hash": table.c.phone_hash == sa.bindparam("b_phone_hash"),
        "phone_last4_hash": table.c.phone_last4_hash == sa.bindparam("b_phone_last4_hash"),
        number: table.c.reference == sa.bindparam(f"b_{number}"),
    }


def is_unknown(person_id: sa.Column[int]) -> Condition:
    """Rows that name no person. Said so that SQLite does not look those up first: they are most
    rows, and what else is asked means a few."""
    return sa.func.coalesce(person_id, 0) == 0


def _together(branches: list[sa.Select[Any]]) -> sa.Select[Any] | None:
    """Each branch by its own index, with a limit of its own."""
    if not branches:
        return None
    limited = [branch.limit(sa.bindparam("b_most")).subquery() for branch in branches]
    every = sa.union_all(*(sa.select(each) for each in limited)).subquery()
    return sa.select(every)


def _several(name: str) -> sa.BindParameter[Any]:
    return sa.bindparam(f"b_{name}", expanding=True)


def _none(name: str) -> sa.Label[Any]:
    return sa.cast(sa.null(), sa.BigInteger).label(name)
