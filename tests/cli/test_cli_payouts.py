"""Quarterly lists: making, showing, the steps of three people."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

from tests.cli.conftest import CHILD, Shell

PINNED = {"run", "state", "quarter", "kind", "as_of", "total", "sha256", "lines", "exceptions"}


def prepare(shell: Shell) -> Any:
    return shell.json("payouts", "prepare", "2005Q2", "--actor", "fang")


def test_show_has_the_pinned_keys_in_their_form(working: Shell) -> None:
    prepare(working)
    shown = working.json("payouts", "show", "2005Q2")
    assert shown.keys() >= PINNED
    assert {key: shown[key] for key in ("run", "state", "quarter", "kind", "total")} == {
        "run": "2005Q2-r1",
        "state": "draft",
        "quarter": "2005Q2",
        "kind": "regular",
        "total": "2250.00",
    }
    assert shown["as_of"].startswith("2005-06-15T09:00:0")
    assert shown["as_of"].endswith("+08:00")
    assert len(shown["sha256"]) == 64
    assert shown["exceptions"] == []
    assert shown["lines"][0] == {
        "household_no": "H1",
        "reference": "2005Q2-r1-00001",
        "state": "prepared",
        "amount": "1800.00",
        "items": [
            {
                "month": month,
                "kind": "regular",
                "amount": "600.00",
                "persons": 3,
                "rate": "200.00",
            }
            for month in ("2005-04", "2005-05", "2005-06")
        ],
    }


def test_prepare_answers_in_json_as_show_does(working: Shell) -> None:
    assert prepare(working) == working.json("payouts", "show", "2005Q2-r1")


def test_preview_has_the_keys_of_show_and_gives_what_prepare_gives(working: Shell) -> None:
    seen = working.json("payouts", "preview", "2005Q2")
    assert working.json("payouts", "list") == []
    made = prepare(working)
    assert seen.keys() >= PINNED
    for key in ("total", "sha256", "kind", "quarter", "exceptions"):
        assert seen[key] == made[key]
    assert [(line["household_no"], line["amount"], line["items"]) for line in seen["lines"]] == [
        (line["household_no"], line["amount"], line["items"]) for line in made["lines"]
    ]


def test_prepare_prints_what_it_made(working: Shell) -> None:
    ledger = working.changes(
        "hold.csv", {"household_no": "H2", "change": "suspend", "effective_on": "2005-06-01"}
    )
    working.ok("households", "changes", ledger, "--actor", "chen")
    shown = working.ok("payouts", "prepare", "2005Q2", "--actor", "fang")
    assert "2005Q2-r1" in shown
    assert "1,800.00 yuan for 1 household" in shown
    assert "on hold" in shown


def test_show_names_every_step_from_the_last_list_to_this_one(released: Shell) -> None:
    released.at("2005-06-21T09:00")
    ledger = released.changes(
        "june.csv",
        {"household_no": "H2", "change": "exit", "effective_on": "2005-06-20"},
        {
            "household_no": "H1",
            "change": "leave",
            "effective_on": "2005-06-20",
            "id_number": CHILD,
        },
    )
    released.ok("households", "changes", ledger, "--actor", "chen")
    released.at("2005-09-15T09:00")
    released.ok("payouts", "prepare", "2005Q3", "--actor", "fang")

    _before, bridge = released.ok("payouts", "show", "2005Q3").split("from list to list")
    rows = [line.split() for line in bridge.splitlines()[1:]]
    assert [row for row in rows if len(row) == 2] == [
        ["2005Q2-r1", "2,250.00"],
        ["gone", "-450.00"],
        ["persons", "-600.00"],
        ["2005Q3-r1", "1,200.00"],
    ]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("prepare", "2005Q3", "--actor", "fang"), "can be prepared from 2005-09-01 on"),
        (("prepare", "2005Q1", "--actor", "fang"), "before go-live"),
        (("prepare", "2005Q5", "--actor", "fang"), "is not a quarter"),
        (("prepare", "2005Q2", "--actor", "chen"), '"Prepare the list" is for: finance'),
        (("prepare", "2005Q2", "--actor", "liu"), 'There is no user "liu"'),
        (("prepare", "2005Q2", "--supplementary", "--actor", "fang"), "regular run released first"),
        (("preview", "2005Q9"), "is not a quarter"),
        (("show", "2005Q4"), "There is no payout run"),
        (("show", "2005Q2-s9"), "There is no payout run"),
        (("submit", "2005Q2", "--actor", "fang"), "There is no payout run"),
    ],
)
def test_payouts_are_refused_with_the_reason(
    working: Shell, words: tuple[str, ...], reason: str
) -> None:
    (said,) = working.refused("payouts", *words)
    assert reason in said


def test_three_people_take_a_list_to_the_bank(working: Shell) -> None:
    sha256 = prepare(working)["sha256"]
    submitted = working.ok("payouts", "submit", "2005Q2", "--actor", "fang")
    assert sha256 in submitted
    words = ("payouts", "approve", "2005Q2", "--sha256", sha256, "--actor", "ping")
    assert "2005Q2-r1 is approved: 2,250.00 yuan for 2 households." in working.ok(*words)
    assert "relief payouts export" in working.ok("payouts", "release", "2005Q2", "--actor", "gao")
    shown = working.json("payouts", "show", "2005Q2")
    assert (shown["state"], shown["approved_sha256"]) == ("released", sha256)
    assert shown["reconciliation"]["unanswered"] == {"count": 2, "amount": "2250.00"}
    assert shown["overrides"] == []


def test_approve_is_refused_when_the_list_is_another_than_the_one_seen(working: Shell) -> None:
    prepare(working)
    working.ok("payouts", "submit", "2005Q2", "--actor", "fang")
    words = ("payouts", "approve", "2005Q2", "--sha256", "0" * 64, "--actor", "ping")
    (reason,) = working.refused(*words)
    assert reason.startswith("sha256: the list is another one")


def test_approve_shows_what_became_known_since_the_list_was_made(working: Shell) -> None:
    prepare(working)
    working.ok("payouts", "submit", "2005Q2", "--actor", "fang")
    ledger = working.changes(
        "grade.csv",
        {
            "household_no": "H1",
            "change": "grade",
            "effective_on": "2005-05-10",
            "grade": "relative",
        },
    )
    working.ok("households", "changes", ledger, "--actor", "chen")
    shown = working.ok("payouts", "approve", "2005Q2", "--actor", "ping")
    assert "Recorded since the list was made" in shown
    assert "H1" in shown
    assert working.json("payouts", "show", "2005Q2")["changes_since"]["count"] == 1


def test_nobody_takes_two_of_the_three_steps_but_by_an_override_that_is_counted(
    working: Shell,
) -> None:
    working.ok(
        "user", "add", "duan", "--role", "finance", "--role", "approver", "--actor", "an",
        "--password-stdin", typed="correct horse battery\n",
    )  # fmt: skip
    working.ok("payouts", "prepare", "2005Q2", "--actor", "duan")
    working.ok("payouts", "submit", "2005Q2", "--actor", "duan")
    (reason,) = working.refused("payouts", "approve", "2005Q2", "--actor", "duan")
    assert "is for another person" in reason
    words = ("payouts", "approve", "2005Q2", "--actor", "duan", "--override", "two of us")
    working.ok(*words)
    working.ok("payouts", "release", "2005Q2", "--actor", "fang")
    (override,) = working.json("payouts", "show", "2005Q2")["overrides"]
    assert (override["action"], override["actor"], override["reason"]) == (
        "approve",
        "duan",
        "two of us",
    )
    assert working.json("payouts", "list")[0]["overrides"] == 1
    assert "overrides" in working.ok("payouts", "list")
    assert "two of us" in working.ok("payouts", "show", "2005Q2")


def test_return_sends_a_list_back_and_cancel_takes_it_away(working: Shell) -> None:
    prepare(working)
    working.ok("payouts", "submit", "2005Q2", "--actor", "fang")
    why = ("--reason", "look again")
    working.refused("payouts", "return", "2005Q2", "--actor", "gao", *why)
    assert "draft again" in working.ok("payouts", "return", "2005Q2", "--actor", "ping", *why)
    assert "--reason" in working.misused("payouts", "cancel", "2005Q2", "--actor", "fang")
    working.ok("payouts", "cancel", "2005Q2", "--actor", "fang", *why)
    working.refused("payouts", "show", "2005Q2")
    assert working.json("payouts", "show", "2005Q2-r1")["state"] == "cancelled"
    assert prepare(working)["run"] == "2005Q2-r2"


def test_withdraw_takes_one_line_out_of_total_and_hash_and_still_shows_it(working: Shell) -> None:
    before = prepare(working)
    words = ("payouts", "withdraw", "2005Q2", "H2", "--reason", "asked to wait")
    working.refused(*words, "--actor", "chen")
    assert "1,800.00 yuan for 1 household" in working.ok(*words, "--actor", "ping")
    shown = working.json("payouts", "show", "2005Q2")
    assert shown["total"] == "1800.00"
    assert shown["sha256"] != before["sha256"]
    assert [line["state"] for line in shown["lines"]] == ["prepared", "withdrawn"]
    assert "no line in 2005Q2-r1" in working.refused(*words, "--actor", "ping")[0]


def test_release_is_refused_when_a_listed_household_was_stopped(working: Shell) -> None:
    prepare(working)
    working.ok("payouts", "submit", "2005Q2", "--actor", "fang")
    working.ok("payouts", "approve", "2005Q2", "--actor", "ping")
    ledger = working.changes("hold.csv", {"household_no": "H2", "change": "suspend"})
    working.ok("households", "changes", ledger, "--actor", "chen")
    (reason,) = working.refused("payouts", "release", "2005Q2", "--actor", "gao")
    assert "household H2 was put on hold since the list was made" in reason


def test_recovery_choice_is_an_approvers(working: Shell) -> None:
    words = ("payouts", "recovery", "H1", "wait", "--reason", "agreed")
    working.refused(*words, "--actor", "fang")
    assert "wait" in working.ok(*words, "--actor", "ping")
    assert "already" in working.refused(*words, "--actor", "ping")[0]
    assert "offset" in working.misused(
        "payouts", "recovery", "H1", "never", "--reason", "x", "--actor", "ping"
    )


def test_explain_tells_the_slip_in_words_and_in_json(working: Shell) -> None:
    prepare(working)
    shown = working.ok("payouts", "explain", "2005Q2", "H1").splitlines()
    assert shown[1] == "3 people × 200.00 × 2005-04, 2005-05, 2005-06 = 1,800.00"
    assert working.json("payouts", "explain", "2005Q2", "H1")["amount"] == "1800.00"
    working.refused("payouts", "explain", "2005Q2", "H9")


def test_verify_agrees_until_an_amount_is_changed_by_hand(working: Shell) -> None:
    prepare(working)
    shown = working.ok("payouts", "verify", "2005Q2")
    assert "2005Q2-r1 is verified: 2,250.00 yuan for 2 households" in shown
    base = sqlite3.connect(working.folder / "office" / "relief.db")
    with base:
        base.execute("UPDATE payout_line SET amount_fen = amount_fen + 1 WHERE number = 2")
    base.close()
    reasons = working.refused("payouts", "verify", "2005Q2")
    assert any("2005Q2-r1-00002" in reason for reason in reasons)


def test_list_shows_all_runs_under_stable_keys(released: Shell) -> None:
    (run,) = released.json("payouts", "list")
    released_at = run.pop("released_at")
    assert released_at.startswith("2005-06-15T09:00:0")
    assert run | {"as_of": "", "sha256": ""} == {
        "run": "2005Q2-r1",
        "quarter": "2005Q2",
        "kind": "regular",
        "state": "released",
        "lines": 2,
        "total": "2250.00",
        "sha256": "",
        "prepared_by": "fang",
        "as_of": "",
        "settled_at": None,
        "overrides": 0,
    }
    assert "Released to the bank" in released.ok("payouts", "list")


def test_list_says_so_when_there_are_no_runs(working: Shell) -> None:
    assert "There are no runs yet" in working.ok("payouts", "list")
