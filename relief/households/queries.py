"""Reads of hardship files as they are known now: the list, and one file with its facts.

Identity numbers, accounts and phones leave here masked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields
from typing import Any, TypeVar

import sqlalchemy as sa

from relief.households.rules import ENROLLED_STATES
from relief.households.tables import (
    Account,
    Enrolment,
    GradeFact,
    Hold,
    Household,
    Membership,
    account_context,
)
from relief.kernel.columns import table_of
from relief.kernel.errors import NotFound, refuse
from relief.kernel.looking import asked_once
from relief.kernel.months import Month
from relief.kernel.text import _
from relief.kernel.unit_of_work import UnitOfWork
from relief.people.phones import masked_phone
from relief.people.queries import IDENTITY, PERSON
from relief.people.queries import seal_context as identity_context
from relief.people.rules import mask_account, mask_identity

HOUSEHOLD, ENROLMENT, MEMBERSHIP = table_of(Household), table_of(Enrolment), table_of(Membership)
GRADE, HOLD, ACCOUNT = table_of(GradeFact), table_of(Hold), table_of(Account)

Typed = TypeVar("Typed")


@dataclass(frozen=True)
class HouseholdFile:
    """One hardship file, without its facts."""

    id: int
    household_no: str
    state: str
    applicant_name: str
    township: str
    employer: str
    main_cause: str
    phone_masked: str
    proposed_grade: str
    recorded_at: dt.datetime
    recorded_by: str


@dataclass(frozen=True)
class EnrolmentSpell:
    """Months for which the household is approved."""

    from_month: Month
    until_month: Month | None
    approved_on: dt.date
    exited_on: dt.date | None


@dataclass(frozen=True)
class Member:
    """A person in the household for some months; `from_month` 0: has always been."""

    person_id: int
    name: str
    identity_masked: str
    relation: str
    counted: bool
    from_month: Month
    until_month: Month | None
    joined_on: dt.date | None
    left_on: dt.date | None
    left_by_death: bool


@dataclass(frozen=True)
class GradeSpell:
    """A grade from a month on."""

    grade: str
    from_month: Month
    decided_on: dt.date


@dataclass(frozen=True)
class StandingHold:
    """Payment is suspended."""

    event_on: dt.date
    recorded_at: dt.datetime
    recorded_by: str


@dataclass(frozen=True)
class StandingAccount:
    """Where the money goes: `bank` or `cash`."""

    kind: str
    payee_name: str
    number_masked: str
    bank_name: str
    event_on: dt.date
    recorded_at: dt.datetime


@dataclass(frozen=True)
class ListedHousehold:
    """A file as the list shows it; grade and counted members of one month."""

    household_no: str
    applicant_name: str
    state: str
    grade: str
    counted: int
    township: str


def find_household(work: UnitOfWork, household_no: str) -> HouseholdFile:
    """A hardship file by its number."""
    statement = (
        sa.select(HOUSEHOLD, PERSON.c.name.label("applicant_name"))
        .join(PERSON, PERSON.c.id == HOUSEHOLD.c.applicant_id)
        .where(HOUSEHOLD.c.id == household_id_of(work, household_no))
    )
    row = work.connection.execute(statement).mappings().one()
    context = seal_context("phone", row["token"])
    phone = masked_phone(work.cipher, row["sealed_phone"], context)
    return _from_row(HouseholdFile, row, phone_masked=phone)


def seal_context(column: str, token: str) -> str:
    """The place that a sealed text of a hardship file is bound to."""
    return f"household.{column}:{token}"


def household_id_of(work: UnitOfWork, household_no: str) -> int:
    """The hardship file that has this number; refused (`NotFound`) where none has it."""
    statement = sa.select(HOUSEHOLD.c.id).where(HOUSEHOLD.c.household_no == household_no.strip())
    household_id = work.connection.execute(statement).scalar_one_or_none()
    if household_id is None:
        raise refuse(
            NotFound,
            "household.unknown",
            _('There is no hardship file "{no}".', no=household_no[:40]),
            "household_no",
        )
    return int(household_id)


def belongs_to(work: UnitOfWork, household_id: int, person_id: int, month: Month) -> bool:
    """Whether a hardship file is a person's: it was applied for by them, or they are a member in
    this month or will be."""
    belonging = sa.select(MEMBERSHIP.c.id).where(
        MEMBERSHIP.c.household_id == household_id,
        MEMBERSHIP.c.person_id == person_id,
        MEMBERSHIP.c.superseded_at.is_(None),
        sa.func.coalesce(MEMBERSHIP.c.until_month, month + 1) > month,
    )
    applying = sa.select(HOUSEHOLD.c.id).where(
        HOUSEHOLD.c.id == household_id, HOUSEHOLD.c.applicant_id == person_id
    )
    return bool(work.connection.scalar(sa.select(sa.or_(applying.exists(), belonging.exists()))))


def enrolments_of(work: UnitOfWork, household_id: int) -> list[EnrolmentSpell]:
    """The months for which the household is approved, in their order."""
    rows = _known(work, ENROLMENT, household_id, ENROLMENT.c.from_month, ENROLMENT.c.id)
    return [_from_row(EnrolmentSpell, row) for row in rows]


def members_of(work: UnitOfWork, household_id: int) -> list[Member]:
    """Who belongs to the household, or did, in the order of record."""
    statement = (
        sa.select(
            MEMBERSHIP,
            PERSON.c.name,
            IDENTITY.c.sealed_number,
            IDENTITY.c.token.label("identity_token"),
        )
        .join(PERSON, PERSON.c.id == MEMBERSHIP.c.person_id)
        .outerjoin(
            IDENTITY,
            sa.and_(IDENTITY.c.person_id == PERSON.c.id, IDENTITY.c.superseded_at.is_(None)),
        )
        .where(MEMBERSHIP.c.household_id == household_id, MEMBERSHIP.c.superseded_at.is_(None))
        .order_by(MEMBERSHIP.c.person_id, MEMBERSHIP.c.from_month, MEMBERSHIP.c.id)
    )
    return [
        _from_row(Member, row, identity_masked=_masked_identity(work, row))
        for row in work.connection.execute(statement).mappings()
    ]


def grades_of(work: UnitOfWork, household_id: int) -> list[GradeSpell]:
    """The grades that stand: of two with one first month the later recorded."""
    rows = _known(work, GRADE, household_id, GRADE.c.from_month, GRADE.c.id)
    standing = {row["from_month"]: _from_row(GradeSpell, row) for row in rows}
    return list(standing.values())


def standing_hold(work: UnitOfWork, household_id: int) -> StandingHold | None:
    """The hold, where payment is suspended."""
    rows = [row for row in _known(work, HOLD, household_id, HOLD.c.id) if row["held"]]
    return _from_row(StandingHold, rows[-1]) if rows else None


def standing_account(work: UnitOfWork, household_id: int) -> StandingAccount | None:
    """The account, where there is one."""
    rows = list(_known(work, ACCOUNT, household_id, ACCOUNT.c.id))
    if not rows or rows[-1]["kind"] == "none":
        return None
    row = rows[-1]
    number = (
        work.cipher.open(row["sealed_number"], account_context(household_id, row["token"]))
        if row["sealed_number"]
        else ""
    )
    return _from_row(StandingAccount, row, number_masked=mask_account(number) if number else "")


@asked_once
def places_taken(work: UnitOfWork) -> int:
    """How many places are taken: households that are active or suspended."""
    statement = (
        sa.select(sa.func.count())
        .select_from(HOUSEHOLD)
        .where(HOUSEHOLD.c.state.in_(ENROLLED_STATES))
    )
    return int(work.connection.execute(statement).scalar_one())


def list_households(work: UnitOfWork, month: Month) -> Iterator[ListedHousehold]:
    """Every file by its number, with the grade and the counted members of a month."""
    grades = _grades_in(work, month)
    counted = counted_in(work, month)
    statement = (
        sa.select(
            HOUSEHOLD.c.id,
            HOUSEHOLD.c.household_no,
            HOUSEHOLD.c.state,
            HOUSEHOLD.c.township,
            PERSON.c.name.label("applicant_name"),
        )
        .join(PERSON, PERSON.c.id == HOUSEHOLD.c.applicant_id)
        .order_by(HOUSEHOLD.c.household_no)
    )
    for row in work.connection.execute(statement).mappings():
        key = row["id"]
        yield _from_row(
            ListedHousehold, row, grade=grades.get(key, ""), counted=counted.get(key, 0)
        )


def _grades_in(work: UnitOfWork, month: Month) -> dict[int, str]:
    """The grade of each household in a month: the last that began by then."""
    statement = (
        sa.select(GRADE.c.household_id, GRADE.c.grade)
        .where(GRADE.c.superseded_at.is_(None), GRADE.c.from_month <= month)
        .order_by(GRADE.c.from_month, GRADE.c.id)
    )
    return {row.household_id: row.grade for row in work.rows(statement)}


def counted_in(
    work: UnitOfWork, month: Month, household_ids: Collection[int] | None = None
) -> dict[int, int]:
    """How many members of each household count in a month (of these households, or of all);
    households where nobody counts are left out."""
    spell = MEMBERSHIP.c
    statement = (
        sa.select(spell.household_id, sa.func.count())
        .where(
            spell.superseded_at.is_(None),
            spell.counted.is_(True),
            spell.from_month <= month,
            sa.or_(spell.until_month.is_(None), spell.until_month > month),
        )
        .group_by(spell.household_id)
    )
    if household_ids is not None:
        statement = statement.where(spell.household_id.in_(household_ids))
    return {row[0]: row[1] for row in work.rows(statement)}


def _known(
    work: UnitOfWork, table: sa.Table, household_id: int, *order: sa.ColumnElement[Any]
) -> Iterator[sa.RowMapping]:
    statement = (
        sa.select(table)
        .where(table.c.household_id == household_id, table.c.superseded_at.is_(None))
        .order_by(*order)
    )
    yield from work.connection.execute(statement).mappings()


def _masked_identity(work: UnitOfWork, row: sa.RowMapping) -> str:
    if row["sealed_number"] is None:
        return ""
    return mask_identity(
        work.cipher.open(row["sealed_number"], identity_context(row["identity_token"]))
    )


def _from_row(kind: type[Typed], row: sa.RowMapping, **more: object) -> Typed:
    """A small typed row of what was read."""
    names = {field.name for field in fields(kind)} - more.keys()  # type: ignore[arg-type]
    return kind(**{name: row[name] for name in names}, **more)
