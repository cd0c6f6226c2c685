"""What becomes of a household where it turns: at one fen, at nought, at the last month."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from relief.engine.work import Work
from relief.households.tables import Account, Enrolment, Hold
from relief.kernel.columns import table_of
from relief.payouts.entitlement import VERDICTS, Window, stage, staged_items, unstage
from relief.payouts.entitlement.window import HOUSEHOLD
from relief.payouts.tables import Rate
from tests.office import Office
from tests.service.test_calculation_edges import JUNE, MAY, instant, opened, spring

# Reason, whether there is a line, the recovery; and the items as month and fen.
Found = tuple[str, int, int, list[tuple[int, int]]]
PAID_FEN, JULY = 199_98, JUNE + 1
# One person, paid 199.98 of April, May and June: by so much more is owed of May, less of June.
CASES: dict[str, tuple[int, int, str, Found]] = {
    "one fen": (1, 0, "", ("", 1, 0, [(MAY, 1)])),
    "half a fen is not recovered": (1, 1, "", ("over_paid", 1, 0, [(MAY, 1)])),
    "of two fen one": (2, 1, "", ("", 1, 1, [(MAY, 2), (JUNE, -1)])),
    "of three fen one": (3, 2, "", ("over_paid", 1, 1, [(MAY, 3), (JUNE, -1)])),
    "nothing due to recover from": (0, 1, "", ("over_paid", 0, 0, [])),
    "held: due": (1, 0, "held", ("on_hold", 0, 0, [])),
    "held: over": (0, 1, "held", ("on_hold", 0, 0, [])),
    "held: both alike": (1, 1, "held", ("on_hold", 0, 0, [])),
    "held: both": (2, 1, "held", ("on_hold", 0, 1, [])),
    "resumed": (1, 0, "resumed", ("", 1, 0, [(MAY, 1)])),
    "no account: due": (1, 0, "none", ("no_account", 0, 0, [])),
    "no account: nothing to pay": (0, 1, "none", ("over_paid", 0, 0, [])),
    "begins anew: due": (1, 0, "begins", ("", 1, 0, [(MAY, 1)])),
}
BEGINS: dict[str, tuple[int, int | None, str]] = {
    "in the last month": (JUNE, None, ""),
    "after it": (JULY, None, "not_yet"),
    "after it, for a month": (JULY, JULY + 1, "not_yet"),
    "never": (JULY, JULY, ""),
}


@pytest.fixture
def paid(office: Office) -> Office:
    """The second quarter is on its way to H1, and nothing is left of it."""
    spring(office)
    office.prepare("2005Q2")
    return office


def test_line_and_exception_and_items_of_one_household(paid: Office) -> None:
    found = {name: _case(paid, *case[:3]) for name, case in CASES.items()}
    assert found == {name: case[3] for name, case in CASES.items()}


def test_settled_household_that_begins_anew_is_told_where_it_is_not_yet_its_turn(
    paid: Office,
) -> None:
    for name, (from_month, until_month, reason) in BEGINS.items():
        with paid.relief.work() as work:  # never committed
            now = work.instant()
            _enrolled(work, now, from_month, until_month)
            assert (name, _reasons(work, now)) == (name, {"H1": reason} if reason else {})


def test_each_household_has_its_own_recovery_and_its_own_beginning(office: Office) -> None:
    """The oldest month is taken from first, in each household anew."""
    spring(office)
    opened(office, "H2")
    office.prepare("2005Q2")
    for no in ("H3", "H4"):
        opened(office, no, "2005-06-10")
    with office.relief.work() as work:  # never committed
        now = work.instant()
        assert _reasons(work, now) == {"H3": "not_yet", "H4": "not_yet"}
        for month, rate_fen in ((MAY - 1, 190_00), (MAY, 290_00), (JUNE, 190_00)):
            _rate(work, now, month, rate_fen)
        stage(work, _window(now))
        items = [(row.month, row.amount_fen) for row in work.rows(staged_items(_window(now)))]
        unstage(work)
    own = [(MAY - 1, -9_98), (MAY, 90_02), (JUNE, -9_98)]
    assert sorted(items) == sorted([*own, *own])


def test_household_is_judged_from_the_very_instant_at_which_it_was_recorded(
    office: Office,
) -> None:
    spring(office)
    opened_at = instant(office, HOUSEHOLD.c.recorded_at)
    with office.relief.work() as work:
        assert _reasons(work, opened_at) == {"H1": ""}
        assert _reasons(work, opened_at - dt.timedelta(microseconds=1)) == {}


def _window(at: dt.datetime) -> Window:
    return Window(at, MAY - 1, MAY - 1, JUNE, 50, full=True)


def _case(office: Office, more_fen: int, less_fen: int, how: str) -> Found:
    with office.relief.work() as work:  # never committed
        now = work.instant()
        _rate(work, now, MAY, PAID_FEN + more_fen)
        _rate(work, now, JUNE, PAID_FEN - less_fen)
        known = {"household_id": 1, "recorded_at": now, "recorded_by": "ping"}
        if how in ("held", "resumed"):
            work.insert(Hold, held=how == "held", event_on=now.date(), **known)
        elif how == "none":
            work.connection.execute(sa.update(table_of(Account)).values(superseded_at=now))
            work.insert(Account, kind="none", token="", event_on=now.date(), **known)
        elif how == "begins":
            _enrolled(work, now, JULY, None)
        return _found(work, now)


def _rate(work: Work, at: dt.datetime, month: int, rate_fen: int) -> None:
    proposed = {"document_no": f"2005-{month}", "recorded_at": at, "proposed_by": "an"}
    confirmed = {"confirmed_at": at, "confirmed_by": "ping"}
    work.insert(Rate, grade="deep", from_month=month, rate_fen=rate_fen, **proposed, **confirmed)


def _enrolled(work: Work, at: dt.datetime, from_month: int, until_month: int | None) -> None:
    known = {"household_id": 1, "recorded_at": at, "recorded_by": "ping", "approved_on": at.date()}
    work.insert(Enrolment, from_month=from_month, until_month=until_month, **known)


def _found(work: Work, at: dt.datetime) -> Found:
    stage(work, _window(at))
    (verdict,) = work.rows(sa.select(VERDICTS))
    items = work.rows(staged_items(_window(at)))
    unstage(work)
    due = sorted((row.month, row.amount_fen) for row in items)
    return verdict.reason, verdict.has_line, verdict.recovery_fen, due


def _reasons(work: Work, at: dt.datetime) -> dict[str, str]:
    stage(work, _window(at))
    found = {row.household_no: row.reason for row in work.rows(sa.select(VERDICTS))}
    unstage(work)
    return found
