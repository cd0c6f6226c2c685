"""The paper of money outside the lists: a receipt is one household's, minutes may be several'."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
import sqlalchemy as sa

from relief.engine.work import Work
from relief.kernel.errors import ReliefError
from relief.payouts.over_paid.kinds import REPAYMENT, WRITE_OFF, MoneyKind
from relief.payouts.over_paid.queries import list_money, same_paper
from tests.faults.waiting import meanwhile
from tests.office import FANG, PING, Office
from tests.over_paid import (
    JUNE,
    MAY,
    both_kinds,
    over_paid,
    refused,
)

pytestmark = pytest.mark.postgresql_slow


@pytest.fixture
def july(office: Office) -> Office:
    return over_paid(office)


@both_kinds
def test_one_paper_counts_once_for_a_household_and_month(july: Office, kind: MoneyKind) -> None:
    july.record_money(kind, "H1", JUNE, 1_00, "2005-7")
    twice = partial(july.record_money, kind, "H1", JUNE, 1_00, " 2005-7 ")
    assert refused(twice) == {"over_paid.paper_twice"}


def said(act: Callable[[], object]) -> list[str]:
    with pytest.raises(ReliefError) as fault:
        act()
    return [str(problem.text) for problem in fault.value.problems]


def test_receipt_of_another_household_is_refused_and_says_where_it_was_used(
    july: Office,
) -> None:
    left = {"change": "exit", "effective_on": "2005-04-20", "reason": "moved away"}
    july.change({"household_no": "H2", **left})
    first = july.record_money(REPAYMENT, "H1", JUNE, 1_00, "2005-7")
    again = partial(july.record_money, REPAYMENT, "H2", MAY, 1_00, "２００５-7")
    assert said(again) == [
        f"2005-7 was recorded for household H1 already, as {first}; one receipt is the money of "
        f"one household: enter this household's own, or, if {first} is the mistake, take it back "
        "first"
    ]
    july.money_step(first, "confirm", PING)
    assert "is confirmed; one receipt" in said(again)[0]
    july.record_money(REPAYMENT, "H2", MAY, 1_00, "2005-8")


def test_receipt_that_was_taken_back_is_free_for_another_household(july: Office) -> None:
    left = {"change": "exit", "effective_on": "2005-04-20", "reason": "moved away"}
    july.change({"household_no": "H2", **left})
    wrong = july.record_money(REPAYMENT, "H1", JUNE, 1_00, "2005-7")
    july.money_step(wrong, "take_back", FANG, reason="it was H2")
    july.record_money(REPAYMENT, "H2", JUNE, 1_00, "2005-7")


def test_further_part_on_one_receipt_is_told_the_way_on(july: Office) -> None:
    first = july.record_money(REPAYMENT, "H1", JUNE, 50_00, "2005-7")
    part = partial(july.record_money, REPAYMENT, "H1", JUNE, 70_00, "2005-7")
    assert said(part) == [
        f"2005-7 was recorded for household H1 and 2005-06 already, as {first}; if that is only a "
        "part, take it back and record the whole amount, or enter the number of this part's own "
        "paper"
    ]
    july.money_step(first, "take_back", FANG, reason="only a part")
    whole = july.record_money(REPAYMENT, "H1", JUNE, 120_00, "2005-7")
    july.money_step(whole, "confirm", PING)
    assert said(part) == [
        f"2005-7 was recorded for household H1 and 2005-06 already, as {whole}, and is confirmed; "
        "if this is a further part, enter the number of its own paper"
    ]


def test_minutes_may_decide_about_several_households(july: Office) -> None:
    left = {"change": "exit", "effective_on": "2005-04-20", "reason": "moved away"}
    july.change({"household_no": "H2", **left})
    for no in ("H1", "H2"):
        july.record_money(WRITE_OFF, no, JUNE, 200_00, "2005-7")


DISGUISES = ("2005–7", "２００５－７", "2005\n7", "2005\u200b7", "2OO5 7", "200\u06657")


@both_kinds
def test_disguise_makes_no_other_paper_of_a_number(july: Office, kind: MoneyKind) -> None:
    first = july.record_money(kind, "H1", JUNE, 1_00, "2005-7")
    for number in DISGUISES:
        again = partial(july.record_money, kind, "H1", JUNE, 1_00, number)
        assert refused(again) == {"over_paid.paper_twice"}, ascii(number)
    july.money_step(first, "take_back", FANG, reason="another month")
    july.record_money(kind, "H1", JUNE, 1_00, "２００５\n—７")  # the paper is free again
    with july.relief.reading() as work:
        assert [each.paper_no for each in list_money(work, kind)] == ["2005-7", "2005 —7"]


def test_receipt_of_another_household_is_refused_in_every_disguise(july: Office) -> None:
    july.record_money(REPAYMENT, "H1", JUNE, 1_00, "2005-7")
    for number in DISGUISES:
        again = partial(july.record_money, REPAYMENT, "H2", MAY, 1_00, number)
        assert "over_paid.paper_of_another" in refused(again), ascii(number)


@both_kinds
def test_paper_without_a_figure_or_a_letter_is_no_paper(july: Office, kind: MoneyKind) -> None:
    bare = partial(july.record_money, kind, "H1", JUNE, 1_00, "— – -")
    assert refused(bare) == {"over_paid.paper_number"}


Place = tuple[str, int, int]
SAME_MONTH: tuple[Place, Place] = (("20057", 1, JUNE), ("20057", 1, JUNE))
TWO_HOUSEHOLDS: tuple[Place, Place] = (("20057", 1, JUNE), ("20057", 2, MAY))
TWO_MONTHS: tuple[Place, Place] = (("20057", 1, JUNE), ("20057", 1, MAY))


@pytest.mark.parametrize(("kind", "places", "stands"), [
    (REPAYMENT, SAME_MONTH, 1), (WRITE_OFF, SAME_MONTH, 1),
    (REPAYMENT, TWO_HOUSEHOLDS, 1), (WRITE_OFF, TWO_HOUSEHOLDS, 2),
    (REPAYMENT, TWO_MONTHS, 2), (WRITE_OFF, TWO_MONTHS, 2),
])  # fmt: skip
def test_database_itself_refuses_the_second_of_two_who_write_one_paper_at_once(
    july: Office, kind: MoneyKind, places: tuple[Place, Place], stands: int
) -> None:
    """Past guards and lock of record, as if the program had neither."""
    free = july.record_money(kind, "H1", JUNE, 1_00, "another")
    july.money_step(free, "take_back", FANG, reason="only to have a row")

    def second() -> bool:
        try:
            with july.relief.work() as work:
                put(work, kind, places[1], "second")
                work.commit()
        except sa.exc.IntegrityError:
            return False
        return True

    if stands == 1 or july.relief.database.is_sqlite:
        _none, taken = meanwhile(july, lambda work: put(work, kind, places[0], "first"), second)
    else:  # on PostgreSQL nobody has to wait, unless it is one receipt
        with july.relief.work() as work:
            put(work, kind, places[0], "first")
            work.commit()
        taken = second()
    with july.relief.reading() as work:
        found = [each.reference for each in same_paper(work, kind, "2005-7", ("recorded",))]
    assert (taken, found) == (stands == 2, ["first", "second"][:stands])


def put(work: Work, kind: MoneyKind, place: Place, reference: str) -> None:
    key, household_id, month = place
    row = dict(work.connection.execute(sa.select(kind.table).limit(1)).mappings().one())
    row |= {"paper_key": key, "household_id": household_id, "month": month}
    row |= {"state": "recorded", "reference": reference}
    work.connection.execute(sa.insert(kind.table), {k: v for k, v in row.items() if k != "id"})
