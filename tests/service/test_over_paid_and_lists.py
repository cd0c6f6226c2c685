"""Money outside the lists beside the lists: neither counts what the other is about to."""

from __future__ import annotations

import pytest

from relief.households.queries import household_id_of
from relief.payouts import queries
from relief.payouts.explanation.household_months import household_months
from relief.payouts.over_paid.kinds import REPAYMENT, WRITE_OFF, MoneyKind
from relief.payouts.verification.verify import verify_run
from tests.life import PERSONS
from tests.office import FANG, PING, Office
from tests.over_paid import JUNE, MAY, both_kinds, over_paid, refused, stands, tampered

pytestmark = pytest.mark.postgresql_slow


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


def notes(office: Office, month: int) -> list[tuple[str, str]]:
    """What is said of a month of H1."""
    with office.relief.reading() as work:
        household_id = household_id_of(work, "H1")
        (found,) = [m for m in household_months(work, household_id, "H1") if m.month == month]
    return [(note.code, str(note.text)) for note in found.notes]


def leaves(office: Office, person: str, on: str) -> None:
    """Somebody of H1 is found to have left."""
    office.change(
        {"household_no": "H1", "change": "leave", "effective_on": on, "id_number": person}
    )


def test_write_off_of_money_that_came_back_hides_no_later_over_payment(autumn: Office) -> None:
    """June was paid 400.00, 200.00 of it given up. The bank sends the line back; the next list
    pays June with 200.00, which are over-paid when the household is found to have left before."""
    autumn.settle(WRITE_OFF, "H1", JUNE, 200_00, "2005-7")
    assert (stands(autumn).balance.written_off_fen, stands(autumn).over_fen) == (200_00, 0)
    assert "no_longer_over_paid" not in dict(notes(autumn, JUNE))
    autumn.answer("2005Q2", {"H1": "returned"})
    assert stands(autumn).balance.written_off_fen == 0
    assert tampered(autumn) == set()  # that it covers nothing now is the course of things
    assert ("no_longer_over_paid", "200.00 of what was given up is no longer over-paid: it came "
            "back, or is owed") in notes(autumn, JUNE)  # fmt: skip
    autumn.at("2005-09-15T09:00")
    autumn.prepare("2005Q3")
    autumn.release("2005Q3")
    autumn.answer("2005Q3", {"H1": "success", "H2": "success"})
    assert (stands(autumn).balance.paid_fen, stands(autumn).over_fen) == (200_00, 0)
    autumn.at("2005-10-10T09:00")
    autumn.change({"household_no": "H1", "change": "exit", "effective_on": "2005-05-20",
                   "reason": "moved away"})  # fmt: skip
    assert stands(autumn).over_fen == 200_00
    assert stands(autumn, MAY).over_fen == 0
    autumn.at("2005-12-15T09:00")
    autumn.prepare("2005Q4")  # the set-based way finds the same, at each of their instants
    assert ("H1", "over_paid", 800_00) in autumn.exceptions("2005Q4")
    with autumn.relief.reading() as work:
        for run in queries.all_runs(work):
            assert verify_run(work, run) == []


def test_write_off_stands_while_the_money_that_was_given_up_is_still_paid(autumn: Office) -> None:
    """What is owed after all for a while is given up again when it is not."""
    autumn.settle(WRITE_OFF, "H1", JUNE, 200_00, "2005-7")
    back = {"change": "join", "effective_on": "2005-04-20", "id_number": PERSONS[3]}
    autumn.change({"household_no": "H1", "name": "试乙", "relation": "child", **back})
    assert (stands(autumn).balance.due_fen, stands(autumn).over_fen) == (0, 0)
    assert "no_longer_over_paid" in dict(notes(autumn, JUNE))
    autumn.at("2005-08-21T09:00")
    leaves(autumn, PERSONS[3], "2005-04-20")
    assert (stands(autumn).balance.written_off_fen, stands(autumn).over_fen) == (200_00, 0)
