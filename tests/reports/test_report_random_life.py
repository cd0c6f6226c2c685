"""Money and households of a random life, against a plain recount of the same tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings

from relief.kernel.money import format_yuan
from relief.reports.periods import HalfYear
from tests.life import Life, lives
from tests.office import Office
from tests.reports.reading import report

PERIODS = (HalfYear(2005, 1), HalfYear(2005, 2), HalfYear(2006, 1))


@pytest.mark.parametrize("database_kind", ["sqlite"])  # the reading is tried on both elsewhere
@settings(max_examples=settings().max_examples // 6)  # each example is a whole life
@given(events=lives)
def test_money_and_households_equal_a_plain_recount(
    new_office: Callable[[], Office], events: list[tuple[int, tuple[Any, ...]]]
) -> None:
    office = new_office()
    life = Life(office)
    life.begin()
    for days, event in events:
        life.live(days, event)
    for period in PERIODS:
        found = report(office, str(period))
        plain = recount(office, period)
        assert {name: found.figure(name).value for name in plain} == plain
    office.relief.database.dispose()


def recount(office: Office, period: HalfYear) -> dict[str, object]:
    """Line by line, and household by household, in plain words."""
    with office.relief.reading() as work:
        events = work.rows(
            sa.text(
                "SELECT l.id, l.household_id, l.amount_fen, e.state, e.settled_on "
                "FROM line_event e JOIN payout_line l ON l.id = e.line_id "
                "WHERE e.state IN ('paid', 'returned')"
            )
        )
        enrolments = work.rows(
            sa.text(
                "SELECT household_id, approved_on, exited_on FROM enrolment "
                "WHERE superseded_at IS NULL"
            )
        )
    first, last = period.first_on.isoformat(), period.last_on.isoformat()
    within = [e for e in events if first <= str(e.settled_on) <= last]
    paid = {e.id: e for e in within if e.state == "paid"}
    back = {e.id: e for e in within if e.state == "returned"}
    stands = [e for e in paid.values() if e.id not in back]
    paid_fen = sum(e.amount_fen for e in paid.values())
    back_fen = sum(e.amount_fen for e in back.values())
    enrolled = {
        e.household_id
        for e in enrolments
        if str(e.approved_on) <= last and not (e.exited_on and str(e.exited_on) <= last)
    }
    return {
        "amount_settled": format_yuan(paid_fen - back_fen),
        "amount_paid": format_yuan(paid_fen),
        "amount_returned": format_yuan(back_fen),
        "workers_helped": len({e.household_id for e in stands}),
        "payments_settled": len(stands),
        "households_enrolled": len(enrolled),
    }
