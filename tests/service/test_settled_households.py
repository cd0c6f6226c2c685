"""Which households a run may skip: whoever was found settled, and of whom nothing became known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from relief.engine.work import Work
from relief.kernel.months import parse_month
from relief.payouts.entitlement.months import _settled
from relief.payouts.entitlement.window import (
    ACCOUNT,
    CHECKPOINT,
    ENROLMENT,
    GRADE,
    HOUSEHOLD,
    ITEM,
    LINE,
    MEMBERSHIP,
    RATE,
    REPAYMENT,
    WRITE_OFF,
    Window,
)
from relief.payouts.over_paid import kinds
from tests.life import PERSONS
from tests.office import Office
from tests.over_paid import JUNE, over_paid

MICROSECOND = dt.timedelta(microseconds=1)
BOTH = {"H1", "H2"}


@pytest.fixture
def autumn(office: Office) -> Office:
    """H1 (two persons, too much paid) and H2; the clock stands in August."""
    july = over_paid(office)
    july.at("2005-08-20T09:00")
    return july


def exit_of_h1(office: Office) -> None:
    office.change({"household_no": "H1", "change": "exit", "effective_on": "2005-08-01"})


def member_of_h1(office: Office) -> None:
    joined = {"effective_on": "2005-08-01", "name": "试丙", "relation": "child", "counted": "yes"}
    office.change({"household_no": "H1", "change": "join", "id_number": PERSONS[4]} | joined)


def rates_of_all(office: Office) -> None:
    office.rates(("deep", "2005-10", 19_000), document_no="2005-20")


def repayment_of_h1(office: Office) -> None:
    office.settle(kinds.REPAYMENT, "H1", JUNE, 1, "2005-7")


def write_off_of_h1(office: Office) -> None:
    office.settle(kinds.WRITE_OFF, "H1", JUNE, 1, "2005-7")


def returned_of_h1(office: Office) -> None:
    office.answer("2005Q2", {"H1": "returned"})


DEEDS = [
    (exit_of_h1, ENROLMENT.c.recorded_at, {"H2"}),
    (member_of_h1, MEMBERSHIP.c.recorded_at, {"H2"}),
    (rates_of_all, RATE.c.confirmed_at, set()),
    (repayment_of_h1, REPAYMENT.c.confirmed_at, {"H2"}),
    (write_off_of_h1, WRITE_OFF.c.confirmed_at, {"H2"}),
    (returned_of_h1, ITEM.c.voided_at, {"H2"}),
]


def latest(work: Work, column: sa.Column[dt.datetime]) -> dt.datetime:
    return work.connection.execute(sa.select(sa.func.max(column))).scalar_one()


def settled(
    work: Work, as_of: dt.datetime, found_at: dt.datetime, draft: int | None = None
) -> set[str]:
    """Who is skipped at an instant, both households having been found settled at another."""
    work.connection.execute(sa.delete(CHECKPOINT))
    for household in work.rows(sa.select(HOUSEHOLD.c.id)):
        values = {"household_id": household.id, "run_id": 1, "through_month": JUNE}
        work.connection.execute(sa.insert(CHECKPOINT).values(as_of=found_at, **values))
    window = Window(as_of, parse_month("2005-04"), parse_month("2005-07"), JUNE + 3, 50, draft)
    found = _settled(window)
    rows = sa.select(HOUSEHOLD.c.household_no).where(HOUSEHOLD.c.id == found.c.household_id)
    return set(work.connection.execute(rows).scalars())


@pytest.fixture
def work(autumn: Office) -> Iterator[Work]:
    """A unit of work that keeps nothing."""
    with autumn.relief.work() as work:
        yield work


@pytest.mark.parametrize(
    ("deed", "column", "left"), DEEDS, ids=lambda each: getattr(each, "__name__", "")
)
def test_household_is_looked_at_again_once_something_of_its_own_became_known(
    autumn: Office, deed: Callable[[Office], None], column: sa.Column[dt.datetime], left: set[str]
) -> None:
    deed(autumn)
    with autumn.relief.work() as work:
        known_at, now = latest(work, column), work.instant()
        assert settled(work, now, found_at=known_at - MICROSECOND) == left
        assert settled(work, now, found_at=known_at) == BOTH


def test_line_that_was_made_since_then_is_looked_at(autumn: Office) -> None:
    """H1 is recovered from only; the list of the third quarter has a line for each of the two."""
    autumn.at("2005-09-15T09:00")
    autumn.prepare("2005Q3")
    with autumn.relief.work() as work:
        made_at, now = latest(work, LINE.c.made_at), work.instant()
        assert settled(work, now, found_at=made_at - MICROSECOND) == set()
        assert settled(work, now, found_at=made_at) == BOTH
        draft = autumn.run("2005Q3").id
        assert settled(work, now, found_at=made_at, draft=draft) == set()
        assert settled(work, now, found_at=made_at, draft=draft - 1) == set()
        assert settled(work, now, found_at=made_at, draft=draft + 1) == BOTH


def test_what_a_later_run_found_does_not_count_for_an_earlier_instant(work: Work) -> None:
    now = work.instant()
    assert settled(work, now, found_at=now) == BOTH
    assert settled(work, now, found_at=now + MICROSECOND) == set()


def test_grade_of_a_household_is_a_fact_of_its_own(autumn: Office) -> None:
    autumn.change(
        {
            "household_no": "H1",
            "change": "grade",
            "effective_on": "2005-08-01",
            "grade": "relative",
        }
    )
    autumn.rates(("relative", "2005-10", 15_000), document_no="2005-20")
    with autumn.relief.work() as work:
        known_at, confirmed_at = (
            latest(work, GRADE.c.recorded_at),
            latest(work, RATE.c.confirmed_at),
        )
        now = work.instant()
        assert settled(work, now, found_at=known_at - MICROSECOND) == {"H2"}
        assert settled(work, now, found_at=known_at) == {"H2"}  # its rate came after it
        assert settled(work, now, found_at=confirmed_at) == BOTH


def test_household_without_a_line_stays_settled_when_another_gets_one(autumn: Office) -> None:
    autumn.change({"household_no": "H1", "change": "suspend", "reason": "to be found out"})
    autumn.at("2005-09-15T09:00")
    autumn.prepare("2005Q3")
    with autumn.relief.work() as work:
        made_at, now = latest(work, LINE.c.made_at), work.instant()
        assert settled(work, now, found_at=made_at - MICROSECOND) == {"H1"}
        assert settled(work, now, found_at=made_at) == BOTH
        draft = autumn.run("2005Q3").id
        assert settled(work, now, found_at=made_at, draft=draft) == {"H1"}


def test_fact_that_is_taken_back_and_replaced_by_none_is_looked_at(work: Work) -> None:
    for table in (ENROLMENT, MEMBERSHIP, ACCOUNT):
        now = work.instant()
        of_h1 = sa.update(table).where(table.c.household_id == 1, table.c.superseded_at.is_(None))
        assert settled(work, now, found_at=now - MICROSECOND) == BOTH
        with work.connection.begin_nested() as taken_back:
            work.connection.execute(of_h1.values(superseded_at=now))
            assert settled(work, now, found_at=now - MICROSECOND) == {"H2"}
            assert settled(work, now, found_at=now) == BOTH
            taken_back.rollback()
