"""What somebody does with their reminders: they read them."""

from __future__ import annotations

import sqlalchemy as sa

from relief.kernel.unit_of_work import UnitOfWork
from relief.reminders.queries import FOR, REMINDER


def mark_read(work: UnitOfWork, username: str, reminder_id: int | None = None) -> int:
    """Somebody has read one reminder of theirs, or all; gives how many were new to them."""
    at = work.instant()
    holds = sa.select(REMINDER.c.id).where(REMINDER.c.ended_at.is_(None))
    statement = (
        sa.update(FOR)
        .where(
            FOR.c.username == username,
            FOR.c.read_at.is_(None),
            FOR.c.ended_at.is_(None),
            FOR.c.reminder_id.in_(holds),
        )
        .values(read_at=at)
    )
    if reminder_id is not None:
        statement = statement.where(FOR.c.reminder_id == reminder_id)
    return work.connection.execute(statement).rowcount
