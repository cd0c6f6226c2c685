"""The worked example of the rules, played wholly through commands: from an
empty folder to the supplementary run that pays again what the bank sent back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.conftest import CHILD, RATES, RESULTS, WIFE, WU, Shell, family, member

PASSWORD = "correct horse battery\n"
CAST = {"chen": "clerk", "ping": "approver", "fang": "finance", "gao": "finance", "wen": "auditor"}
Item = tuple[str, str, str, int, str]


def set_up(shell: Shell) -> None:
    """An office with its people, its scheme and its rates."""
    shell.at("2005-01-04T09:00")
    shell.ok("init")
    add = ("user", "add", "--password-stdin")
    shell.ok(*add, "an", "--role", "admin", typed=PASSWORD)
    for name, role in CAST.items():
        shell.ok(*add, name, "--role", role, "--actor", "an", typed=PASSWORD)
    shell.ok("scheme", "set", "--go-live", "2005-04", "--actor", "an")
    rates = shell.file(
        "rates.csv",
        RATES,
        {"grade": "deep", "from_month": "2005-01", "amount": "200.00", "document_no": "7"},
        {"grade": "relative", "from_month": "2005-01", "amount": "150.00", "document_no": "7"},
    )
    shell.ok("rates", "import", rates, "--actor", "an")
    shell.ok("rates", "confirm", "7", "--actor", "ping")


def take_over(shell: Shell) -> None:
    """H1, approved on 2005-03-24: Wu, his wife and one child."""
    shell.at("2005-03-25T09:00")
    members = [
        member("吴试甲", WU, "self"),
        member("吴试乙", WIFE, "spouse"),
        member("吴试丙", CHILD, "child"),
    ]
    register = shell.register("register", [family()], members)
    shell.ok("households", "import", register, "--actor", "chen", "--dry-run")
    shell.ok("households", "import", register, "--actor", "chen")


def change(shell: Shell, at: str, **row: str) -> None:
    """One change of H1, recorded by the clerk."""
    shell.at(at)
    ledger = shell.changes(f"{at[:10]}.csv", {"household_no": "H1", **row})
    shell.ok("households", "changes", ledger, "--actor", "chen")


def pay(shell: Shell, at: str, quarter: str, *more: str) -> Any:
    """Prepare, submit, approve, release: three people, and the hash that was seen."""
    shell.at(at)
    run = shell.json("payouts", "prepare", quarter, *more, "--actor", "fang")
    name = run["run"]
    shell.ok("payouts", "submit", name, "--actor", "fang")
    shell.ok("payouts", "approve", name, "--sha256", run["sha256"], "--actor", "ping")
    shell.ok("payouts", "release", name, "--actor", "gao")
    out = shell.folder / f"{name}.csv"
    shell.ok(
        "payouts", "export", name, "--format", "csv", "--out", str(out), "--actor", "fang"
    )  # fmt: skip
    return shell.json("payouts", "show", name)


def answer(shell: Shell, at: str, run: Any, status: str, reason: str = "") -> None:
    """The bank's answer to every line of a run."""
    shell.at(at)
    rows = [
        {
            "reference": line["reference"],
            "amount": line["amount"],
            "status": status,
            "reason": reason,
            "settled_on": at[:10],
        }
        for line in run["lines"]
    ]
    path = shell.file(f"answer-{at[:10]}.csv", RESULTS, *rows)
    shell.ok("payouts", "results", run["run"], path, "--actor", "fang")


def items(run: Any) -> list[Item]:
    """The items of a run with one line."""
    (line,) = run["lines"]
    return [(i["month"], i["kind"], i["amount"], i["persons"], i["rate"]) for i in line["items"]]


@pytest.fixture
def second(bare: Shell) -> Shell:
    """The first quarter paid; the child left, the grade changed, both recorded late."""
    set_up(bare)
    take_over(bare)
    first = pay(bare, "2005-06-15T09:00", "2005Q2")
    assert first["total"] == "1800.00"
    answer(bare, "2005-06-20T09:00", first, "success")
    assert bare.json("payouts", "show", "2005Q2")["state"] == "settled"
    change(
        bare, "2005-07-08T09:00", change="leave", effective_on="2005-05-20", id_number=CHILD
    )  # fmt: skip
    change(bare, "2005-08-02T09:00", change="grade", effective_on="2005-08-01", grade="relative")
    return bare


THIRD_QUARTER: list[Item] = [
    ("2005-06", "recovery", "-200.00", 2, "200.00"),
    ("2005-07", "regular", "400.00", 2, "200.00"),
    ("2005-08", "regular", "400.00", 2, "200.00"),
    ("2005-09", "regular", "300.00", 2, "150.00"),
]


def test_worked_example_is_paid_to_the_fen(second: Shell) -> None:
    run = pay(second, "2005-09-15T09:00", "2005Q3")
    assert (run["total"], items(run)) == ("900.00", THIRD_QUARTER)
    assert run["new_over_payments"] == {"count": 1, "amount": "200.00"}
    assert run["bridge"]["rest"] == "0.00"

    answer(second, "2005-09-29T09:00", run, "failed", "账户已销户")
    june, july = second.json("households", "show", "H1")["months"][2:4]
    assert (june["owed"], june["paid"], june["why"][0]["code"]) == ("400.00", "600.00", "over_paid")
    assert (july["owed"], july["paid"], july["why"][0]["code"]) == ("400.00", "0.00", "failed")

    change(
        second, "2005-10-10T09:00", change="account", account_no="6228480000000000027",
        account_name="吴试甲", bank_name="信用社",
    )  # fmt: skip
    again = pay(second, "2005-10-10T10:00", "2005Q3", "--supplementary")
    assert (again["run"], again["total"]) == ("2005Q3-s1", "900.00")
    assert [(month, amount) for month, _kind, amount, *_rest in items(again)] == [
        (month, amount) for month, _kind, amount, *_rest in THIRD_QUARTER
    ]
    answer(second, "2005-10-12T09:00", again, "success")

    for name in ("2005Q2-r1", "2005Q3-r1", "2005Q3-s1"):
        assert "is verified" in second.ok("payouts", "verify", name)
    assert "all as they were written" in second.ok("audit", "verify")


def test_slip_of_the_worked_example_says_what_the_rules_say(second: Shell) -> None:
    pay(second, "2005-09-15T09:00", "2005Q3")
    slip = second.ok("payouts", "explain", "2005Q3", "H1").splitlines()
    assert slip[1:5] == [
        "2 people × 200.00 × 2005-07, 2005-08 = 800.00",
        "2 people × 150.00 × 2005-09 (grade relative, decided 2005-08-01) = 300.00",
        "less 1 person × 200.00 × 2005-06 (a child left on 2005-05-20, counted to 2005-05; "
        "recorded 2005-07-08) = -200.00",
        "= 900.00",
    ]


def test_submit_repeats_the_new_over_payments(second: Shell) -> None:
    second.at("2005-09-15T09:00")
    second.ok("payouts", "prepare", "2005Q3", "--actor", "fang")
    shown = second.ok("payouts", "submit", "2005Q3", "--actor", "fang")
    assert "new over-payments: 200.00 yuan at 1 household" in shown


def test_supplementary_run_with_nothing_new_has_no_lines_and_is_settled_by_its_release(
    second: Shell,
) -> None:
    second.at("2005-09-15T09:00")
    run = pay(second, "2005-09-15T09:00", "2005Q2", "--supplementary")
    assert (run["state"], run["lines"], run["total"]) == ("settled", [], "0.00")
