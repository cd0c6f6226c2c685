"""The calculation, set-based: what is owed as known at T, minus what has been paid already.

One statement per step over all households at once, the same on SQLite and PostgreSQL. The words
are those of the rules: E owed, P paid, W written off, due = E - P, over = P - E - W. The second,
independent way is `plain.py`; `verify` and the tests hold this one against it.
"""

from __future__ import annotations

import sqlalchemy as sa

from relief.kernel.unit_of_work import UnitOfWork
from relief.payouts.entitlement.months import owed_and_paid
from relief.payouts.entitlement.verdicts import staged_items, verdicts
from relief.payouts.entitlement.window import MONTHS, STAGE, VERDICTS, Window, known

__all__ = ["MONTHS", "VERDICTS", "Window", "known", "stage", "staged_items", "unstage"]

_STAGED = (VERDICTS, MONTHS)


def stage(work: UnitOfWork, window: Window) -> None:
    """Fill the two staging tables for a window; they live and die with the transaction."""
    unstage(work)
    connection = work.connection
    STAGE.create_all(connection, checkfirst=False)
    columns = [column.name for column in MONTHS.columns]
    work.connection.execute(sa.insert(MONTHS).from_select(columns, owed_and_paid(window)))
    columns = [column.name for column in VERDICTS.columns]
    work.connection.execute(sa.insert(VERDICTS).from_select(columns, verdicts(window)))


def unstage(work: UnitOfWork) -> None:
    """Drop the staging tables where they stand."""
    for table in _STAGED:
        work.connection.execute(sa.text(f"DROP TABLE IF EXISTS {table.name}"))
