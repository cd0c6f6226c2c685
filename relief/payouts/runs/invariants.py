"""What always holds, checked inside the transaction that writes. A breach is a fault of ours: it
stops the work and rolls it back, rather than pay a wrong amount."""

from __future__ import annotations

import sqlalchemy as sa

from relief.kernel.unit_of_work import UnitOfWork
from relief.payouts import queries
from relief.payouts.entitlement import MONTHS
from relief.payouts.queries import ITEM, LINE, RUN


def check_prepared(work: UnitOfWork, run_id: int) -> None:
    """After `prepare`, while the calculation is still staged."""
    check_sums(work, run_id)
    mine = (
        sa.select(ITEM)
        .join(LINE, LINE.c.id == ITEM.c.line_id)
        .where(queries.listed(run_id))
        .subquery("mine")
    )
    after = MONTHS.c.paid_fen + mine.c.amount_fen
    breaches = work.connection.execute(
        sa.select(sa.func.count())
        .select_from(
            mine.outerjoin(
                MONTHS,
                sa.and_(
                    MONTHS.c.household_id == mine.c.household_id, MONTHS.c.month == mine.c.month
                ),
            )
        )
        .where(
            sa.or_(
                MONTHS.c.month.is_(None),
                sa.and_(mine.c.amount_fen > 0, after > MONTHS.c.owed_fen),
                sa.and_(mine.c.amount_fen < 0, after < MONTHS.c.owed_fen),
                mine.c.amount_fen == 0,
            )
        )
    ).scalar_one()
    assert breaches == 0, f"{breaches} items of run {run_id} pay beyond what is owed"


def check_sums(work: UnitOfWork, run_id: int) -> None:
    """A line is the sum of its items, and due less recovery; a run the sum of its lines."""
    of_items = (
        sa.select(sa.func.coalesce(sa.func.sum(ITEM.c.amount_fen), 0))
        .where(ITEM.c.line_id == LINE.c.id)
        .scalar_subquery()
    )
    breaches = work.connection.execute(
        sa.select(sa.func.count())
        .select_from(LINE)
        .where(
            queries.listed(run_id),
            sa.or_(
                LINE.c.amount_fen != of_items,
                LINE.c.amount_fen <= 0,
                LINE.c.amount_fen != LINE.c.due_fen - LINE.c.recovery_fen,
            ),
        )
    ).scalar_one()
    assert breaches == 0, f"{breaches} lines of run {run_id} are not the sum of their items"
    stored = work.connection.execute(
        sa.select(RUN.c.line_count, RUN.c.total_fen).where(RUN.c.id == run_id)
    ).one()
    assert tuple(stored) == queries.totals(work, run_id), f"run {run_id} is not its lines' sum"
