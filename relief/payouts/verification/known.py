"""What was known at an instant T, read for the plain way of the calculation.

The filters of "known at T" stand here a second time, in their own words, and that is meant:
`verify` holds the plain way against the set-based one, and would not see a fault that both share.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from itertools import groupby, islice
from typing import Any

import sqlalchemy as sa

from relief.households.tables import Account, Enrolment, GradeFact, Hold, Household, Membership
from relief.kernel.columns import table_of
from relief.kernel.money import Fen
from relief.kernel.months import Month
from relief.kernel.unit_of_work import UnitOfWork
from relief.payouts.tables import (
    PayoutItem,
    PayoutLine,
    Rate,
    RecoveryChoice,
    Repayment,
    WriteOff,
)
from relief.payouts.verification.given_up import GivenUp
from relief.payouts.verification.plain import (
    KnownGrade,
    KnownHousehold,
    KnownMembership,
    KnownRate,
    Spell,
)

HOUSEHOLD, ENROLMENT, MEMBERSHIP = table_of(Household), table_of(Enrolment), table_of(Membership)
GRADE, HOLD, ACCOUNT = table_of(GradeFact), table_of(Hold), table_of(Account)
RATE, CHOICE = table_of(Rate), table_of(RecoveryChoice)
ITEM, LINE = table_of(PayoutItem), table_of(PayoutLine)
REPAYMENT, WRITE_OFF = table_of(Repayment), table_of(WriteOff)

# So many households are in memory at once, however many there are.
_CHUNK_HOUSEHOLDS = 1_000

_Grouped = dict[int, list[Any]]


def known_rates(work: UnitOfWork, as_of: dt.datetime) -> tuple[KnownRate, ...]:
    """The rates confirmed by T, in the order of confirmation."""
    statement = (
        sa.select(*(RATE.c[name] for name in KnownRate.__dataclass_fields__))
        .where(RATE.c.confirmed_at <= as_of)
        .order_by(RATE.c.confirmed_at, RATE.c.id)
    )
    return tuple(KnownRate(**row) for row in work.connection.execute(statement).mappings())


def known_households(
    work: UnitOfWork,
    as_of: dt.datetime,
    *,
    household_nos: Collection[str] | None = None,
) -> Iterator[KnownHousehold]:
    """Each household with what was known of it at T, in the order of household numbers.

    `household_nos` limits the households (a thousand at most).
    """
    statement = (
        sa.select(HOUSEHOLD.c.id, HOUSEHOLD.c.household_no)
        .where(HOUSEHOLD.c.recorded_at <= as_of)
        .order_by(HOUSEHOLD.c.household_no)
    )
    if household_nos is not None:
        assert len(household_nos) <= _CHUNK_HOUSEHOLDS
        statement = statement.where(HOUSEHOLD.c.household_no.in_(household_nos))
    found = work.stream(statement)
    while chunk := list(islice(found, _CHUNK_HOUSEHOLDS)):
        yield from _known_chunk(work, as_of, chunk)


def _known_chunk(
    work: UnitOfWork, as_of: dt.datetime, households: Sequence[sa.RowMapping]
) -> Iterator[KnownHousehold]:
    ids = [row["id"] for row in households]
    facts = {
        table.name: _facts(work, table, ids, as_of)
        for table in (ENROLMENT, MEMBERSHIP, GRADE, HOLD, ACCOUNT, CHOICE)
    }
    paid = _paid(work, as_of, ids)
    written_off = _written_off(work, as_of, ids)
    for household in households:
        key = household["id"]
        of = {name: grouped.get(key, []) for name, grouped in facts.items()}
        yield KnownHousehold(
            household_no=household["household_no"],
            enrolments=tuple(
                Spell(row.from_month, row.until_month, row.id) for row in of["enrolment"]
            ),
            memberships=tuple(
                KnownMembership(row.person_id, row.counted, row.from_month, row.until_month)
                for row in of["membership"]
            ),
            grades=tuple(KnownGrade(row.id, row.grade, row.from_month) for row in of["grade"]),
            held=any(row.held for row in of["hold"]),
            has_account=any(row.kind != "none" for row in of["account"]),
            choice=of["recovery_choice"][-1].choice if of["recovery_choice"] else "offset",
            paid=paid[key],
            written_off=written_off[key],
        )


def _facts(work: UnitOfWork, table: sa.Table, ids: list[int], as_of: dt.datetime) -> _Grouped:
    """The rows of one fact table that had been recorded by T and not superseded at T."""
    statement = (
        sa.select(table)
        .where(
            table.c.household_id.in_(ids),
            table.c.recorded_at <= as_of,
            sa.func.coalesce(table.c.superseded_at > as_of, sa.true()),
        )
        .order_by(table.c.household_id, table.c.id)
    )
    rows = work.connection.execute(statement)
    return {key: list(group) for key, group in groupby(rows, key=lambda row: row.household_id)}


_ByMonth = defaultdict[int, dict[Month, Fen]]
_GivenUp = defaultdict[int, dict[Month, list[GivenUp]]]


def _paid(work: UnitOfWork, as_of: dt.datetime, ids: Collection[int]) -> _ByMonth:
    """P: the items made before T that stood at T, and the repayments confirmed by T."""
    sums: _ByMonth = defaultdict(dict)
    for key, month, amount_fen, _at in _payments(work, as_of, ids):
        sums[key][month] = sums[key].get(month, 0) + amount_fen
    return sums


def _written_off(work: UnitOfWork, as_of: dt.datetime, ids: Collection[int]) -> _GivenUp:
    """What had been given up, and confirmed, by T, each with what it was given up of."""
    found: _GivenUp = defaultdict(dict)
    given_up = list(work.connection.execute(_confirmed(WRITE_OFF, as_of, ids)))
    payments = defaultdict(list)
    own = {row.household_id for row in given_up}
    for key, month, amount_fen, at in _payments(work, as_of, own):
        payments[key, month].append((at, amount_fen))
    for key, month, amount_fen, confirmed_at in given_up:
        stood_on_fen = sum(fen for at, fen in payments[key, month] if at < confirmed_at)
        found[key].setdefault(month, []).append(GivenUp(amount_fen, stood_on_fen))
    return found


def _payments(
    work: UnitOfWork, as_of: dt.datetime, ids: Collection[int]
) -> Iterator[tuple[int, Month, Fen, dt.datetime]]:
    """Household, month, fen and instant of all that P sums up."""
    items = sa.select(ITEM.c.household_id, ITEM.c.month, ITEM.c.amount_fen, ITEM.c.made_at).where(
        ITEM.c.household_id.in_(ids),
        ITEM.c.made_at < as_of,
        sa.func.coalesce(ITEM.c.voided_at > as_of, sa.true()),
    )
    if ids:
        for statement in (items, _confirmed(REPAYMENT, as_of, ids)):
            yield from work.connection.execute(statement)


def _confirmed(
    table: sa.Table, as_of: dt.datetime, ids: Collection[int]
) -> sa.Select[int, Month, Fen, dt.datetime]:
    return (
        sa.select(table.c.household_id, table.c.month, table.c.amount_fen, table.c.confirmed_at)
        .where(table.c.household_id.in_(ids), table.c.confirmed_at <= as_of)
        .order_by(table.c.confirmed_at, table.c.id)
    )
