"""What a household on public notice would be paid a month."""

from __future__ import annotations

import sqlalchemy as sa

from relief.households.life.notices import Notice
from relief.kernel.database import UnitOfWork
from relief.kernel.money import Fen
from relief.payouts.entitlement.window import RATE


def announced_fen(work: UnitOfWork, notice: Notice) -> Fen | None:
    """Counted members × the rate of the grade announced in the first month that would be paid, as
    known when the notice was put up; None where no rate was confirmed then."""
    statement = (
        sa.select(RATE.c.rate_fen)
        .where(
            RATE.c.grade == notice.grade,
            RATE.c.from_month <= notice.from_month,
            RATE.c.confirmed_at <= notice.recorded_at,
        )
        .order_by(RATE.c.from_month.desc(), RATE.c.confirmed_at.desc(), RATE.c.id.desc())
        .limit(1)
    )
    rate_fen = work.session.execute(statement).scalar_one_or_none()
    return None if rate_fen is None else notice.counted_members * int(rate_fen)
