"""Reading two runs, side by side, for the bridge between them."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from operator import itemgetter

import sqlalchemy as sa

from relief.kernel.money import Fen
from relief.kernel.months import Month
from relief.kernel.unit_of_work import UnitOfWork
from relief.payouts import queries, rules
from relief.payouts.explanation.bridge_steps import (
    Bridge,
    Crossing,
    RegularMonth,
    Side,
    build_bridge,
)
from relief.payouts.over_paid.kinds import REPAYMENT
from relief.payouts.queries import Line, Run
from relief.payouts.verification.known import known_households, known_rates
from relief.payouts.verification.plain import KnownGrade, KnownHousehold, KnownRate, owed

_CHUNK_HOUSEHOLDS = 1_000
_Sided = tuple[str, str, Side]


def bridge(work: UnitOfWork, run: Run) -> Bridge:
    """From the last live regular run whose T is earlier, to this run; from nothing where there was
    none. Lines withdrawn do not count on either side."""
    earlier = [
        other
        for other in queries.all_runs(work)
        if other.kind == rules.REGULAR and other.state != "cancelled" and other.as_of < run.as_of
    ]
    previous = max(earlier, key=lambda other: other.as_of, default=None)
    crossings = list(_crossings(work, previous, run))
    if previous is not None:
        crossings = _with_grades(work, previous, run, crossings)
    return build_bridge(run.reference, previous.reference if previous else "", crossings)


def _crossings(work: UnitOfWork, previous: Run | None, run: Run) -> Iterator[Crossing]:
    streams: list[Iterable[_Sided]] = list(_sides(work, run, "this"))
    if previous is not None:
        streams += _sides(work, previous, "previous")
    merged = heapq.merge(*streams, key=itemgetter(0))
    for household_no, group in groupby(merged, key=itemgetter(0)):
        # Who is blocked has no line, so there is one side of each run at most.
        sides = {name: side for _no, name, side in group}
        yield Crossing(household_no, sides.get("previous", Side()), sides.get("this", Side()))


def _sides(work: UnitOfWork, run: Run, name: str) -> tuple[Iterable[_Sided], Iterable[_Sided]]:
    """The households of one run, by its lines and by its exceptions, in order of their numbers."""
    repaid = _repaid(work, run)
    lines = (
        (line.household_no, name, _side(run, line, repaid))
        for line in queries.iterate_lines(work, run.id)
    )
    exceptions = (
        (found.household_no, name, Side(blocked=True))
        for found in queries.exceptions_of(work, run.id)
        if found.reason in rules.BLOCKING_REASONS
    )
    return lines, exceptions


def _repaid(work: UnitOfWork, run: Run) -> dict[tuple[int, Month], Fen]:
    """What households had brought back by the run's T, of the months of its quarter."""
    paid_back = REPAYMENT.table.c
    rows = work.rows(
        sa.select(paid_back.household_id, paid_back.month, sa.func.sum(paid_back.amount_fen))
        .where(
            paid_back.month.between(run.first_month, run.last_month),
            paid_back.confirmed_at <= run.as_of,
        )
        .group_by(paid_back.household_id, paid_back.month)
    )
    return {(no, month): REPAYMENT.written_fen(int(fen)) for no, month, fen in rows}


def _side(run: Run, line: Line, repaid: Mapping[tuple[int, Month], Fen]) -> Side:
    if line.state == "withdrawn":
        return Side(blocked=True)
    return Side(
        months={
            item.month - run.first_month: RegularMonth(
                item.persons,
                item.rate_fen,
                item.amount_fen,
                repaid.get((line.household_id, item.month), 0),
            )
            for item in line.items
            if item.kind == "regular"
        },
        arrears_fen=_sum(line, "arrears"),
        recovery_fen=_sum(line, "recovery"),
    )


def _sum(line: Line, kind: str) -> Fen:
    return sum(item.amount_fen for item in line.items if item.kind == kind)


# Was it the grade, or the rate?


def _with_grades(
    work: UnitOfWork, previous: Run, run: Run, crossings: list[Crossing]
) -> list[Crossing]:
    """Where a rate is another, say which rate the new grade had before."""
    repriced = [crossing.household_no for crossing in crossings if crossing.repriced]
    before = _known(work, previous, repriced)
    now = _known(work, run, repriced)
    rates_before, rates_now = known_rates(work, previous.as_of), known_rates(work, run.as_of)

    def regraded(crossing: Crossing) -> dict[int, Fen]:
        no = crossing.household_no
        rates = {}
        for place in crossing.repriced:
            was = owed(before[no], rates_before, previous.first_month + place).grade
            grade = owed(now[no], rates_now, run.first_month + place).grade
            if grade is not None and grade != was:
                month = previous.first_month + place
                rate_fen = _rate_of(grade, before[no], rates_before, month)
                # A grade without a rate then: the whole difference is the grade's.
                rates[place] = rate_fen or crossing.this.months[place].rate_fen
        return rates

    return [
        replace(crossing, regraded=regraded(crossing)) if crossing.repriced else crossing
        for crossing in crossings
    ]


def _known(work: UnitOfWork, run: Run, household_nos: list[str]) -> dict[str, KnownHousehold]:
    chunks = (
        household_nos[start : start + _CHUNK_HOUSEHOLDS]
        for start in range(0, len(household_nos), _CHUNK_HOUSEHOLDS)
    )
    return {
        known.household_no: known
        for chunk in chunks
        for known in known_households(work, run.as_of, household_nos=chunk)
    }


def _rate_of(
    grade: str, household: KnownHousehold, rates: tuple[KnownRate, ...], month: int
) -> Fen:
    alone = replace(household, grades=(KnownGrade(0, grade, 0),))
    return owed(alone, rates, month).rate_fen
