"""Reads for the report: who started work after an introduction."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from relief.engine.definitions.definition import Titles
from relief.engine.publishing import pinned_machine
from relief.engine.work import Work
from relief.kernel.columns import table_of
from relief.kernel.unit_of_work import UnitOfWork
from relief.petitions.tables import JobStart, PetitionCase
from relief.reports.periods import HalfYear

CASE, JOB_START = table_of(PetitionCase), table_of(JobStart)


@dataclass(frozen=True)
class Start:
    """Somebody started work, with evidence, where the centre had introduced them."""

    case_reference: str
    restricted: bool
    person_id: int
    started_on: dt.date
    evidence: str
    was_unemployed: bool
    evidence_title: Titles | str


_OF_START = [name for name in Start.__dataclass_fields__ if name != "evidence_title"]


def starts_of_work(work: Work, period: HalfYear) -> list[Start]:
    """Who started work in a period after an introduction, by day; a case once.

    A start counts as it stood at the end of the period's last day: one that was taken back
    afterwards stays, and what was entered in its place does not count beside it.
    """
    statement = (
        sa.select(
            JOB_START,
            CASE.c.reference.label("case_reference"),
            CASE.c.restricted,
            CASE.c.definition_sha256,
        )
        .join(CASE, CASE.c.id == JOB_START.c.case_id)
        .where(JOB_START.c.started_on.between(period.first_on, period.last_on))
        .order_by(JOB_START.c.id)
    )
    # A case has one start at a time: where one stood on the last day, it comes first.
    by_case: dict[int, Start] = {}
    for row in work.connection.execute(statement).mappings():
        if row["voided_at"] is None or _stood(work, row, period.last_on):
            by_case.setdefault(row["case_id"], _start(work, row))
    return sorted(by_case.values(), key=lambda each: each.started_on)


def _start(work: Work, row: sa.RowMapping) -> Start:
    """A start, its evidence in the words that its case's workflow has for it."""
    asked = pinned_machine(work, row["definition_sha256"]).definition.field_by_id.get("evidence")
    titles = {option.id: option.title for option in asked.options} if asked else {}
    title = titles.get(row["evidence"], row["evidence"])
    return Start(**{name: row[name] for name in _OF_START}, evidence_title=title)


def _stood(work: UnitOfWork, row: sa.RowMapping, last_on: dt.date) -> bool:
    """Whether a start that was taken back was recorded, and not taken back, by the end of a day."""
    day_of = work.clock.day_of
    return day_of(row["recorded_at"]) <= last_on < day_of(row["voided_at"])
