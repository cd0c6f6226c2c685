"""How a month of a household stands: what an approver sees before confirming, and what the guards
judge by."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from relief.kernel.money import Fen
from relief.kernel.months import Month
from relief.kernel.unit_of_work import UnitOfWork
from relief.payouts.over_paid.kinds import KINDS, RECORDED
from relief.payouts.verification.known import HOUSEHOLD, known_households, known_rates
from relief.payouts.verification.plain import Balance, balance_of


@dataclass(frozen=True)
class Standing:
    """E, P and W of one month as known at an instant, and what waits to be confirmed for it."""

    household_no: str
    balance: Balance
    waiting_fen: Fen

    @property
    def over_fen(self) -> Fen:
        """P - E - W where positive: the most that may come back, or be given up."""
        return self.balance.over_fen

    @property
    def still_recordable_fen(self) -> Fen:
        """The same without what waits: the most that may still be recorded."""
        return max(self.over_fen - self.waiting_fen, 0)

    def once_confirmed_fen(self, amount_fen: Fen) -> Fen:
        """What would stay over-paid once this one of those that wait is confirmed."""
        return self.over_fen - amount_fen


def standing_of(work: UnitOfWork, at: dt.datetime, household_id: int, month: Month) -> Standing:
    """A month of a household that exists, as known at an instant."""
    named = sa.select(HOUSEHOLD.c.household_no).where(HOUSEHOLD.c.id == household_id)
    household_no = work.connection.execute(named).scalar_one()
    household = next(known_households(work, at, household_nos=[household_no]))
    balance = balance_of(household, known_rates(work, at), month)
    return Standing(household_no, balance, waiting_fen(work, household_id, month))


def waiting_fen(work: UnitOfWork, household_id: int, month: Month) -> Fen:
    """What was recorded for the month, of both kinds, and neither confirmed nor declined yet."""
    return sum(
        kind.written_fen(int(amount_fen))
        for kind in KINDS.values()
        for (amount_fen,) in work.rows(
            sa.select(kind.table.c.amount_fen).where(
                kind.table.c.household_id == household_id,
                kind.table.c.month == month,
                kind.table.c.state == RECORDED,
            )
        )
    )
