"""What the calculation takes for known at T, and which of several facts stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from relief.engine.work import Work
from relief.households.tables import Account, GradeFact, Hold
from relief.kernel.columns import table_of
from relief.payouts.entitlement import MONTHS, VERDICTS, Window, stage, unstage
from relief.payouts.tables import Rate
from tests.office import Office
from tests.service.test_calculation_edges import JUNE, MAY, spring

APRIL, MICROSECOND = MAY - 1, dt.timedelta(microseconds=1)
DEEP_FEN, RELATIVE_FEN = 199_98, 100_00


@pytest.fixture
def work(office: Office) -> Iterator[Work]:
    """A unit of work that keeps nothing: H1 is `deep`, one person, and was paid nothing yet."""
    spring(office)
    with office.relief.work() as work:
        yield work


def test_fact_counts_from_its_instant_until_another_takes_its_place(work: Work) -> None:
    now = work.instant()
    known = {"household_id": 1, "recorded_at": now, "recorded_by": "ping"}
    work.insert(Hold, held=True, event_on=now.date(), **known)
    assert [_reason(work, now - MICROSECOND), _reason(work, now)] == ["", "on_hold"]
    later = now + dt.timedelta(seconds=1)
    for model in (Hold, Account):
        work.connection.execute(sa.update(table_of(model)).values(superseded_at=later))
    assert [_reason(work, later - MICROSECOND), _reason(work, later)] == ["on_hold", "no_account"]


def test_months_of_grades_are_in_their_order_in_whichever_order_they_were_recorded(
    work: Work,
) -> None:
    now = work.instant()
    _rate(work, now, "relative", APRIL, RELATIVE_FEN)
    for grade, month in (("deep", JUNE), ("deep", MAY), ("relative", MAY)):
        _grade(work, now, grade, month)
    assert _due(work, now) == [DEEP_FEN, RELATIVE_FEN, DEEP_FEN]
    _grade(work, now, "relative", JUNE)
    _grade(work, now, "deep", MAY)
    assert _due(work, now) == [DEEP_FEN, DEEP_FEN, RELATIVE_FEN]


def test_months_of_rates_are_in_their_order_and_the_later_confirmed_stands(work: Work) -> None:
    now = work.instant()
    for month, rate_fen in ((JUNE, 300_00), (MAY, 250_00), (MAY, 260_00)):
        _rate(work, now, "deep", month, rate_fen)
    assert _due(work, now) == [DEEP_FEN, 260_00, 300_00]
    _rate(work, now - MICROSECOND, "deep", JUNE, 310_00)  # proposed later, confirmed before
    assert _due(work, now) == [DEEP_FEN, 260_00, 300_00]


def test_draft_that_is_made_anew_has_not_paid_anything(office: Office) -> None:
    spring(office)
    office.prepare("2005Q2")
    draft = office.run("2005Q2").id
    with office.relief.work() as work:
        now = work.instant()
        assert _due(work, now) == []
        assert _due(work, now, leave_out=draft + 1) == []
        assert _due(work, now, leave_out=draft) == [DEEP_FEN] * 3


def _grade(work: Work, at: dt.datetime, grade: str, month: int) -> None:
    known = {"household_id": 1, "recorded_at": at, "recorded_by": "ping", "decided_on": at.date()}
    work.insert(GradeFact, grade=grade, from_month=month, **known)


def _rate(work: Work, at: dt.datetime, grade: str, month: int, rate_fen: int) -> None:
    proposed = {"document_no": f"2005-{month}", "recorded_at": at, "proposed_by": "an"}
    confirmed = {"confirmed_at": at, "confirmed_by": "ping"}
    work.insert(Rate, grade=grade, from_month=month, rate_fen=rate_fen, **proposed, **confirmed)


def _due(work: Work, at: dt.datetime, leave_out: int | None = None) -> list[int]:
    """What is due of April, May and June."""
    stage(work, Window(at, APRIL, APRIL, JUNE, 50, leave_out, full=True))
    due = work.rows(sa.select(MONTHS.c.due_fen).order_by(MONTHS.c.month))
    unstage(work)
    return [row.due_fen for row in due]


def _reason(work: Work, at: dt.datetime) -> str:
    stage(work, Window(at, APRIL, APRIL, JUNE, 50, full=True))
    (verdict,) = work.rows(sa.select(VERDICTS.c.reason))
    unstage(work)
    return str(verdict.reason)
