"""The ways of the calculation: the set-based one, short and full, and the plain one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from relief.engine.work import Work
from relief.households.scheme import scheme_terms
from relief.kernel.months import Quarter
from relief.kernel.unit_of_work import UnitOfWork
from relief.payouts import entitlement
from relief.payouts.entitlement import MONTHS, VERDICTS, Window
from relief.payouts.runs.preparation import window_of
from relief.payouts.verification import plain
from relief.payouts.verification.known import known_households, known_rates

Staged = tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]


def staged(work: Work, quarter: Quarter, *, full: bool) -> Staged:
    """What the set-based way finds for a quarter, as known now: households, and their months."""
    return _staged(work, replace(_window(work, quarter), full=full))


def short_is_full(work: Work, quarter: Quarter) -> None:
    """What a run may skip changes nothing."""
    assert staged(work, quarter, full=False) == staged(work, quarter, full=True)


def all_agree(work: Work, quarter: Quarter) -> None:
    """Short, full and plain, as known at one instant, give the same for every household."""
    window = _window(work, quarter)
    full = _staged(work, replace(window, full=True))
    assert _staged(work, window) == full
    rates, verdicts = known_rates(work, window.as_of), {row[1]: row for row in full[0]}
    months = plain.Window(window.go_live_month, window.last_month)
    for household in known_households(work, window.as_of):
        outcome = plain.compute(household, rates, months, window.recovery_percent)
        assert outcome.listed == (household.household_no in verdicts)
        if outcome.listed:
            row = verdicts[household.household_no]
            sums = (outcome.due_fen, outcome.over_fen, outcome.recovery_fen)
            reason = outcome.exception.reason if outcome.exception else ""
            assert (row[2:5], row[6], row[7]) == (sums, int(outcome.has_line), reason), row


def _window(work: Work, quarter: Quarter) -> Window:
    return window_of(scheme_terms(work), quarter, work.as_known_now())


def _staged(work: UnitOfWork, window: Window) -> Staged:
    entitlement.stage(work, window)
    verdicts = work.rows(sa.select(VERDICTS).order_by(VERDICTS.c.household_id))
    months = work.rows(sa.select(MONTHS).order_by(MONTHS.c.household_id, MONTHS.c.month))
    entitlement.unstage(work)
    return [tuple(row) for row in verdicts], [tuple(row) for row in months]
