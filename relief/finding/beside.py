"""The hardship file that a case has to do with, and what it was paid last: the one whose number was
named at a step, else the petitioner's own. Two statements; what the search shows, and no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from relief.engine.work import Work
from relief.finding.hits import HitPayout
from relief.households.queries import ENROLMENT, GRADE, HOUSEHOLD, MEMBERSHIP
from relief.households.rules import ENROLLED_STATES
from relief.kernel.months import Month, month_of
from relief.payouts.queries import LINE, RUN, line_state
from relief.people.queries import PERSON

PAYOUTS_SHOWN = 4
_MONTH = sa.bindparam("b_month", type_=sa.Integer)


@dataclass(frozen=True)
class HouseholdBeside:
    """A hardship file; the months of its last approval (None: it never was approved; no last month:
    it still is), how many belong to it now, its grade ("": none yet), and its last payouts, the
    latest first. `is_named`: its number was typed."""

    household_no: str
    state: str
    applicant_name: str
    township: str
    from_month: Month | None
    until_month: Month | None
    members: int
    grade: str
    is_named: bool
    payouts: tuple[HitPayout, ...]


def household_beside(
    work: Work, household_no: str, person_id: int | None
) -> HouseholdBeside | None:
    """The file of this number, where one is named; else that of a person, one that is on the list
    before others."""
    values: dict[str, object] = {"b_month": month_of(work.today)}
    if household_no.strip():
        statement, values = _NAMED, values | {"b_no": household_no.strip()}
    elif person_id is not None:
        statement, values = _OF_PERSON, values | {"b_person": person_id}
    else:
        return None
    row = work.connection.execute(statement, values).mappings().first()
    if row is None:
        return None
    columns = {name: row[name] for name in _COLUMNS}
    return HouseholdBeside(
        **columns, is_named=statement is _NAMED, payouts=_payouts(work, row["id"])
    )


_COLUMNS = (
    "household_no",
    "state",
    "applicant_name",
    "township",
    "from_month",
    "until_month",
    "members",
    "grade",
)
_LAST_APPROVAL = (
    sa.select(ENROLMENT.c.id)
    .where(ENROLMENT.c.household_id == HOUSEHOLD.c.id, ENROLMENT.c.superseded_at.is_(None))
    .order_by(ENROLMENT.c.from_month.desc(), ENROLMENT.c.id.desc())
    .limit(1)
    .correlate(HOUSEHOLD)
    .scalar_subquery()
)
_BELONGS_NOW = sa.and_(
    MEMBERSHIP.c.superseded_at.is_(None),
    MEMBERSHIP.c.from_month <= _MONTH,
    sa.func.coalesce(MEMBERSHIP.c.until_month, _MONTH + 1) > _MONTH,
)
_MEMBERS = (
    sa.select(sa.func.count(MEMBERSHIP.c.person_id.distinct()))
    .where(MEMBERSHIP.c.household_id == HOUSEHOLD.c.id, _BELONGS_NOW)
    .correlate(HOUSEHOLD)
    .scalar_subquery()
)
# The grade that stands this month; of one that is still to come the first.
_GRADE = (
    sa.select(GRADE.c.grade)
    .where(GRADE.c.household_id == HOUSEHOLD.c.id, GRADE.c.superseded_at.is_(None))
    .order_by(
        sa.case((GRADE.c.from_month <= _MONTH, 0), else_=1),
        sa.case((GRADE.c.from_month <= _MONTH, -GRADE.c.from_month), else_=GRADE.c.from_month),
        GRADE.c.id.desc(),
    )
    .limit(1)
    .correlate(HOUSEHOLD)
    .scalar_subquery()
)
_FILE: sa.Select[Any] = (
    sa.select(
        HOUSEHOLD.c.id,
        HOUSEHOLD.c.household_no,
        HOUSEHOLD.c.state,
        HOUSEHOLD.c.township,
        PERSON.c.name.label("applicant_name"),
        ENROLMENT.c.from_month,
        ENROLMENT.c.until_month,
        _MEMBERS.label("members"),
        sa.func.coalesce(_GRADE, "").label("grade"),
    )
    .select_from(HOUSEHOLD)
    .join(PERSON, PERSON.c.id == HOUSEHOLD.c.applicant_id)
    .outerjoin(ENROLMENT, ENROLMENT.c.id == _LAST_APPROVAL)
)
_NAMED = _FILE.where(HOUSEHOLD.c.household_no == sa.bindparam("b_no"))
_IS_THEIRS = HOUSEHOLD.c.applicant_id == sa.bindparam("b_person")
_THEY_BELONG = sa.select(MEMBERSHIP.c.household_id).where(
    MEMBERSHIP.c.person_id == sa.bindparam("b_person"),
    MEMBERSHIP.c.superseded_at.is_(None),
    sa.func.coalesce(MEMBERSHIP.c.until_month, _MONTH + 1) > _MONTH,
)
_OF_PERSON = _FILE.where(sa.or_(_IS_THEIRS, HOUSEHOLD.c.id.in_(_THEY_BELONG))).order_by(
    sa.case((HOUSEHOLD.c.state.in_(ENROLLED_STATES), 0), else_=1),
    sa.case((_IS_THEIRS, 0), else_=1),
    HOUSEHOLD.c.id.desc(),
)
_LINES = (
    sa.select(LINE.c.reference, RUN.c.quarter, LINE.c.amount_fen, line_state().label("state"))
    .join(RUN, RUN.c.id == LINE.c.run_id)
    .where(
        LINE.c.household_id == sa.bindparam("b_household"),
        RUN.c.released_at.is_not(None),
        LINE.c.made_at == RUN.c.as_of,
    )
    .order_by(LINE.c.id.desc())
    .limit(PAYOUTS_SHOWN)
)


def _payouts(work: Work, household_id: int) -> tuple[HitPayout, ...]:
    rows = work.connection.execute(_LINES, {"b_household": household_id}).mappings()
    return tuple(HitPayout(**dict(row)) for row in rows)
