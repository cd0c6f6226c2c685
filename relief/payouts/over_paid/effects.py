"""What the confirmation writes."""

from __future__ import annotations

import sqlalchemy as sa

from relief.engine.step import Step
from relief.engine.work import Work
from relief.payouts.over_paid.kinds import KINDS
from relief.payouts.over_paid.standing import standing_of


def count_from_now(work: Work, step: Step) -> None:
    """It counts from this instant on. What is left of the over-payment is less by just as much,
    and nothing became due by it."""
    kind = KINDS[step.kind]
    table, amount_fen = kind.table, kind.written_fen(step.row["amount_fen"])
    month = (work, step.at, step.row["household_id"], step.row["month"])
    before = standing_of(*month).balance
    confirmed = {"confirmed_at": step.at, "confirmed_by": step.actor.username}
    work.connection.execute(
        sa.update(table).where(table.c.id == step.subject_id).values(**confirmed)
    )
    after = standing_of(*month).balance
    assert (after.over_fen, after.due_fen) == (before.over_fen - amount_fen, before.due_fen)
