"""What always holds, looked up in the tables as they stand: the numbers are those of the rules
(docs/payouts.md). Written apart from the program's own checks, and beside them."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from relief.engine.journal.chain import JOURNAL
from relief.engine.journal.verification import verify_journal
from relief.engine.work import Work
from relief.households.scheme import scheme_terms
from relief.kernel.database import DEPLOYMENT
from relief.payouts import queries
from relief.payouts.bank.answers import reconcile
from relief.payouts.entitlement.window import REPAYMENT
from relief.payouts.explanation.bridge import bridge
from relief.payouts.queries import ITEM, LINE, RUN, Run
from relief.payouts.verification.verify import verify_run
from tests.life import Life
from tests.office import Office

VOIDING = {"cancelled", "withdrawn", "failed", "returned"}


def check_everything(office: Office) -> None:
    """Every invariant, of every run."""
    with office.relief.reading() as work:
        assert [str(fault.located()) for fault in verify_journal(work)] == []
        _check_order_of_record(work)
        _check_voids(work)
        for run in queries.all_runs(work):
            _check_run(work, run)
        _check_short_way(work)
    if office.relief.database.is_sqlite:
        _check_file(office)


def _check_run(work: Work, run: Run) -> None:
    problems = [str(problem.located()) for problem in verify_run(work, run)]
    assert problems == [], (run.reference, problems)
    assert bridge(work, run).rest_fen == 0, run.reference
    _check_sums(work, run)
    _check_bounds(work, run)
    if run.state in ("released", "settled"):
        assert reconcile(work, run).balances, run.reference


def _check_sums(work: Work, run: Run) -> None:
    """A line is the sum of its items, a run the sum of its lines not withdrawn."""
    lines = queries.lines_of(work, run.id)
    for line in lines:
        assert line.amount_fen == sum(item.amount_fen for item in line.items) > 0
        assert line.amount_fen == line.due_fen - line.recovery_fen
    listed = [line.amount_fen for line in lines if line.state != "withdrawn"]
    assert (run.line_count, run.total_fen) == (len(listed), sum(listed)), run.reference


def _check_bounds(work: Work, run: Run) -> None:
    """No positive item lifts P above E as known at its T; no recovery takes P below it."""
    voided_later = sa.or_(ITEM.c.voided_at.is_(None), ITEM.c.voided_at > run.as_of)
    before: dict[tuple[int, int], int] = defaultdict(int)
    for row in work.rows(sa.select(ITEM).where(ITEM.c.made_at < run.as_of, voided_later)):
        before[row.household_id, row.month] += row.amount_fen
    for row in work.rows(sa.select(REPAYMENT).where(REPAYMENT.c.confirmed_at <= run.as_of)):
        before[row.household_id, row.month] += row.amount_fen
    mine = sa.select(ITEM).join(LINE, LINE.c.id == ITEM.c.line_id).where(queries.listed(run.id))
    for row in work.rows(mine):
        owed, paid = row.persons * row.rate_fen, before[row.household_id, row.month]
        after = paid + row.amount_fen
        assert after <= owed if row.amount_fen > 0 else after >= owed, (run.reference, tuple(row))


def _check_order_of_record(work: Work) -> None:
    """The order of entries is the order of instants, and none is later than the last of record."""
    instants = [row.at for row in work.rows(sa.select(JOURNAL.c.at).order_by(JOURNAL.c.id))]
    assert all(one <= other for one, other in pairwise(instants))
    last = work.session.execute(sa.select(DEPLOYMENT.c.last_instant)).scalar_one()
    assert max([*instants, *(run.as_of for run in queries.all_runs(work))], default=last) <= last


def _check_voids(work: Work) -> None:
    """An item is void exactly where its line was taken back; a line without items is none."""
    state = queries.line_state().label("state")
    void = sa.select(sa.func.count(ITEM.c.voided_at)).where(ITEM.c.line_id == LINE.c.id)
    items = sa.select(sa.func.count()).where(ITEM.c.line_id == LINE.c.id)
    rows = work.rows(
        sa.select(LINE.c.reference, state, void.scalar_subquery(), items.scalar_subquery())
    )
    for reference, stands, voided, count in rows:
        assert count > 0, reference
        assert voided == (count if stands in VOIDING else 0), (reference, stands)
    orphans = sa.select(LINE.c.id).where(LINE.c.run_id.not_in(sa.select(RUN.c.id)))
    assert work.rows(orphans) == []


def _check_short_way(work: Work) -> None:
    """What a run may skip changes nothing."""
    if scheme_terms(work).go_live_month is None:
        return
    for quarter in {run.quarter for run in queries.all_runs(work)}:
        short, full = (Life._staged(work, quarter, full=full) for full in (False, True))
        assert short == full


def _check_file(office: Office) -> None:
    with office.relief.database.session(writes=False) as session:
        connection = session.connection()
        faults: list[Any] = list(connection.exec_driver_sql("PRAGMA foreign_key_check"))
        assert faults == []
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
