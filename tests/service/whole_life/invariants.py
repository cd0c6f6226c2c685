"""What always holds, whatever happened."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from relief.engine.journal.verification import verify_journal
from relief.engine.work import Work
from relief.households.scheme import scheme_terms
from relief.kernel.database import UnitOfWork
from relief.kernel.months import Quarter
from relief.payouts import entitlement, queries
from relief.payouts.bank.answers import reconcile
from relief.payouts.entitlement import MONTHS, VERDICTS
from relief.payouts.explanation import explain_line
from relief.payouts.explanation.bridge import bridge
from relief.payouts.queries import ITEM, LINE, Run
from relief.payouts.runs.invariants import check_sums
from relief.payouts.runs.preparation import window_of
from relief.payouts.verification import plain
from relief.payouts.verification.known import known_households, known_rates
from relief.payouts.verification.verify import verify_run

Staged = tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]


def sums_are_right(work: UnitOfWork) -> None:
    """No. 2, and of each released list every line is answered, or waits, once."""
    of_items = sa.select(sa.func.sum(ITEM.c.amount_fen)).where(ITEM.c.line_id == LINE.c.id)
    wrong = sa.select(LINE.c.reference).where(LINE.c.amount_fen != of_items.scalar_subquery())
    assert work.rows(wrong) == []
    for run in queries.all_runs(work):
        check_sums(work, run.id)
        if run.state in ("released", "settled"):
            assert reconcile(work, run).balances, run.reference


def run_is_right(work: UnitOfWork, run: Run) -> None:
    """No. 1, 2 and 6 of a list as it was just made."""
    problems = verify_run(work, run)
    assert not problems, (run.reference, [str(problem.located()) for problem in problems])
    rates, lines = known_rates(work, run.as_of), queries.lines_of(work, run.id)
    households = {h.household_no: h for h in known_households(work, run.as_of)}
    for line in lines:
        for item in line.items:
            balance = plain.balance_of(households[line.household_no], rates, item.month)
            after_fen, owed_fen = balance.paid_fen + item.amount_fen, balance.owed.owed_fen
            assert after_fen <= owed_fen if item.amount_fen > 0 else after_fen >= owed_fen


def two_ways_agree(work: UnitOfWork, quarter: Quarter) -> None:
    """The set-based way, short and full, and the plain way give the same for every household."""
    window = window_of(scheme_terms(work), quarter, work.as_known_now())
    short, full = staged(work, window), staged(work, replace(window, full=True))
    assert short == full
    rates, verdicts = known_rates(work, window.as_of), {row[1]: row for row in full[0]}
    for household in known_households(work, window.as_of):
        outcome = plain.compute(
            household,
            rates,
            plain.Window(window.go_live_month, window.last_month),
            window.recovery_percent,
        )
        assert outcome.listed == (household.household_no in verdicts)
        if outcome.listed:
            row = verdicts[household.household_no]
            sums = (outcome.due_fen, outcome.over_fen, outcome.recovery_fen)
            reason = outcome.exception.reason if outcome.exception else ""
            assert (row[2:5], row[6], row[7]) == (sums, int(outcome.has_line), reason), row


def staged(work: UnitOfWork, window: entitlement.Window) -> Staged:
    """What the set-based way finds: households, and their months."""
    entitlement.stage(work, window)
    verdicts = work.rows(sa.select(VERDICTS).order_by(VERDICTS.c.household_id))
    months = work.rows(sa.select(MONTHS).order_by(MONTHS.c.household_id, MONTHS.c.month))
    entitlement.unstage(work)
    return [tuple(row) for row in verdicts], [tuple(row) for row in months]


def history_stands(work: Work) -> None:
    """No. 6 and 7 of every list that was ever made, and nothing was tampered with."""
    for run in queries.all_runs(work):
        problems = verify_run(work, run)
        assert not problems, (run.reference, [str(problem.located()) for problem in problems])
        assert bridge(work, run).rest_fen == 0
    problems = verify_journal(work)
    assert not problems, [str(problem.located()) for problem in problems]


def amounts_are_told(work: UnitOfWork) -> None:
    """Each amount of the last list can be explained; its sums add up (asserted within)."""
    last = queries.all_runs(work)[-1:]
    for run in last:
        listed = {line.household_no for line in queries.iterate_lines(work, run.id)}
        for no in sorted(listed | {e.household_no for e in queries.exceptions_of(work, run.id)}):
            assert all(part.form != "strange" for part in explain_line(work, run, no).parts)
