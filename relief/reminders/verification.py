"""The search for ways out that nobody opened: a calendar's address, or somebody's mail, that was
put in by hand or given to another. Reminders, and which mails went, are made by the program from
deadlines, and hold nothing that is not held elsewhere."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from relief.accounts.queries import USER
from relief.engine.work import Work
from relief.kernel.errors import Problem
from relief.kernel.text import _
from relief.kernel.unit_of_work import UnitOfWork
from relief.reminders import addresses, feeds
from relief.reminders.addresses import ADDRESS
from relief.reminders.feeds import FEED


def verify_reminders(work: Work) -> list[Problem]:
    """Every address, of a calendar or of mail, that stands and was not made here for its owner."""
    problems = []
    for row in _standing(work, FEED):
        if not feeds.is_its_owners(work, row):
            text = _(
                "The address of the calendar of {username} was not made here for them; it opens "
                "nothing.",
                username=row.username,
            )
            problems.append(Problem("feed.altered", text))
    for row in _standing(work, ADDRESS):
        if not addresses.is_its_owners(work, row._mapping):
            text = _(
                "The mail address of {username} was not written for them; no mail goes there.",
                username=row.username,
            )
            problems.append(Problem("mail.altered", text))
    return problems


def _standing(work: UnitOfWork, table: sa.Table) -> list[Any]:
    statement = (
        sa.select(table, USER.c.username)
        .join(USER, USER.c.id == table.c.user_id)
        .where(table.c.ended_at.is_(None))
        .order_by(table.c.id)
    )
    return list(work.rows(statement))
