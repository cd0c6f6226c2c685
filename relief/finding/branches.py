"""The statements by which somebody is looked for, of which each has a branch for every way.

A branch goes by an index of its own and has a limit of its own; who is asked for asks first what
they may see. Rows say whom they mean (`Who`), by which branch, which row was named by its number,
and the part of the name by which it was found, with that name.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from relief.desk.queries import CONTACT, Condition
from relief.households.queries import HOUSEHOLD, MEMBERSHIP
from relief.payouts.queries import LINE
from relief.people.phones import has_phone
from relief.people.queries import IDENTITY, NAME_PART, PERSON
from relief.petitions.queries import CASE, LINK
from relief.petitions.seeing import readable_contacts, seen_cases

_USERS_KEPT = 512
Columns = Iterable[sa.ColumnElement[Any]]


@lru_cache(_USERS_KEPT)
def of_persons(asked: frozenset[str], username: str) -> sa.Select[Any] | None:
    """Persons by name, by identity number, and as applicants of a hardship file."""
    known = IDENTITY.c.superseded_at.is_(None)
    of_number = PERSON.join(IDENTITY, sa.and_(IDENTITY.c.person_id == PERSON.c.id, known))
    applicants = HOUSEHOLD.join(PERSON, PERSON.c.id == HOUSEHOLD.c.applicant_id)
    of_line = LINE.join(applicants, HOUSEHOLD.c.id == LINE.c.household_id)
    numbers: sa.BindParameter[str] = sa.bindparam("b_household_nos", expanding=True)
    sources: dict[str, tuple[sa.FromClause, Condition]] = {
        "names": (NAME_PART.join(PERSON, PERSON.c.name == NAME_PART.c.name), _NAMED),
        "number_hash": (of_number, IDENTITY.c.number_hash == sa.bindparam("b_number_hash")),
        "last4_hash": (of_number, IDENTITY.c.last4_hash == sa.bindparam("b_last4_hash")),
        "household_nos": (applicants, HOUSEHOLD.c.household_no.in_(numbers)),
        "line": (of_line, LINE.c.reference == sa.bindparam("b_line")),
        **{by: (applicants, condition) for by, condition in _phones(HOUSEHOLD).items()},
    }
    columns = (PERSON.c.id, _EMPTY, _EMPTY, _EMPTY)
    may_see = _somebody_may_see(username)
    return _together(
        _branch(by, columns).select_from(source).where(condition, may_see)
        for by, (source, condition) in sources.items()
        if by in asked
    )


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
def of_contacts(asked: frozenset[str], username: str) -> sa.Select[Any] | None:
    """Whoever a contact names; one that belongs to a case is its petitioner's."""
    of_number = CONTACT.c.reference == sa.bindparam("b_contact")
    conditions = {"names": _NAMED, "contact": of_number, **_phones(CONTACT)}
    by_name = sa.and_(CONTACT.c.name == NAME_PART.c.name, _own(CONTACT, CONTACT.c.person_id))
    sources = {"names": NAME_PART.join(CONTACT, by_name)}
    return _together(
        _branch(by, whose_contact(), case_id=CASE.c.id, contact_id=CONTACT.c.id)
        .select_from(
            sources.get(by, CONTACT)
            .outerjoin(LINK, LINK.c.contact_id == CONTACT.c.id)
            .outerjoin(CASE, CASE.c.id == LINK.c.case_id)
        )
        .where(condition, readable_contacts(username))
        for by, condition in conditions.items()
        if by in asked
    )


def whose_contact() -> tuple[sa.Label[Any], ...]:
    """Whom a contact is about (`hits.who`), joined with the case that it belongs to."""
    alone = CASE.c.id.is_(None)
    person_id = sa.func.coalesce(CONTACT.c.person_id, CASE.c.petitioner_id)
    name = sa.case((alone, CONTACT.c.name), else_=CASE.c.petitioner_name)
    phone_hash = sa.case((alone, CONTACT.c.phone_hash), else_=CASE.c.phone_hash)
    reference = sa.case((alone, CONTACT.c.reference), else_=CASE.c.reference)
    is_known = person_id.is_not(None)
    has_words = sa.or_(is_known, name != "", phone_hash != "")
    return (
        person_id.label("person_id"),
        sa.case((is_known, ""), else_=name).label("name"),
        sa.case((is_known, ""), else_=phone_hash).label("phone_hash"),
        sa.case((has_words, ""), else_=reference).label("reference"),
    )


@lru_cache(_USERS_KEPT)
def of_cases(asked: frozenset[str], username: str) -> sa.Select[Any] | None:
    """Whoever a case names."""
    of_number = CASE.c.reference == sa.bindparam("b_case")
    conditions = {"names": _NAMED, "case": of_number, **_phones(CASE)}
    named_so = CASE.c.petitioner_name == NAME_PART.c.name
    by_name = sa.and_(named_so, _own(CASE, CASE.c.petitioner_id))
    sources = {"names": NAME_PART.join(CASE, by_name)}
    columns = (CASE.c.petitioner_id, CASE.c.petitioner_name, CASE.c.phone_hash)
    return _together(
        _branch(by, (*columns, _EMPTY if by == "names" else CASE.c.reference), case_id=CASE.c.id)
        .select_from(sources.get(by, CASE))
        .where(condition, seen_cases(username))
        for by, condition in conditions.items()
        if by in asked
    )


_EMPTY: sa.ColumnElement[str] = sa.literal_column("''", sa.String)
_NONE = sa.cast(sa.null(), sa.BigInteger)
# The parts that were looked at: in their order, and that of their index.
_NAMED = sa.and_(
    NAME_PART.c.part >= sa.bindparam("b_names"), NAME_PART.c.part <= sa.bindparam("b_names_until")
)


def _own(table: sa.Table, person_id: sa.Column[int]) -> Condition:
    """Rows that are found by the name that stands in them: those of identified persons are found
    by the persons' names, but whom restricted matters alone know has none."""
    return sa.or_(person_id.is_(None), table.c.restricted)


def _phones(table: sa.Table) -> dict[str, Condition]:
    """Rows by a phone, and by its last four digits."""
    return {
        by: sa.and_(table.c[by] == sa.bindparam(f"b_{by}"), has_phone(table.c[by]))
        for by in ("phone_hash", "phone_last4_hash")
    }


def _branch(
    by: str,
    whom: Columns,
    case_id: sa.ColumnElement[Any] = _NONE,
    contact_id: sa.ColumnElement[Any] = _NONE,
) -> sa.Select[Any]:
    """Rows by one way. Of those by name each person once, in the order of the parts."""
    is_name = by == "names"
    values = {
        **dict(zip(("person_id", "name", "phone_hash", "reference"), whom, strict=True)),
        "case_id": _NONE if is_name else case_id,
        "contact_id": _NONE if is_name else contact_id,
        "part": NAME_PART.c.part if is_name else _EMPTY,
        "bears": NAME_PART.c.name if is_name else _EMPTY,
        "branch": sa.literal(by),
    }
    found = sa.select(*(value.label(name) for name, value in values.items()))
    if is_name:
        found = found.distinct().order_by(NAME_PART.c.part, NAME_PART.c.name)
    return found.limit(sa.bindparam("b_rows"))


def _together(branches: Iterable[sa.Select[Any]]) -> sa.Select[Any] | None:
    """All of them as one statement."""
    limited = [sa.select(branch.subquery()) for branch in branches]
    return sa.select(sa.union_all(*limited).subquery()) if limited else None
