"""Public notice: what is announced of a household, and nothing else.

Never on it: identity number, account, phone, street address, diagnosis, income, names of children.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from relief.engine.cases import load_case
from relief.engine.clocks.course import course_of
from relief.engine.clocks.reckoning import reckon
from relief.engine.clocks.terms import Reckoned
from relief.engine.journal.passages import as_recorded, passages_of
from relief.engine.step import Step
from relief.engine.work import Work
from relief.households.life.surveys import SURVEYED, last_visit
from relief.households.life.tables import PublicNotice
from relief.households.queries import counted_in
from relief.households.rules import start_month
from relief.households.scheme import scheme_terms
from relief.households.tables import Household
from relief.kernel.columns import table_of
from relief.kernel.months import Month
from relief.kernel.unit_of_work import UnitOfWork
from relief.people.queries import PERSON

NOTICE, HOUSEHOLD = table_of(PublicNotice), table_of(Household)


@dataclass(frozen=True)
class Notice:
    """What is announced; `from_month` is the first that would be paid."""

    household_id: int
    household_no: str
    state: str
    applicant_name: str
    employer: str
    township: str
    grade: str
    counted_members: int
    from_month: Month
    objection_phone: str
    published_on: dt.date
    recorded_at: dt.datetime


def announced_grade(work: UnitOfWork, step: Step) -> str:
    """The grade to announce: the one that is named, else the one that the survey proposed."""
    visit = last_visit(work, step.subject_id, SURVEYED)
    return step.fields.get("grade", "") or (visit.proposed_grade if visit else "")


def record_notice(work: Work, step: Step) -> None:
    """Keep what goes up on the board."""
    first_month = start_month(step.happened_on, scheme_terms(work).start_rule)
    counted = counted_in(work, first_month, [step.subject_id])
    work.insert(
        PublicNotice,
        household_id=step.subject_id,
        grade=announced_grade(work, step),
        counted_members=counted.get(step.subject_id, 0),
        from_month=first_month,
        objection_phone=step.fields["objection_phone"],
        published_on=step.happened_on,
        recorded_at=step.at,
        recorded_by=step.actor.username,
    )


def last_notice(work: UnitOfWork, household_id: int) -> Notice | None:
    """What was announced of a household last."""
    found = _notices(work, sa.select(NOTICE.c.household_id).where(_of([household_id])))
    return found[0] if found else None


def last_notices(work: UnitOfWork, states: Collection[str]) -> list[Notice]:
    """The last notice of each household that stands in one of these states, by number."""
    return _notices(work, sa.select(HOUSEHOLD.c.id).where(HOUSEHOLD.c.state.in_(states)))


def notice_runs(work: Work, household_id: int) -> Reckoned | None:
    """How long the last notice stands, with the arithmetic: the term that an approval waits for,
    which counts from when the notice was recorded. None where there was no notice, or the workflow
    waits for none."""
    definition = load_case(work, "household", household_id).machine.definition
    action = definition.action_from("published", "approve")
    term = action.not_before if action else None
    if term is None:
        return None
    passages = as_recorded(passages_of(work, "household", household_id))
    zone = work.clock.zone
    course = course_of(definition, term, "published", passages, zone)
    return reckon(term, course, work.calendar, zone) if course else None


def _of(household_ids: Collection[int]) -> sa.ColumnElement[bool]:
    return NOTICE.c.household_id.in_(household_ids)


def _notices(work: UnitOfWork, households: sa.Select[tuple[int]]) -> list[Notice]:
    last = (
        sa.select(sa.func.max(NOTICE.c.id))
        .where(NOTICE.c.household_id.in_(households))
        .group_by(NOTICE.c.household_id)
    )
    statement = (
        sa.select(
            NOTICE,
            HOUSEHOLD.c.household_no,
            HOUSEHOLD.c.state,
            HOUSEHOLD.c.employer,
            HOUSEHOLD.c.township,
            PERSON.c.name.label("applicant_name"),
        )
        .join(HOUSEHOLD, HOUSEHOLD.c.id == NOTICE.c.household_id)
        .join(PERSON, PERSON.c.id == HOUSEHOLD.c.applicant_id)
        .where(NOTICE.c.id.in_(last))
        .order_by(HOUSEHOLD.c.household_no)
    )
    return [
        Notice(**{name: row[name] for name in Notice.__dataclass_fields__})
        for row in work.connection.execute(statement).mappings()
    ]
