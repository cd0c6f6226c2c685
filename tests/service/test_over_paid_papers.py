"""The paper of money outside the lists: a receipt is one household's, minutes may be several'."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from relief.kernel.errors import ReliefError
from relief.payouts.over_paid.kinds import REPAYMENT, WRITE_OFF, MoneyKind
from tests.office import FANG, PING, Office
from tests.over_paid import (
    JUNE,
    MAY,
    both_kinds,
    over_paid,
    refused,
)


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
