"""What was typed and came to nothing goes after some days; so do the keys of forms that were
saved: nobody clicks twice after days."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

import sqlalchemy as sa

from relief.kernel.unit_of_work import UnitOfWork
from relief.typed import drafts, once
from relief.typed.drafts import DRAFT
from relief.typed.once import FORM


class Tidied(NamedTuple):
    """How many rows went."""

    drafts: int
    forms: int


def anything_old(work: UnitOfWork) -> bool:
    """True where something is to go."""
    return any(
        work.rows(sa.select(sa.literal(1)).select_from(table).where(is_old).limit(1))
        for table, is_old in _old(work)
    )


def remove_old(work: UnitOfWork) -> Tidied:
    """Remove drafts and keys of forms that are older than they are kept."""
    return Tidied(*(
        int(work.connection.execute(sa.delete(table).where(is_old)).rowcount)
        for table, is_old in _old(work)
    ))  # fmt: skip


def _old(work: UnitOfWork) -> tuple[tuple[sa.Table, sa.ColumnElement[Any]], ...]:
    now = work.clock.now()
    return (
        (DRAFT, DRAFT.c.saved_at < now - dt.timedelta(days=drafts.DAYS_KEPT)),
        (FORM, FORM.c.at < now - dt.timedelta(days=once.DAYS_KEPT)),
    )
