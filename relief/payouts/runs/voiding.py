"""Taking lines and items back: what they were to pay is owed again."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from relief.kernel.unit_of_work import UnitOfWork
from relief.payouts import queries
from relief.payouts.queries import EVENT, ITEM, LINE


def void_list(work: UnitOfWork, run_id: int, actor: str) -> None:
    """Cancel the lines of a run's list that are still prepared, and void their items: what they
    were to pay is owed again."""
    at = work.instant()
    prepared = sa.select(LINE.c.id).where(
        queries.listed(run_id), queries.line_state() == "prepared"
    )
    work.connection.execute(
        sa.insert(EVENT).from_select(
            ["line_id", "state", "at", "actor", "answer"],
            sa.select(
                prepared.subquery().c.id,
                sa.literal("cancelled"),
                sa.literal(at, EVENT.c.at.type),
                sa.literal(actor),
                sa.literal(""),
            ),
        )
    )
    void_items(work, sa.select(LINE.c.id).where(LINE.c.run_id == run_id))


def void_items(work: UnitOfWork, line_ids: sa.Select[Any]) -> None:
    """Void what these lines were to pay, from this instant on."""
    work.connection.execute(
        sa.update(ITEM)
        .where(ITEM.c.line_id.in_(line_ids), ITEM.c.voided_at.is_(None))
        .values(voided_at=work.instant())
    )
