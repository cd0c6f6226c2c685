"""Over-payments that a run is the first to find."""

from __future__ import annotations

import sqlalchemy as sa

from relief.kernel.unit_of_work import UnitOfWork
from relief.payouts.entitlement import VERDICTS
from relief.payouts.entitlement.window import REPAYMENT, WRITE_OFF
from relief.payouts.queries import EXCEPTION, ITEM, LINE, RUN, Run


def new_over_payments(work: UnitOfWork, run: Run) -> tuple[int, int]:
    """Households, and fen, found over-paid beyond what the last run that looked had left."""
    voided = sa.exists().where(ITEM.c.line_id == LINE.c.id, ITEM.c.voided_at.is_not(None))
    left_by_line = sa.case((voided, LINE.c.over_fen), else_=LINE.c.over_fen - LINE.c.recovery_fen)
    earlier = sa.union_all(
        sa.select(LINE.c.household_id, LINE.c.made_at, left_by_line.label("left_fen")).where(
            _stands(LINE, run)
        ),
        sa.select(EXCEPTION.c.household_id, EXCEPTION.c.made_at, EXCEPTION.c.over_fen).where(
            _stands(EXCEPTION, run), EXCEPTION.c.reason != "over_paid"
        ),
        sa.select(
            EXCEPTION.c.household_id,
            EXCEPTION.c.made_at,
            EXCEPTION.c.over_fen - EXCEPTION.c.recovery_fen,
        ).where(
            _stands(EXCEPTION, run),
            EXCEPTION.c.reason == "over_paid",
            EXCEPTION.c.due_fen == 0,
        ),
    ).subquery("earlier")
    place = sa.func.row_number().over(
        partition_by=earlier.c.household_id, order_by=earlier.c.made_at.desc()
    )
    ranked = (
        sa.select(earlier, place.label("place"))
        .where(
            earlier.c.household_id.in_(
                sa.select(VERDICTS.c.household_id).where(VERDICTS.c.over_fen > 0)
            )
        )
        .subquery("ranked")
    )
    left_now = sa.func.coalesce(ranked.c.left_fen, 0) - _settled_since(ranked, run)
    beyond = VERDICTS.c.over_fen - sa.case((left_now > 0, left_now), else_=0)
    row = work.connection.execute(
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(beyond), 0))
        .select_from(
            VERDICTS.outerjoin(
                ranked,
                sa.and_(ranked.c.household_id == VERDICTS.c.household_id, ranked.c.place == 1),
            )
        )
        .where(VERDICTS.c.over_fen > 0, beyond > 0)
    ).one()
    return int(row[0]), int(row[1])


def _settled_since(ranked: sa.Subquery, run: Run) -> sa.ColumnElement[int]:
    """What of an earlier over-payment came back or was given up since."""

    def summed(table: sa.Table) -> sa.ColumnElement[int]:
        return (
            sa.select(sa.cast(sa.func.coalesce(sa.func.sum(table.c.amount_fen), 0), sa.BigInteger))
            .where(
                table.c.household_id == ranked.c.household_id,
                table.c.confirmed_at > ranked.c.made_at,
                table.c.confirmed_at <= run.as_of,
            )
            .scalar_subquery()
        )

    return summed(WRITE_OFF) - summed(REPAYMENT)


def _stands(table: sa.Table, run: Run) -> sa.ColumnElement[bool]:
    """Of an earlier run's list as it stands: not of this run, of a cancelled one, or of a draft
    that was replaced. Those never reached anybody, so what they found is still new."""
    return sa.exists().where(
        RUN.c.id == table.c.run_id,
        RUN.c.id != run.id,
        RUN.c.as_of == table.c.made_at,
        RUN.c.as_of < run.as_of,
        RUN.c.state != "cancelled",
    )
