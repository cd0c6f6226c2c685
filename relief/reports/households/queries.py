"""Reads for the report: the enrolments of hardship files."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from relief.households.tables import Enrolment, Household
from relief.kernel.columns import table_of
from relief.kernel.unit_of_work import UnitOfWork
from relief.reports.periods import HalfYear

ENROLMENT, HOUSEHOLD = table_of(Enrolment), table_of(Household)


@dataclass(frozen=True)
class Approval:
    """An enrolment as known now."""

    household_no: str
    approved_on: dt.date
    exited_on: dt.date | None


def approvals(work: UnitOfWork, period: HalfYear) -> list[Approval]:
    """Every enrolment that was approved by the period's last day, in order of approval."""
    statement = (
        sa.select(HOUSEHOLD.c.household_no, ENROLMENT.c.approved_on, ENROLMENT.c.exited_on)
        .join(HOUSEHOLD, HOUSEHOLD.c.id == ENROLMENT.c.household_id)
        .where(ENROLMENT.c.superseded_at.is_(None), ENROLMENT.c.approved_on <= period.last_on)
        .order_by(ENROLMENT.c.approved_on, ENROLMENT.c.id)
    )
    return [Approval(*row) for row in work.rows(statement)]
