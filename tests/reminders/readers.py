"""Reminders as tests look at them."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from relief.accounts.absences import AbsenceForm, record_absence
from relief.engine.actors import Actor
from relief.reminders.making import Change, in_office_hours, make_reminders
from relief.reminders.queries import REMINDER, Told, inbox
from tests.office import AN, Office


def look(office: Office) -> Change:
    """A look of the scheduler, whatever the hour."""
    with office.relief.work() as work:
        change = make_reminders(work)
        work.commit()
    return change


def told(office: Office, username: str) -> list[tuple[str, str]]:
    """What somebody is told of: case and sort."""
    return [(each.reference, each.sort) for each in shown(office, username)]


def shown(office: Office, username: str) -> list[Told]:
    with office.relief.reading() as work:
        return inbox(work, username)


def all_reminders(office: Office) -> list[tuple[int, str, str, str, bool]]:
    """Every row: case, sort, state, day, and whether it holds."""
    columns = (REMINDER.c.case_id, REMINDER.c.sort, REMINDER.c.state, REMINDER.c.due_on)
    with office.relief.reading() as work:
        rows = work.rows(sa.select(*columns, REMINDER.c.ended_at).order_by(REMINDER.c.id))
    return [(*row[:3], row.due_on.isoformat(), row.ended_at is None) for row in rows]


def away(office: Office, actor: Actor, first: str, last: str, deputy: str = "") -> None:
    """Somebody is away."""
    days = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    with office.relief.work() as work:
        record_absence(work, AN, AbsenceForm(actor.username, *days, deputy))
        work.commit()


def is_open_now(office: Office) -> bool:
    with office.relief.reading() as work:
        return in_office_hours(work)
