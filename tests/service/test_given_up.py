"""W where it turns: which payments a write-off stands on, at which instants, of which month.

The rows are put in as they are, an instant apart, so that each order can be had; every answer is
asked of the set-based way and of the plain one.
"""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from relief.engine.tables import Subject
from relief.engine.work import Work
from relief.payouts.entitlement import MONTHS, Window, stage, unstage
from relief.payouts.over_paid.standing import standing_of
from relief.payouts.queries import ITEM, LINE, RUN
from relief.payouts.tables import PayoutItem, Repayment, WriteOff
from tests.office import Office
from tests.over_paid import APRIL, JUNE, MAY, over_paid

# What becomes known, second by second: of June of H1 there were 400.00 paid and 200.00 owed.
Event = tuple[int, str, int]
LATER = 9
MONEY: dict[str, tuple[type[Subject], str]] = {
    "write_off": (WriteOff, "minutes_no"),
    "repayment": (Repayment, "receipt_no"),
}
ANEW: list[Event] = [  # 50.00 given up; the bank sends 400.00 back, a later list pays them again
    (1, "write_off", 50_00),
    (2, "voided", 0),
    (3, "item", 400_00),
    (5, "write_off", 150_00),
]
CASES: dict[str, tuple[list[Event], int, int]] = {
    "nothing": ([], LATER, 200_00),
    "not yet": ([(1, "write_off", 50_00)], 0, 200_00),
    "at the very instant": ([(1, "write_off", 50_00)], 1, 150_00),
    "all of it": ([(1, "write_off", 200_00)], LATER, 0),
    "two of them": ([(1, "write_off", 50_00), (2, "write_off", 60_00)], LATER, 90_00),
    "two at one instant": ([(1, "write_off", 50_00), (1, "write_off", 60_00)], LATER, 90_00),
    "came back": ([(1, "repayment", -50_00)], 1, 150_00),
    "has not come back": ([(1, "repayment", -50_00)], 0, 200_00),
    "first of two": ([(1, "write_off", 50_00), (2, "write_off", 60_00)], 1, 150_00),
    "more than there is": ([(1, "write_off", 50_00), (2, "repayment", -180_00)], LATER, 0),
    "what came back before": (
        [(1, "repayment", -50_00), (2, "write_off", 150_00), (3, "item", 30_00)], LATER, 30_00),
    "more than stands": (
        [(1, "repayment", -50_00), (2, "write_off", 170_00), (3, "item", 30_00)], LATER, 30_00),
    "came back with it": (
        [(1, "repayment", -50_00), (1, "write_off", 170_00), (3, "item", 30_00)], LATER, 10_00),
    "came back after it": (
        [(1, "write_off", 170_00), (2, "repayment", -50_00), (3, "item", 80_00)], LATER, 60_00),
    "what comes later": (
        [(1, "write_off", 180_00), (3, "repayment", -50_00), (5, "write_off", 10_00)], 2, 20_00),
    "returned": (ANEW[:2], LATER, 0),
    "returned at the very instant": (ANEW[:2], 2, 0),
    "not returned yet": (ANEW[:2], 1, 150_00),
    "paid anew": (ANEW, 4, 200_00),
    "given up anew": (ANEW, LATER, 50_00),
    "given up anew at the very instant": (ANEW, 5, 50_00),
    "paid anew at the instant": (
        [(1, "write_off", 50_00), (1, "item", 400_00), (2, "voided", 0)], LATER, 200_00),
}  # fmt: skip


@pytest.fixture
def july(office: Office) -> Office:
    return over_paid(office)


def test_every_order_of_what_was_paid_came_back_and_was_given_up(july: Office) -> None:
    found = {name: _over(july, events, second) for name, (events, second, _fen) in CASES.items()}
    assert found == {name: (fen, fen) for name, (_events, _second, fen) in CASES.items()}


def test_other_months_and_households_give_up_nothing_of_this_one(july: Office) -> None:
    """Of May everything came back, so that nothing given up of it stands; H2 was paid rightly."""
    with july.relief.work() as work:  # never committed
        base = work.instant()
        _put(work, base, (1, "repayment", -200_00), month=MAY)
        _put(work, base, (2, "write_off", 10_00), month=MAY)
        _put(work, base, (2, "write_off", 10_00), no=2)
        _put(work, base, (3, "write_off", 180_00))
        assert _both(work, _at(base, LATER)) == (20_00, 20_00)
        assert _both(work, _at(base, LATER), MAY) == (0, 0)


def _over(office: Office, events: list[Event], second: int) -> tuple[int, int]:
    with office.relief.work() as work:  # never committed
        base = work.instant()
        for event in events:
            _put(work, base, event)
        return _both(work, _at(base, second))


def _at(base: dt.datetime, second: int) -> dt.datetime:
    return base + dt.timedelta(seconds=second)


def _put(work: Work, base: dt.datetime, event: Event, month: int = JUNE, no: int = 1) -> None:
    second, what, fen = event
    at, own = _at(base, second), {"household_id": no, "month": month, "amount_fen": fen}
    if what == "voided":
        paid = (ITEM.c.household_id == no, ITEM.c.month == month, ITEM.c.made_at < base)
        work.connection.execute(sa.update(ITEM).where(*paid).values(voided_at=at))
    elif what == "item":
        of_h2 = sa.select(sa.func.max(LINE.c.id)).where(LINE.c.household_id == 2)
        line_id = work.connection.execute(of_h2).scalar_one()
        paid_at = {"made_at": at, "kind": "arrears", "persons": 1, "rate_fen": 200_00}
        work.insert(PayoutItem, line_id=line_id, **own, **paid_at)
    else:
        model, paper = MONEY[what]
        number = f"X{no}-{month}-{second}-{fen}"
        pinned = work.connection.execute(sa.select(RUN.c.definition_sha256)).scalar_one()
        states = {"state": "confirmed", "reference": number, paper: number, "paper_key": number}
        known = {"recorded_at": base, "recorded_by": "fang", "confirmed_at": at}
        more = {"definition_sha256": pinned, "confirmed_by": "ping"}
        work.insert(model, **own, **known, **states, **more)


def _both(work: Work, at: dt.datetime, month: int = JUNE) -> tuple[int, int]:
    """What is over-paid, found by sets and found in the plain way."""
    return _staged(work, at, month), standing_of(work, at, 1, month).over_fen


def _staged(work: Work, at: dt.datetime, month: int) -> int:
    stage(work, Window(at, APRIL, APRIL, JUNE, 50, full=True))
    own = (MONTHS.c.household_id == 1, MONTHS.c.month == month)
    found = work.connection.execute(sa.select(MONTHS.c.over_fen).where(*own)).scalar_one_or_none()
    unstage(work)
    return found or 0
