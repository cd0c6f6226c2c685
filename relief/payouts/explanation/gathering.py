"""Reading the evidence about one household from the tables."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar

import sqlalchemy as sa

from relief.households.queries import household_id_of
from relief.kernel.unit_of_work import UnitOfWork
from relief.payouts.explanation import evidence as e
from relief.payouts.over_paid.kinds import KINDS, MoneyKind
from relief.payouts.queries import EVENT, EXCEPTION, ITEM, LINE, all_runs
from relief.payouts.verification.known import (
    ACCOUNT,
    CHOICE,
    ENROLMENT,
    GRADE,
    HOLD,
    HOUSEHOLD,
    MEMBERSHIP,
    RATE,
    known_households,
    known_rates,
)
from relief.payouts.verification.plain import KnownHousehold

Row = TypeVar("Row")


def gather(work: UnitOfWork, household_no: str) -> e.Evidence:
    """Everything recorded about one household; refused where there is no such file."""
    household = work.connection.execute(
        sa.select(HOUSEHOLD.c.id, HOUSEHOLD.c.household_no, HOUSEHOLD.c.recorded_at).where(
            HOUSEHOLD.c.id == household_id_of(work, household_no)
        )
    ).one()
    own, no = household.id, household.household_no
    lines = _lines(work, own)
    return e.Evidence(
        household_no=no,
        recorded_at=household.recorded_at,
        enrolments=_of(work, e.EnrolmentFact, ENROLMENT, own),
        memberships=_of(work, e.MembershipFact, MEMBERSHIP, own),
        grades=_of(work, e.GradeDecision, GRADE, own),
        rates=_rates(work),
        holds=_of(work, e.HoldFact, HOLD, own),
        accounts=_of(work, e.AccountFact, ACCOUNT, own),
        choices=_of(work, e.ChoiceFact, CHOICE, own),
        lines=tuple(lines.values()),
        items=_items(work, own, lines),
        exceptions=_of(work, e.PastException, EXCEPTION, own, order=EXCEPTION.c.made_at),
        receipts=tuple(r for kind in KINDS.values() for r in _receipts(work, kind, own)),
        runs=tuple(all_runs(work)),
        day_of=work.clock.day_of,
        # A cause is looked for at few instants, and each of them is asked about many months.
        known_at=cache(lambda at: _known_then(work, no, at)),
    )


def _known_then(work: UnitOfWork, household_no: str, at: dt.datetime) -> e.KnownThen:
    """What the plain way reckons with; of a file opened later nothing was known."""
    nothing = KnownHousehold(household_no, (), (), (), False, False, "offset", {}, {})
    found = known_households(work, at, household_nos=[household_no])
    return e.KnownThen(next(found, nothing), known_rates(work, at))


def _mapped(work: UnitOfWork, kind: type[Row], statement: sa.Select[Any]) -> tuple[Row, ...]:
    return tuple(kind(**row) for row in work.connection.execute(statement).mappings())


def _of(
    work: UnitOfWork,
    kind: type[Row],
    table: sa.Table,
    household_id: int,
    order: sa.ColumnElement[Any] | None = None,
) -> tuple[Row, ...]:
    columns = [table.c[field.name] for field in fields(kind)]  # type: ignore[arg-type]
    statement = sa.select(*columns).where(table.c.household_id == household_id)
    return _mapped(work, kind, statement.order_by(table.c.id if order is None else order))


def _rates(work: UnitOfWork) -> tuple[e.ConfirmedRate, ...]:
    statement = (
        sa.select(
            RATE.c.id,
            RATE.c.confirmed_at.label("recorded_at"),
            sa.null().label("superseded_at"),
            RATE.c.grade,
            RATE.c.from_month,
            RATE.c.rate_fen,
            RATE.c.document_no,
        )
        .where(RATE.c.confirmed_at.is_not(None))
        .order_by(RATE.c.confirmed_at, RATE.c.id)
    )
    return _mapped(work, e.ConfirmedRate, statement)


def _lines(work: UnitOfWork, household_id: int) -> dict[int, e.PastLine]:
    steps: defaultdict[int, list[e.LineStep]] = defaultdict(list)
    rows = work.rows(
        sa.select(EVENT, LINE.c.reference)
        .join(LINE, LINE.c.id == EVENT.c.line_id)
        .where(LINE.c.household_id == household_id)
        .order_by(EVENT.c.id)
    )
    for row in rows:
        steps[row.line_id].append(_step(work, row))
    lines = work.rows(
        sa.select(LINE).where(LINE.c.household_id == household_id).order_by(LINE.c.made_at)
    )
    return {
        row.id: e.PastLine(row.id, row.run_id, row.reference, row.made_at, tuple(steps[row.id]))
        for row in lines
    }


def _step(work: UnitOfWork, row: Any) -> e.LineStep:
    context = f"line_event.reason:{row.reference}"
    reason = work.cipher.open(row.sealed_reason, context) if row.sealed_reason else ""
    return e.LineStep(row.state, row.at, row.settled_on or work.clock.day_of(row.at), reason)


def _items(
    work: UnitOfWork, household_id: int, lines: dict[int, e.PastLine]
) -> tuple[e.PastItem, ...]:
    rows = work.rows(
        sa.select(ITEM)
        .where(ITEM.c.household_id == household_id)
        .order_by(ITEM.c.made_at, ITEM.c.month)
    )
    return tuple(
        e.PastItem(lines[row.line_id], row.month, row.amount_fen, row.made_at, row.voided_at)
        for row in rows
    )


def _receipts(work: UnitOfWork, kind: MoneyKind, household_id: int) -> Iterator[e.Receipt]:
    table = kind.table
    rows = work.rows(
        sa.select(table.c.month, table.c.amount_fen, table.c[kind.paper], table.c.confirmed_at)
        .where(table.c.household_id == household_id, table.c.confirmed_at.is_not(None))
        .order_by(table.c.confirmed_at, table.c.id)
    )
    for month, stored_fen, paper_no, confirmed_at in rows:
        yield e.Receipt(kind, month, kind.written_fen(stored_fen), paper_no, confirmed_at)
