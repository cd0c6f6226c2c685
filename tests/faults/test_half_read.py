"""What a fault left half read ends with its connection: nobody else's transaction pays for it."""

from __future__ import annotations

import gc

import sqlalchemy as sa

from relief.engine.journal.chain import JOURNAL
from relief.households.scheme import scheme_terms
from relief.kernel.unit_of_work import DEPLOYMENT, UnitOfWork
from tests.office import Office


def fail_while_reading(work: UnitOfWork) -> None:
    """Read a row of many, and fail."""
    rows = work.stream(sa.select(JOURNAL.c.id, sa.literal(1)))
    next(rows, None)
    rows = work.stream(sa.select(DEPLOYMENT.c.id))
    next(rows)
    raise LookupError


def test_fault_that_is_forgotten_later_ends_no_other_transaction(office: Office) -> None:
    kept = None
    try:
        with office.relief.work() as work:
            fail_while_reading(work)
    except LookupError as fault:
        kept = fault
    with office.relief.work() as work:
        work.instant()
        assert kept is not None
        del kept
        gc.collect()
        assert scheme_terms(work)
        work.commit()
