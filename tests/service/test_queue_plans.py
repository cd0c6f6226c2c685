"""Queues are counted along indexes, on both databases: nobody waits for all cases to be read."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from relief.engine.clocks.deadlines import DEADLINE
from relief.petitions.lists.pages import cases_count
from relief.petitions.lists.queues import QUEUES, Asked, cases_in
from relief.petitions.queries import CASE
from tests.matters import opened
from tests.office import CHEN, Office

BY = {
    "mine": "ix_petition_case_case_worker_state",
    "unassigned": "ix_petition_case_case_worker_state",
    "overdue": "ix_case_deadline_due",  # by the day or by the instant
    "soon": "ix_case_deadline_due_on_subject_id",
}
# Counted up to COUNTED_MAX and no further: "all" is full at once, and "second" looks into the
# journal of those alone whose states have a next step that is kept apart.
EXCUSED = {"all", "second"}
CASES, WORKERS = 3_000, 30


def test_every_queue_has_its_index_or_is_excused() -> None:
    assert {*BY} ^ EXCUSED == QUEUES.keys()


@pytest.mark.parametrize(("queue", "index"), BY.items())
def test_queue_is_counted_along_an_index(office: Office, queue: str, index: str) -> None:
    opened(office)
    copy(office)
    told: list[tuple[str, Any]] = []

    def tell(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        told.append((statement, values))

    engine = office.relief.database.engine
    with office.relief.reading() as work:
        sought = cases_in(work, [CHEN], Asked(queue=queue))
        sa.event.listen(engine, "before_cursor_execute", tell)
        cases_count(work, CHEN, sought, 99)
        sa.event.remove(engine, "before_cursor_execute", tell)
        statement, values = told[-1]
        how = "EXPLAIN QUERY PLAN" if work.is_sqlite else "EXPLAIN"
        plan = work.connection.exec_driver_sql(f"{how} {statement}", values)
        assert index in " ".join(str(row) for row in plan)


def copy(office: Office) -> None:
    """Thousands of closed cases of many case workers, and hundreds that are not due for long."""
    with office.relief.work() as work:
        case = dict(work.connection.execute(sa.select(CASE)).mappings().one())
        due = dict(work.connection.execute(sa.select(DEADLINE)).mappings().one())
        numbers = range(case["id"] + 1, case["id"] + CASES)
        made = {"state": "feedback", "recorded_by": "chen"}
        work.connection.execute(
            sa.insert(CASE),
            [
                case
                | made
                | {"id": each, "reference": f"X{each}", "case_worker": f"w{each % WORKERS}"}
                for each in numbers
            ],
        )
        years = dt.timedelta(days=700)
        later = {"due_on": due["due_on"] + years, "due_at": due["due_at"] + years}
        work.connection.execute(
            sa.insert(DEADLINE), [due | later | {"subject_id": each} for each in numbers]
        )
        work.connection.exec_driver_sql("ANALYZE")
        work.commit()
