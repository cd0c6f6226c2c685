"""Reads for the report: money that was settled or came back, and the people it was for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from relief.households.tables import Membership
from relief.kernel.columns import table_of
from relief.kernel.money import Fen
from relief.kernel.unit_of_work import UnitOfWork, in_chunks
from relief.payouts.over_paid.kinds import REPAYMENT, WRITE_OFF, MoneyKind
from relief.payouts.queries import EVENT, HOUSEHOLD, ITEM, LINE, RUN
from relief.reports.periods import HalfYear

MEMBERSHIP = table_of(Membership)
PAID, RETURNED = "paid", "returned"
# An instant's date differs from the office's by less than this, wherever the office is.
_ZONES_MAX = dt.timedelta(days=2)


@dataclass(frozen=True)
class Movement:
    """What the bank did with a line: it was `paid`, or `returned`, on a day of the bank's (where it
    named none, the day on which its answer was recorded)."""

    line_id: int
    line_reference: str
    household_no: str
    applicant_id: int
    amount_fen: Fen
    state: str
    on: dt.date


_OF_MOVEMENT = [name for name in Movement.__dataclass_fields__ if name != "on"]


@dataclass(frozen=True)
class OutsideLists:
    """Money that a household brought back itself, or that was given up, with the number of its
    paper, on the day on which it was confirmed."""

    household_no: str
    paper_no: str
    amount_fen: Fen
    on: dt.date


@dataclass(frozen=True)
class Covered:
    """A member who counted in a month that a line paid."""

    line_id: int
    household_no: str
    person_id: int
    relation: str


def movements(work: UnitOfWork, period: HalfYear) -> list[Movement]:
    """What the bank paid and sent back within a period, in the order of its answers."""
    statement = (
        sa.select(
            LINE.c.id.label("line_id"),
            LINE.c.reference.label("line_reference"),
            HOUSEHOLD.c.household_no,
            HOUSEHOLD.c.applicant_id,
            LINE.c.amount_fen,
            EVENT.c.state,
            EVENT.c.settled_on,
            EVENT.c.at,
        )
        .select_from(
            EVENT.join(LINE, LINE.c.id == EVENT.c.line_id).join(
                HOUSEHOLD, HOUSEHOLD.c.id == LINE.c.household_id
            )
        )
        .where(
            EVENT.c.state.in_((PAID, RETURNED)),
            sa.or_(
                EVENT.c.settled_on.between(period.first_on, period.last_on),
                sa.and_(EVENT.c.settled_on.is_(None), _about(EVENT.c.at, period)),
            ),
        )
        .order_by(EVENT.c.id)
    )
    found = (
        Movement(
            **{name: getattr(row, name) for name in _OF_MOVEMENT},
            on=row.settled_on or work.clock.day_of(row.at),
        )
        for row in work.rows(statement)
    )
    return [movement for movement in found if movement.on in period]


def paid_back(work: UnitOfWork, period: HalfYear) -> list[OutsideLists]:
    """The repayments that an approver confirmed within a period."""
    return _outside(work, period, REPAYMENT)


def given_up(work: UnitOfWork, period: HalfYear) -> list[OutsideLists]:
    """The write-offs that an approver confirmed within a period."""
    return _outside(work, period, WRITE_OFF)


def _outside(work: UnitOfWork, period: HalfYear, kind: MoneyKind) -> list[OutsideLists]:
    columns = kind.table.c
    statement = (
        sa.select(
            HOUSEHOLD.c.household_no,
            columns[kind.paper],
            columns.amount_fen,
            columns.confirmed_at,
        )
        .join(HOUSEHOLD, HOUSEHOLD.c.id == columns.household_id)
        .where(_about(columns.confirmed_at, period))
        .order_by(columns.id)
    )
    found = (
        OutsideLists(no, paper_no, kind.written_fen(amount_fen), work.clock.day_of(at))
        for no, paper_no, amount_fen, at in work.rows(statement)
    )
    return [each for each in found if each.on in period]


def covered_members(work: UnitOfWork, line_ids: Iterable[int]) -> Iterator[Covered]:
    """Who counted in the months that these lines paid, as known when each was computed; a member
    once a line."""
    for chunk in in_chunks(sorted(line_ids)):
        yield from (Covered(*row) for row in work.rows(_covered(chunk)))


def _covered(line_ids: list[int]) -> sa.Select[Any]:
    known = sa.and_(
        MEMBERSHIP.c.recorded_at <= RUN.c.as_of,
        sa.or_(MEMBERSHIP.c.superseded_at.is_(None), MEMBERSHIP.c.superseded_at > RUN.c.as_of),
    )
    covers = sa.and_(
        MEMBERSHIP.c.from_month <= ITEM.c.month,
        sa.or_(MEMBERSHIP.c.until_month.is_(None), MEMBERSHIP.c.until_month > ITEM.c.month),
    )
    return (
        sa.select(
            LINE.c.id, HOUSEHOLD.c.household_no, MEMBERSHIP.c.person_id, MEMBERSHIP.c.relation
        )
        .distinct()
        .select_from(
            LINE.join(RUN, RUN.c.id == LINE.c.run_id)
            .join(HOUSEHOLD, HOUSEHOLD.c.id == LINE.c.household_id)
            .join(ITEM, ITEM.c.line_id == LINE.c.id)
            .join(MEMBERSHIP, MEMBERSHIP.c.household_id == LINE.c.household_id)
        )
        .where(
            LINE.c.id.in_(line_ids),
            ITEM.c.amount_fen > 0,
            MEMBERSHIP.c.counted,
            known,
            covers,
        )
        .order_by(LINE.c.id, MEMBERSHIP.c.person_id)
    )


def _about(column: sa.ColumnElement[Any], period: HalfYear) -> sa.ColumnElement[bool]:
    """Instants that may lie within a period; which do is for the office's clock to say."""
    midnight = dt.time(tzinfo=dt.UTC)
    return column.between(
        dt.datetime.combine(period.first_on - _ZONES_MAX, midnight),
        dt.datetime.combine(period.last_on + _ZONES_MAX, midnight),
    )
