"""What rates that are confirmed anew change for households: to now, and in months to come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from relief.households.queries import HOUSEHOLD
from relief.households.scheme import scheme_terms
from relief.kernel.money import Fen
from relief.kernel.months import Month, Quarter, month_of
from relief.kernel.unit_of_work import UnitOfWork
from relief.payouts import entitlement, queries
from relief.payouts.entitlement import MONTHS, Window
from relief.payouts.entitlement.window import RATE


@dataclass(frozen=True)
class Difference:
    """By how much a household's entitlement differs with the new rates: from go-live to now, that
    is to the end of this quarter or of the last list, and in the months that are still to come
    (`months_of_rates`)."""

    household_no: str
    amount_fen: Fen
    later_fen: Fen = 0


def months_of_rates(work: UnitOfWork, rate_ids: Sequence[int]) -> tuple[Month, Month]:
    """The end of this quarter, or of the last run's; and that of the one in which the new rates
    begin: a rate for later months makes a difference that is seen before it is confirmed."""
    begins = work.rows(sa.select(RATE.c.from_month).where(RATE.c.id.in_(rate_ids)))
    now = max(
        [
            Quarter.of(month_of(work.today)).last_month,
            *(run.last_month for run in queries.all_runs(work)),
        ]
    )
    return now, max([now, *(Quarter.of(row.from_month).last_month for row in begins)])


def net_owed(
    work: UnitOfWork, at: dt.datetime, now: Month, last_month: Month
) -> dict[str, tuple[Fen, Fen]]:
    """Due less over-paid, from go-live to now, and from then to a month."""
    terms = scheme_terms(work)
    if terms.go_live_month is None or last_month < terms.go_live_month:
        return {}
    entitlement.stage(
        work,
        Window(
            as_of=at,
            go_live_month=terms.go_live_month,
            first_month=last_month - 2,
            last_month=last_month,
            recovery_percent=terms.recovery_percent_max,
            full=True,
        ),
    )
    net = MONTHS.c.due_fen - MONTHS.c.over_fen
    sums = (
        sa.func.sum(sa.case((counted, net), else_=0))
        for counted in (MONTHS.c.month <= now, MONTHS.c.month > now)
    )
    rows = work.rows(
        sa.select(HOUSEHOLD.c.household_no, *sums)
        .join(MONTHS, MONTHS.c.household_id == HOUSEHOLD.c.id)
        .group_by(HOUSEHOLD.c.household_no)
    )
    entitlement.unstage(work)
    return {no: (int(to_now), int(later)) for no, to_now, later in rows}
