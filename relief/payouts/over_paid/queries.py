"""Reads of money that came back or was given up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from relief.kernel.errors import NotFound, refuse
from relief.kernel.money import Fen
from relief.kernel.months import Month
from relief.kernel.text import _
from relief.kernel.unit_of_work import UnitOfWork
from relief.payouts.over_paid.kinds import RECORDED, MoneyKind
from relief.payouts.over_paid.paper_numbers import paper_key
from relief.payouts.verification.known import HOUSEHOLD


@dataclass(frozen=True)
class ListedMoney:
    """A repayment or a write-off as it stands; `amount_fen` is positive for both."""

    id: int
    reference: str
    state: str
    household_id: int
    household_no: str
    month: Month
    amount_fen: Fen
    paper_no: str
    recorded_at: dt.datetime
    recorded_by: str
    confirmed_at: dt.datetime | None
    confirmed_by: str


def list_money(work: UnitOfWork, kind: MoneyKind, *, waiting: bool = False) -> list[ListedMoney]:
    """All of a kind in the order of record, or only what waits to be confirmed."""
    where = [kind.table.c.state == RECORDED] if waiting else []
    return list(_read(work, kind, *where))


def money_of(work: UnitOfWork, kind: MoneyKind, household_id: int) -> list[ListedMoney]:
    """What was recorded of one household, in the order of record."""
    return list(_read(work, kind, kind.table.c.household_id == household_id))


def same_paper(
    work: UnitOfWork, kind: MoneyKind, paper_no: str, states: Collection[str]
) -> list[ListedMoney]:
    """What names one paper, however its number was typed, and stands in one of the states, in the
    order of record."""
    table, key = kind.table, paper_key(paper_no)
    return list(_read(work, kind, table.c.paper_key == key, table.c.state.in_(states)))


def find_money(work: UnitOfWork, kind: MoneyKind, reference: str) -> ListedMoney:
    """One by its reference; refused (`NotFound`) where there is none of this kind."""
    for found in _read(work, kind, kind.table.c.reference == reference.strip()):
        return found
    text = _('There is none with the number "{no}".', no=reference[:40])
    raise refuse(NotFound, "over_paid.unknown", text, "reference")


def _read(
    work: UnitOfWork, kind: MoneyKind, *where: sa.ColumnElement[bool]
) -> Iterator[ListedMoney]:
    statement = (
        sa.select(kind.table, HOUSEHOLD.c.household_no)
        .join(HOUSEHOLD, HOUSEHOLD.c.id == kind.table.c.household_id)
        .where(*where)
        .order_by(kind.table.c.id)
    )
    for row in work.connection.execute(statement).mappings():
        yield _listed(kind, row)


def _listed(kind: MoneyKind, row: Any) -> ListedMoney:
    as_shown = {"amount_fen": kind.written_fen(row["amount_fen"]), "paper_no": row[kind.paper]}
    names = ListedMoney.__dataclass_fields__.keys() - as_shown.keys()
    return ListedMoney(**{name: row[name] for name in names}, **as_shown)
