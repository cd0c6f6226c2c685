"""Of lists: sums, bounds, what they were made of, what became of them."""

from __future__ import annotations

from collections import defaultdict

import sqlalchemy as sa

from relief.engine.work import Work
from relief.kernel.unit_of_work import UnitOfWork
from relief.payouts import queries
from relief.payouts.bank.answers import reconcile
from relief.payouts.entitlement.window import REPAYMENT
from relief.payouts.explanation import explain_line
from relief.payouts.explanation.bridge import bridge
from relief.payouts.queries import ITEM, LINE, Run
from relief.payouts.verification.verify import verify_run


def sums(work: UnitOfWork) -> None:
    """No. 2: a line is the sum of its items, a run the sum of its lines not withdrawn."""
    of_items = sa.select(sa.func.sum(ITEM.c.amount_fen)).where(ITEM.c.line_id == LINE.c.id)
    amount = LINE.c.amount_fen
    wrong = sa.select(LINE.c.reference).where(
        sa.or_(
            amount != sa.func.coalesce(of_items.scalar_subquery(), 0),
            amount != LINE.c.due_fen - LINE.c.recovery_fen,
            amount <= 0,
        )
    )
    assert work.rows(wrong) == []
    total = sa.cast(sa.func.coalesce(sa.func.sum(amount), 0), sa.BigInteger)
    for run in queries.all_runs(work):
        listed = sa.select(sa.func.count(), total).where(
            queries.listed(run.id), queries.line_state() != "withdrawn"
        )
        (found,) = work.rows(listed)
        assert (run.line_count, run.total_fen) == tuple(found), run.reference


def bounds(work: UnitOfWork, run: Run) -> None:
    """No. 1: no positive item lifts P above E as known at its T; no recovery takes P below it."""
    stood = sa.or_(ITEM.c.voided_at.is_(None), ITEM.c.voided_at > run.as_of)
    before: dict[tuple[int, int], int] = defaultdict(int)
    for statement in (
        sa.select(ITEM).where(ITEM.c.made_at < run.as_of, stood),
        sa.select(REPAYMENT).where(REPAYMENT.c.confirmed_at <= run.as_of),
    ):
        for row in work.rows(statement):
            before[row.household_id, row.month] += row.amount_fen
    mine = sa.select(ITEM).join(LINE, LINE.c.id == ITEM.c.line_id).where(queries.listed(run.id))
    for row in work.rows(mine):
        owed, paid = row.persons * row.rate_fen, before[row.household_id, row.month]
        after = paid + row.amount_fen
        assert after <= owed if row.amount_fen > 0 else after >= owed, (run.reference, tuple(row))


def recomputed(work: UnitOfWork, run: Run) -> None:
    """No. 6: what was known at its T gives its lines, items and exceptions."""
    problems = verify_run(work, run)
    assert not problems, (run.reference, [str(problem.located()) for problem in problems])


def bridged(work: UnitOfWork, run: Run) -> None:
    """No. 7: the steps from the last regular run to this one add up without a rest."""
    assert bridge(work, run).rest_fen == 0, run.reference


def answered(work: UnitOfWork) -> None:
    """Of each list that went out every line is answered, or waits, once."""
    for run in queries.all_runs(work):
        if run.state in ("released", "settled"):
            assert reconcile(work, run).balances, run.reference


def history(work: UnitOfWork) -> None:
    """No. 6 and 7 of every list that was ever made."""
    for run in queries.all_runs(work):
        recomputed(work, run)
        bridged(work, run)


def told(work: Work) -> None:
    """Each amount of the last list can be explained; its sums add up (asserted within)."""
    for run in queries.all_runs(work)[-1:]:
        listed = {line.household_no for line in queries.iterate_lines(work, run.id)}
        for no in sorted(listed | {e.household_no for e in queries.exceptions_of(work, run.id)}):
            assert all(part.form != "strange" for part in explain_line(work, run, no).parts)
