"""Of what was recorded: the journal, the order, what was taken back, the file itself."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from relief.engine.journal.chain import JOURNAL
from relief.engine.journal.verification import verify_journal
from relief.engine.work import Work
from relief.kernel.database import Database
from relief.kernel.unit_of_work import DEPLOYMENT
from relief.payouts import queries
from relief.payouts.queries import ITEM, LINE, RUN
from relief.petitions.verification import verify_cases

VOIDING = {"cancelled", "withdrawn", "failed", "returned"}


def untouched(work: Work) -> None:
    """Nothing was tampered with."""
    problems = [*verify_journal(work), *verify_cases(work)]
    assert [str(problem.located()) for problem in problems] == []


def in_order(work: Work) -> None:
    """The order of entries is the order of instants, and none is later than the last of record."""
    instants = [row.at for row in work.rows(sa.select(JOURNAL.c.at).order_by(JOURNAL.c.id))]
    assert all(one <= other for one, other in pairwise(instants))
    last = work.connection.execute(sa.select(DEPLOYMENT.c.last_instant)).scalar_one()
    assert max([*instants, *(run.as_of for run in queries.all_runs(work))], default=last) <= last


def voids(work: Work) -> None:
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


def file_is_sound(database: Database) -> None:
    """SQLite's own checks find nothing."""
    if not database.is_sqlite:
        return
    with database.transaction(writes=False) as connection:
        faults: list[Any] = list(connection.exec_driver_sql("PRAGMA foreign_key_check"))
        assert faults == []
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
