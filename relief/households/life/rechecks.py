"""The yearly re-check: due twelve months after the approval or the last re-check, listed sixty days
ahead."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from relief.households.life.surveys import RECHECKED, SURVEY
from relief.households.rules import ENROLLED_STATES, months_on
from relief.households.tables import Enrolment, Household
from relief.kernel.columns import table_of
from relief.kernel.unit_of_work import UnitOfWork
from relief.people.queries import PERSON

HOUSEHOLD, ENROLMENT = table_of(Household), table_of(Enrolment)
NO_LONGER_ENTITLED = "no_longer_entitled"
DUE_AFTER_MONTHS = 12
LISTED_AHEAD = dt.timedelta(days=60)
_ENROLLED = sa.and_(
    HOUSEHOLD.c.state.in_(ENROLLED_STATES),
    ENROLMENT.c.superseded_at.is_(None),
    ENROLMENT.c.until_month.is_(None),
)


@dataclass(frozen=True)
class Recheck:
    """By when an enrolled household is to be looked at again. `to_exit`: the last re-check found
    that it is no longer entitled; the exit has been due since that day."""

    household_no: str
    applicant_name: str
    state: str
    township: str
    approved_on: dt.date
    rechecked_on: dt.date | None
    due_on: dt.date
    to_exit: bool


def any_recheck_due(work: UnitOfWork) -> bool:
    """True where something is due within sixty days."""
    return bool(work.rows(_statement(_due_by(work.today + LISTED_AHEAD)).limit(1)))


def rechecks_due(work: UnitOfWork, until: dt.date | None = None) -> list[Recheck]:
    """What is due by a day (where none is said: within sixty days), the longest due first; who is
    no longer entitled stands here until the exit, or until a re-check finds otherwise."""
    found = _rechecks(work, _due_by(until or work.today + LISTED_AHEAD))
    return sorted(found, key=lambda each: (each.due_on, each.household_no))


def due_since(last: dt.date) -> dt.date:
    """The last day after which a re-check comes due by a day: a year before it, and the 29th of
    February where the 28th is asked for."""
    day = months_on(last, -DUE_AFTER_MONTHS)
    next_day = day + dt.timedelta(days=1)
    return next_day if months_on(next_day, DUE_AFTER_MONTHS) <= last else day


def _due_by(last: dt.date) -> sa.ColumnElement[bool]:
    """What `_recheck` finds to be due by a day, asked in the database."""
    since, approved_on, visited_on = due_since(last), ENROLMENT.c.approved_on, SURVEY.c.visited_on
    not_since = sa.or_(SURVEY.c.id.is_(None), visited_on < approved_on, visited_on <= since)
    to_exit = sa.and_(
        SURVEY.c.recheck_result == NO_LONGER_ENTITLED,
        visited_on >= approved_on,
        visited_on <= last,
    )
    return sa.or_(to_exit, sa.and_(approved_on <= since, not_since))


def recheck_of(work: UnitOfWork, household_id: int) -> Recheck | None:
    """When a household is to be looked at again; None where it is not enrolled."""
    found = _rechecks(work, HOUSEHOLD.c.id == household_id)
    return found[0] if found else None


def _rechecks(work: UnitOfWork, which: sa.ColumnElement[bool]) -> list[Recheck]:
    return [_recheck(row) for row in work.connection.execute(_statement(which)).mappings()]


def _statement(which: sa.ColumnElement[bool]) -> sa.Select[tuple[object, ...]]:
    """Enrolled households, each with its last re-check."""
    last = (
        sa.select(sa.func.max(SURVEY.c.id))
        .where(SURVEY.c.kind == RECHECKED)
        .group_by(SURVEY.c.household_id)
    )
    return (
        sa.select(
            HOUSEHOLD.c.household_no,
            PERSON.c.name.label("applicant_name"),
            HOUSEHOLD.c.state,
            HOUSEHOLD.c.township,
            ENROLMENT.c.approved_on,
            SURVEY.c.visited_on.label("rechecked_on"),
            (SURVEY.c.recheck_result == NO_LONGER_ENTITLED).label("to_exit"),
        )
        .join(PERSON, PERSON.c.id == HOUSEHOLD.c.applicant_id)
        .join(ENROLMENT, ENROLMENT.c.household_id == HOUSEHOLD.c.id)
        .outerjoin(SURVEY, sa.and_(SURVEY.c.household_id == HOUSEHOLD.c.id, SURVEY.c.id.in_(last)))
        .where(
            _ENROLLED,
            which,
        )
    )


def _recheck(row: sa.RowMapping) -> Recheck:
    """A re-check from before the approval was of an earlier enrolment."""
    approved_on, rechecked_on = row["approved_on"], row["rechecked_on"]
    if rechecked_on is not None and rechecked_on < approved_on:
        rechecked_on = None
    to_exit = rechecked_on is not None and bool(row["to_exit"])
    due_on = months_on(rechecked_on or approved_on, DUE_AFTER_MONTHS)
    found = {"rechecked_on": rechecked_on, "to_exit": to_exit}
    return Recheck(**{**row, **found}, due_on=rechecked_on if to_exit else due_on)
