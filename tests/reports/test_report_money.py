"""Money and households of a half-year, counted by hand."""

from __future__ import annotations

import pytest

from relief.kernel.errors import NotFound
from relief.payouts.over_paid.kinds import REPAYMENT
from tests.office import Office
from tests.reports.reading import report, rows, values

WU, SISTER, CHILD = "331002195406274937", "331021197101175709", "33102120031101203X"
JUNE = 2005 * 12 + 5
MONEY = ("amount_settled", "amount_paid", "amount_returned", "workers_helped", "members_covered")


@pytest.fixture
def two(office: Office) -> Office:
    """H1 (Wu and a child, deep: 1,200.00 a quarter) and H2 (Wu's sister, relative: 450.00); the
    run 2005Q2 is with the bank."""
    office.at("2005-01-04T09:00")
    office.scheme(go_live="2005-04")
    office.rates(("deep", "2005-01", 20_000), ("relative", "2005-01", 15_000))
    office.at("2005-03-25T09:00")
    office.register(
        [
            {"household_no": "H1", "applicant_name": "吴试甲", "applicant_id": WU,
             "grade": "deep", "approved_on": "2005-03-24", "account_no": "6228480000000000001"},
            {"household_no": "H2", "applicant_name": "吴试丁", "applicant_id": SISTER,
             "grade": "relative", "approved_on": "2005-03-24",
             "account_no": "6228480000000000019"},
        ],
        [{"household_no": "H1", "name": "吴试丙", "id_number": CHILD, "relation": "child"}],
    )  # fmt: skip
    office.at("2005-06-15T09:00")
    office.prepare("2005Q2")
    office.release("2005Q2")
    return office


def test_report_of_an_office_without_anything_has_every_figure(office: Office) -> None:
    found = report(office)
    assert found.figure("households_enrolled").value == 0
    assert found.figure("amount_settled").value == "0.00"
    assert not found.is_over
    with pytest.raises(NotFound) as refused:
        found.figure("houses")
    assert "households_enrolled" in str(refused.value.problems[0].text)


def test_money_counts_by_the_day_of_the_bank_when_the_answer_comes_later(two: Office) -> None:
    two.at("2005-07-02T09:00")
    two.answer("2005Q2", {"H1": "success"}, settled_on="2005-06-30")
    two.answer("2005Q2", {"H2": "success"}, settled_on="2005-07-01")
    assert values(two, "2005H1", *MONEY) == ["1200.00", "1200.00", "0.00", 1, 2]
    assert values(two, "2005H2", *MONEY) == ["450.00", "450.00", "0.00", 1, 1]
    assert rows(two, "2005H1", "workers_helped") == [("H1", "2005-06-30", 1)]
    assert report(two).is_over


def test_money_without_a_day_of_the_bank_counts_by_the_offices_date(two: Office) -> None:
    two.at("2005-06-30T23:30")  # in UTC still the afternoon
    two.answer("2005Q2", {"H1": "success"}, settled_on="")
    two.at("2005-07-01T00:30")  # in UTC the day before
    two.answer("2005Q2", {"H2": "success"}, settled_on="")
    assert values(two, "2005H1", "amount_settled") == ["1200.00"]
    assert values(two, "2005H2", "amount_settled") == ["450.00"]


def test_failed_and_open_lines_never_count(two: Office) -> None:
    two.at("2005-06-20T09:00")
    two.answer("2005Q2", {"H1": "failed", "H2": "processing"})
    assert values(two, "2005H1", *MONEY) == ["0.00", "0.00", "0.00", 0, 0]


def test_money_sent_back_within_the_half_year_is_taken_off_and_helped_nobody(two: Office) -> None:
    two.at("2005-06-20T09:00")
    two.answer("2005Q2", {"H1": "success", "H2": "success"})
    two.at("2005-06-28T09:00")
    two.answer("2005Q2", {"H1": "returned"})
    assert values(two, "2005H1", *MONEY) == ["450.00", "1650.00", "1200.00", 1, 1]
    assert rows(two, "2005H1", "amount_settled") == [
        ("2005Q2-r1-00001", "2005-06-20", 1_200_00),
        ("2005Q2-r1-00002", "2005-06-20", 450_00),
        ("2005Q2-r1-00001", "2005-06-28", -1_200_00),
    ]


def test_money_sent_back_in_the_next_half_year_is_taken_off_there(two: Office) -> None:
    two.at("2005-06-20T09:00")
    two.answer("2005Q2", {"H1": "success", "H2": "success"})
    two.at("2005-07-05T09:00")
    two.answer("2005Q2", {"H1": "returned"})
    assert values(two, "2005H1", *MONEY) == ["1650.00", "1650.00", "0.00", 2, 3]
    assert values(two, "2005H2", *MONEY) == ["-1200.00", "0.00", "1200.00", 0, 0]


def test_worker_paid_twice_is_one_person_and_two_person_times(two: Office) -> None:
    two.at("2005-06-20T09:00")
    two.answer("2005Q2", {"H2": "success", "H1": "failed"})
    two.prepare("2005Q2", "supplementary")
    two.release("2005Q2-s1")
    two.at("2005-07-01T09:00")
    two.answer("2005Q2-s1", {"H1": "success"})
    two.at("2005-09-15T09:00")
    two.prepare("2005Q3")
    two.release("2005Q3")
    two.answer("2005Q3", {"H1": "success", "H2": "success"})
    names = ("amount_settled", "workers_helped", "households_helped", "payments_settled",
             "members_covered")  # fmt: skip
    assert values(two, "2005H2", *names) == ["2850.00", 2, 2, 3, 3]


def test_repayments_stand_beside_the_net_amount(two: Office) -> None:
    two.at("2005-06-20T09:00")
    two.answer("2005Q2", {"H1": "success"})
    two.at("2005-06-30T23:58")
    two.change({"household_no": "H1", "change": "leave", "effective_on": "2005-05-20",
                "id_number": CHILD})  # fmt: skip
    two.at("2005-06-30T23:59")
    two.settle(REPAYMENT, "H1", JUNE, 200_00, "2005-7")
    assert values(two, "2005H1", "amount_settled", "amount_repaid") == ["1200.00", "200.00"]
    assert values(two, "2005H2", "amount_repaid") == ["0.00"]


def test_household_counts_on_the_last_day_when_approved_by_then_and_not_exited(
    two: Office,
) -> None:
    stock, flow, gone = "households_enrolled", "households_approved", "households_exited"
    two.at("2005-07-02T09:00")
    two.change({"household_no": "H2", "change": "exit", "effective_on": "2005-07-01"})
    assert values(two, "2005H1", stock, flow, gone) == [2, 2, 0]
    assert values(two, "2005H2", stock, flow, gone) == [1, 0, 1]
    two.change({"household_no": "H1", "change": "exit", "effective_on": "2005-06-30"})
    assert values(two, "2005H1", stock, flow, gone) == [1, 2, 1]
    assert rows(two, "2005H1", gone) == [("H1", "2005-06-30", 1)]
    assert values(two, "2004H2", stock, flow, gone) == [0, 0, 0]


def test_household_that_came_back_counts_once(two: Office) -> None:
    two.at("2005-07-12T09:00")
    two.change({"household_no": "H1", "change": "exit", "effective_on": "2005-07-04"})
    two.at("2005-09-12T09:00")
    two.change(
        {"household_no": "H1", "change": "approve", "effective_on": "2005-09-10", "grade": "deep"}
    )
    assert rows(two, "2005H2", "households_enrolled") == [
        ("H2", "2005-03-24", 1),
        ("H1", "2005-09-10", 1),
    ]
