"""Reads of reminders: which hold, and what is told to whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from relief.engine.clocks.deadlines import DEADLINE
from relief.engine.definitions.definition import Titles
from relief.engine.work import Work
from relief.kernel.columns import table_of
from relief.kernel.unit_of_work import UnitOfWork, in_chunks
from relief.petitions.queries import CASE
from relief.petitions.seeing import aside_of_many, seen_cases, seers_of_many
from relief.reminders.rules import OVERDUE, REMINDED_WORKING_DAYS, Meant, sort_of
from relief.reminders.tables import Reminder, ReminderFor

REMINDER, FOR = table_of(Reminder), table_of(ReminderFor)
_HOLDS = sa.and_(REMINDER.c.ended_at.is_(None), FOR.c.ended_at.is_(None))


@dataclass(frozen=True)
class CaseToTell:
    """What has to be known of a case to say whom its reminder is for. `may_be_told` is None where
    everybody may know of it."""

    case_worker: str
    may_be_told: frozenset[str] | None
    aside: frozenset[str]


@dataclass(frozen=True)
class Told:
    """A reminder as somebody reads it. `days_left` is less than none when it is overdue."""

    id: int
    case_id: int
    reference: str
    kind: str
    kind_title: Titles
    state_title: Titles
    restricted: bool
    sort: str
    due_on: dt.date
    days_left: int
    is_read: bool

    @property
    def is_overdue(self) -> bool:
        """True where the day has passed."""
        return self.sort == OVERDUE


def meant_now(work: Work) -> list[Meant]:
    """The reminders that hold now, by what is stored of deadlines: one a case at most."""
    now = work.as_known_now()
    soon_on = work.calendar.working_days_after(work.today, REMINDED_WORKING_DAYS).day
    statement = (
        sa.select(CASE.c.id, DEADLINE.c.state, DEADLINE.c.due_on, DEADLINE.c.due_at)
        .join(
            DEADLINE,
            sa.and_(DEADLINE.c.subject_kind == CASE.c.kind, DEADLINE.c.subject_id == CASE.c.id),
        )
        .where(
            DEADLINE.c.due_on.is_not(None),
            sa.or_(DEADLINE.c.due_on <= soon_on, DEADLINE.c.due_at <= now),
        )
        .order_by(DEADLINE.c.due_on, CASE.c.id)
    )
    found = []
    for row in work.rows(statement):
        sort = sort_of(row.due_on, row.due_at, now, soon_on)
        if sort:
            found.append(Meant(row.id, sort, row.state, row.due_on))
    return found


def kept_reminders(
    work: UnitOfWork, cases: Collection[int]
) -> Sequence[sa.Row[tuple[object, ...]]]:
    """The reminders that have not ended, and all of these cases."""
    columns = (
        REMINDER.c.id,
        REMINDER.c.case_id,
        REMINDER.c.sort,
        REMINDER.c.state,
        REMINDER.c.due_on,
        REMINDER.c.ended_at,
    )
    rows = {
        row.id: row for row in work.rows(sa.select(*columns).where(REMINDER.c.ended_at.is_(None)))
    }
    for chunk in in_chunks(cases):
        more = work.rows(sa.select(*columns).where(REMINDER.c.case_id.in_(chunk)))
        rows.update((row.id, row) for row in more)
    return list(rows.values())


def told_of(work: UnitOfWork, reminders: Collection[int]) -> Mapping[int, dict[str, bool]]:
    """Whom some reminders are or were for, by reminder: name, and whether it is still for them."""
    found: dict[int, dict[str, bool]] = {each: {} for each in reminders}
    for chunk in in_chunks(reminders):
        rows = work.rows(
            sa.select(FOR.c.reminder_id, FOR.c.username, FOR.c.ended_at).where(
                FOR.c.reminder_id.in_(chunk)
            )
        )
        for row in rows:
            found[row.reminder_id][row.username] = row.ended_at is None
    return found


def cases_to_tell(work: UnitOfWork, cases: Collection[int]) -> dict[int, CaseToTell]:
    """What has to be known of some open cases, in a few statements for all of them."""
    columns = (CASE.c.id, CASE.c.kind, CASE.c.case_worker, CASE.c.restricted, CASE.c.merged_into_id)
    rows = [
        dict(row)
        for chunk in in_chunks(cases)
        for row in work.connection.execute(
            sa.select(*columns).where(CASE.c.id.in_(chunk))
        ).mappings()
    ]
    seers = seers_of_many(work, rows)
    aside = aside_of_many(work, {row["id"]: row["kind"] for row in rows})
    return {
        row["id"]: CaseToTell(row["case_worker"], seers[row["id"]], aside[row["id"]])
        for row in rows
    }


def inbox(work: Work, username: str) -> list[Told]:
    """What somebody is told of now, the longest overdue first; of a restricted case only while they
    may see it."""
    statement = (
        sa.select(
            REMINDER.c.id,
            REMINDER.c.sort,
            REMINDER.c.state,
            REMINDER.c.due_on,
            FOR.c.read_at,
            CASE.c.id.label("case_id"),
            CASE.c.reference,
            CASE.c.kind,
            CASE.c.restricted,
        )
        .join(FOR, FOR.c.reminder_id == REMINDER.c.id)
        .join(CASE, CASE.c.id == REMINDER.c.case_id)
        .where(FOR.c.username == username, _HOLDS, seen_cases(username))
        .order_by(REMINDER.c.due_on, CASE.c.reference)
    )
    definitions = work.workflows.definitions
    return [
        Told(
            id=row.id,
            case_id=row.case_id,
            reference=row.reference,
            kind=row.kind,
            kind_title=definitions[row.kind].title,
            state_title=work.workflows.state_title(row.kind, row.state),
            restricted=row.restricted,
            sort=row.sort,
            due_on=row.due_on,
            days_left=(row.due_on - work.today).days,
            is_read=row.read_at is not None,
        )
        for row in work.rows(statement)
    ]


def unread_count(work: UnitOfWork, username: str) -> int:
    """How many of them somebody has not read (one statement)."""
    statement = (
        sa.select(sa.func.count())
        .select_from(REMINDER)
        .join(FOR, FOR.c.reminder_id == REMINDER.c.id)
        .join(CASE, CASE.c.id == REMINDER.c.case_id)
        .where(FOR.c.username == username, _HOLDS, FOR.c.read_at.is_(None), seen_cases(username))
    )
    return int(work.connection.execute(statement).scalar_one())
