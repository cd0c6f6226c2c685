"""Money that came back and money given up, from the command line."""

from __future__ import annotations

import pytest

from tests.cli.conftest import CHILD, Shell

GROUPS = (
    ("repayment", "--receipt", "receipt_no", "M"),
    ("write-off", "--minutes", "minutes_no", "W"),
)


@pytest.fixture
def july(working: Shell) -> Shell:
    """H1's child left on 2005-05-20, recorded in July: of June 200.00 came too much."""
    working.ok("payouts", "prepare", "2005Q2", "--actor", "fang")
    for step, who in (("submit", "fang"), ("approve", "ping"), ("release", "gao")):
        working.ok("payouts", step, "2005Q2", "--actor", who)
    working.at("2005-07-08T09:00")
    answered = working.answers("answer.csv", H1="success", H2="success")
    working.ok("payouts", "results", "2005Q2", answered, "--actor", "fang")
    left = {"household_no": "H1", "change": "leave", "effective_on": "2005-05-20",
            "id_number": CHILD}  # fmt: skip
    ledger = working.changes("left.csv", left)
    working.ok("households", "changes", ledger, "--actor", "chen")
    return working


@pytest.mark.parametrize(("group", "paper", "column", "letter"), GROUPS)
def test_recorded_shown_confirmed_and_listed(
    july: Shell, group: str, paper: str, column: str, letter: str
) -> None:
    no = f"{letter}2005-0001"
    said = july.ok(
        "payouts", group, "record", "H1", "2005-06", "150", paper, "2005-7", "--actor", "fang"
    )
    assert f'Next: an approver confirms it with "relief payouts {group} confirm {no}".' in said
    shown = july.json("payouts", group, "show", no)
    assert shown["standing"] == {
        "owed": "400.00", "paid": "600.00", "given_up": "0.00", "over_paid": "200.00",
        "over_paid_once_confirmed": "50.00",
    }  # fmt: skip
    told = july.ok("payouts", group, "confirm", no, "--actor", "ping").splitlines()
    assert [line.split()[-1] for line in told[6:11]] == [
        "400.00", "600.00", "0.00", "200.00", "50.00",
    ]  # fmt: skip
    assert told[-1] == f"{no} is confirmed; it counts from now on."
    (listed,) = july.json("payouts", group, "list")
    assert {key: listed[key] for key in ("reference", "state", "month", "amount", column)} == {
        "reference": no, "state": "confirmed", "month": "2005-06", "amount": "150.00",
        column: "2005-7",
    }  # fmt: skip
    assert (listed["recorded_by"], listed["confirmed_by"]) == ("fang", "ping")
    assert july.json("payouts", group, "list", "--waiting") == []
    assert no in july.ok("payouts", group, "list")
    assert july.json("payouts", group, "show", no)["standing"]["over_paid_once_confirmed"] is None
    july.ok("audit", "verify")


@pytest.mark.parametrize(("group", "paper", "column", "letter"), GROUPS)
def test_declined_and_taken_back_with_a_reason(
    july: Shell, group: str, paper: str, column: str, letter: str
) -> None:
    for receipt in ("1", "2"):
        july.ok(
            "payouts", group, "record", "H1", "2005-06", "100", paper, receipt, "--actor", "fang"
        )
    decline = july.ok(
        "payouts", group, "decline", f"{letter}2005-0001", "--reason", "H2's", "--actor", "ping"
    )
    assert decline == f"{letter}2005-0001 (100.00) is declined; it does not count.\n"
    back = july.ok(
        "payouts", group, "take-back", f"{letter}2005-0002", "--reason", "May's", "--actor", "fang"
    )
    assert back == f"{letter}2005-0002 (100.00) is taken back; it does not count.\n"
    states = [each["state"] for each in july.json("payouts", group, "list")]
    assert states == ["declined", "taken_back"]


def test_cases_do_is_held_to_the_same(july: Shell) -> None:
    record = ("payouts", "repayment", "record", "H1", "2005-06", "150", "--receipt", "7")
    july.ok(*record, "--actor", "fang")
    (apart,) = july.refused("cases", "do", "M2005-0001", "confirm", "--actor", "fang")[:1]
    assert "approver" in apart
    back = {"household_no": "H1", "change": "join", "effective_on": "2005-05-20",
            "id_number": CHILD, "name": "吴试丙", "relation": "child"}  # fmt: skip
    july.ok("households", "changes", july.changes("back.csv", back), "--actor", "chen")
    (said,) = july.refused("cases", "do", "M2005-0001", "confirm", "--actor", "ping")
    assert said == (
        "amount: 150.00 is more than is over-paid: household H1 was paid 600.00 for 2005-06, "
        "600.00 is owed, 0.00 was given up; that is 0.00 too much"
    )
    (said,) = july.refused("cases", "do", "M2005-0001", "record", "--actor", "fang")[:1]
    assert "only for beginning a new case" in said
    shown = july.ok("cases", "show", "M2005-0001", "--actor", "ping")
    assert "Number of the receipt: 7" in shown


def test_what_is_not_there_is_told_with_the_command_that_helps(july: Shell) -> None:
    record = ("payouts", "repayment", "record", "H9", "2005-6x", "1,5", "--receipt", "7")
    said = july.refused(*record, "--actor", "fang")
    assert said == [
        'household_no: There is no hardship file "H9". "relief households list" shows those there '
        "are.",
        'month: "2005-6x" is not a month; write it as 2005-04.',
        'amount: "1,5" is not an amount in yuan; write it as 200.00.',
    ]
    (said_of_number,) = july.refused("payouts", "write-off", "confirm", "W1", "--actor", "ping")
    assert said_of_number == (
        'reference: There is none with the number "W1". "relief payouts repayment list" and '
        '"relief payouts write-off list" show them.'
    )


@pytest.mark.parametrize("typed", ["-5", "-1,800.00", "-.5"])
@pytest.mark.parametrize(("group", "paper"), [each[:2] for each in GROUPS])
def test_amount_below_zero_is_told_as_a_wrong_amount_with_all_else(
    july: Shell, group: str, paper: str, typed: str
) -> None:
    record = ("payouts", group, "record", "H9", "2005-06", typed, paper, "-7", "--actor", "fang")
    said = july.refused(*record)
    assert [each.partition(": ")[0] for each in said] == ["household_no", "amount"]
    assert said[1] == f'amount: "{typed}" is not an amount in yuan; write it as 200.00.'


def test_misspelt_option_is_still_named(july: Shell) -> None:
    record = ("payouts", "repayment", "record", "H1", "2005-06", "5", "--recipt", "7")
    said = july.run(*record, "--actor", "fang")
    assert (said.exit_code, "--recipt" in said.stderr, "--receipt" in said.stderr) == (
        2,
        True,
        True,
    )


def test_minimum_living_line_below_zero_is_told_as_a_wrong_amount(july: Shell) -> None:
    line = ("households", "dibao-line", "set", "2005-01", "-300", "--document-no", "7")
    (said,) = july.refused(*line, "--actor", "an")
    assert said == 'amount: "-300" is not an amount in yuan; write it as 200.00.'
