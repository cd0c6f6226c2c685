"""Money outside the lists beside the lists: neither counts what the other is about to."""

from __future__ import annotations

import pytest

from relief.payouts.over_paid.kinds import REPAYMENT, WRITE_OFF, MoneyKind
from tests.office import FANG, PING, Office
from tests.service.test_over_paid import JUNE, both_kinds, over_paid, refused, stands


@pytest.fixture
def autumn(office: Office) -> Office:
    """H1 has something to recover from: its list of the next quarter can be made."""
    july = over_paid(office)
    july.at("2005-08-20T09:00")
    return july


@both_kinds
def test_list_does_not_recover_what_waits_to_be_confirmed(autumn: Office, kind: MoneyKind) -> None:
    number = autumn.record_money(kind, "H1", JUNE, 200_00, "2005-7")
    autumn.at("2005-09-15T09:00")
    autumn.prepare("2005Q3")
    assert refused(lambda: autumn.step("2005Q3", "submit", FANG)) == {"run.waiting_money"}
    autumn.money_step(number, "decline", PING, reason="a slip of the pen")
    autumn.step("2005Q3", "submit", FANG)


def test_what_waits_stops_no_list_that_recovers_nothing_of_it(autumn: Office) -> None:
    autumn.at("2005-09-15T09:00")
    autumn.choose("H1", "wait")
    autumn.prepare("2005Q3")
    autumn.record_money(REPAYMENT, "H1", JUNE, 200_00, "2005-7")
    autumn.release("2005Q3")  # nothing of June is in it


@both_kinds
def test_month_in_a_draft_is_not_settled_outside_it(autumn: Office, kind: MoneyKind) -> None:
    autumn.at("2005-09-15T09:00")
    autumn.prepare("2005Q3")  # recovers 200.00 of May, and 100.00 of June
    assert stands(autumn).over_fen > 0
    codes = refused(lambda: autumn.record_money(kind, "H1", JUNE, 1, "2005-7"))
    assert codes == {"over_paid.on_its_way"}


def test_what_the_bank_has_not_paid_is_not_given_up_and_may_come_back(autumn: Office) -> None:
    autumn.at("2005-09-15T09:00")
    autumn.prepare("2005Q3")
    autumn.release("2005Q3")
    codes = refused(lambda: autumn.record_money(WRITE_OFF, "H1", JUNE, 1, "2005-7"))
    assert codes == {"over_paid.on_its_way"}
    assert autumn.record_money(REPAYMENT, "H1", JUNE, 1, "2005-8") == "M2005-0001"


def test_new_over_payment_is_told_after_an_earlier_one_came_back(autumn: Office) -> None:
    autumn.choose("H1", "wait")
    autumn.at("2005-09-15T09:00")
    autumn.prepare("2005Q3")
    assert autumn.run("2005Q3").new_over_paid_fen == 400_00
    autumn.release("2005Q3")
    autumn.answer("2005Q3", {"H1": "success", "H2": "success"})
    autumn.settle(REPAYMENT, "H1", JUNE, 200_00, "2005-9")
    autumn.at("2005-10-10T09:00")
    left = {"change": "exit", "effective_on": "2005-08-20", "reason": "moved away"}
    autumn.change({"household_no": "H1", **left})
    autumn.at("2005-12-15T09:00")
    autumn.prepare("2005Q4")
    assert autumn.run("2005Q4").new_over_paid_fen == 200_00
