"""What goes to the bank, and what comes back."""

from __future__ import annotations

import hashlib
import os
import stat

import pytest

from tests.cli.conftest import RESULTS, Shell


@pytest.mark.parametrize(("file_format", "headers"), [("csv", "en"), ("csv", "zh"), ("xlsx", "zh")])
def test_export_gives_the_same_bytes_for_ever_and_their_hash(
    released: Shell, file_format: str, headers: str
) -> None:
    contents = set()
    for name in ("once", "twice"):
        out = released.folder / f"{name}.{file_format}"
        shown = released.ok(
            "payouts", "export", "2005Q2", "--format", file_format, "--headers", headers,
            "--out", str(out), "--actor", "fang",
        )  # fmt: skip
        assert hashlib.sha256(out.read_bytes()).hexdigest() in shown
        assert stat.S_IMODE(out.stat().st_mode) == 0o600 or os.name != "posix"
        contents.add(out.read_bytes())
    assert len(contents) == 1
    assert not list(released.folder.glob(".*"))


def test_export_does_not_replace_a_file_that_holds_something_else(released: Shell) -> None:
    out = released.folder / "list.csv"
    words = ("payouts", "export", "2005Q2", "--format", "csv", "--out", str(out), "--actor", "fang")
    out.write_text("somebody's work", encoding="utf-8")
    (reason,) = released.refused(*words)
    assert reason.startswith("out: ")
    assert out.read_text(encoding="utf-8") == "somebody's work"
    out.unlink()
    released.ok(*words)
    released.ok(*words)  # the same content is no one else's work


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--format", "pdf", "--out", "x", "--actor", "fang"), "format: "),
        (("--format", "csv", "--out", "no/x", "--actor", "fang"), "out: There is no folder"),
        (("--format", "csv", "--out", "x", "--actor", "ping"), "Only finance"),
    ],
)
def test_export_is_refused_with_the_reason(
    released: Shell, words: tuple[str, ...], reason: str
) -> None:
    assert released.refused("payouts", "export", "2005Q2", *words)[0].startswith(reason)
    assert not (released.folder / "x").exists()


def test_export_is_refused_before_release(working: Shell) -> None:
    working.ok("payouts", "prepare", "2005Q2", "--actor", "fang")
    words = ("--format", "csv", "--out", "x", "--actor", "fang")
    assert "not released yet" in working.refused("payouts", "export", "2005Q2", *words)[0]


def test_results_settle_the_run_when_all_is_answered(released: Shell) -> None:
    released.at("2005-06-21T09:00")
    first = released.answers("first.csv", H1="processing")
    assert "Recorded." in released.ok("payouts", "results", "2005Q2", first, "--actor", "fang")
    last = released.answers("last.csv", H1="success", H2="failed")
    shown = released.ok("payouts", "results", "2005Q2", last, "--actor", "fang")
    assert "the run is settled" in shown
    told = released.json("payouts", "show", "2005Q2")
    assert told["state"] == "settled"
    assert told["reconciliation"] == {
        "released": {"count": 2, "amount": "2250.00"},
        "paid": {"count": 1, "amount": "1800.00"},
        "failed": {"count": 1, "amount": "450.00"},
        "returned": {"count": 0, "amount": "0.00"},
        "processing": {"count": 0, "amount": "0.00"},
        "unanswered": {"count": 0, "amount": "0.00"},
        "balances": True,
    }


def test_results_say_so_and_are_done_when_the_file_was_taken_before(released: Shell) -> None:
    released.at("2005-06-21T09:00")
    path = released.answers("answer.csv", H1="success")
    released.ok("payouts", "results", "2005Q2", path, "--actor", "fang")
    again = released.ok("payouts", "results", "2005Q2", path, "--actor", "fang")
    assert again == "This file was taken before; nothing changed.\n"


def test_results_dry_run_writes_nothing(released: Shell) -> None:
    released.at("2005-06-21T09:00")
    path = released.answers("answer.csv", H1="success", H2="success")
    shown = released.ok("payouts", "results", "2005Q2", path, "--dry-run", "--actor", "fang")
    assert "nothing was written" in shown
    states = {line["state"] for line in released.json("payouts", "show", "2005Q2")["lines"]}
    assert states == {"sent"}


def test_results_name_faults_of_form_and_of_content_together(released: Shell) -> None:
    right = {"reference": "2005Q2-r1-00001", "amount": "1800.00", "status": "success"}
    path = released.file(
        "bad.csv",
        RESULTS,
        right | {"amount": "1800.01", "settled_on": "2005-06-30"},
        right | {"reference": "2005Q2-r1-00099"},
        right | {"reference": "2005Q2-r1-00002", "amount": "lots", "status": "gone"},
        right | {"reference": "", "settled_on": "2005-02-30"},
    )
    reasons = released.refused("payouts", "results", "2005Q2", path, "--actor", "fang")
    assert [reason.split(":")[0] for reason in reasons] == [
        "bad.csv, row 2, amount",
        "bad.csv, row 2, settled_on",
        "bad.csv, row 3, reference",
        "bad.csv, row 4, amount",
        "bad.csv, row 4, status",
        "bad.csv, row 5, reference",
        "bad.csv, row 5, settled_on",
    ]


def test_results_are_refused_when_the_step_does_not_exist(released: Shell) -> None:
    released.at("2005-06-21T09:00")
    path = released.answers("paid.csv", H1="success")
    released.ok("payouts", "results", "2005Q2", path, "--actor", "fang")
    path = released.answers("then.csv", H1="processing")
    (reason,) = released.refused("payouts", "results", "2005Q2", path, "--actor", "fang")
    assert "2005Q2-r1-00001 is paid; the bank cannot answer processing to that" in reason


def test_show_lists_what_the_bank_did_not_answer_in_time(released: Shell) -> None:
    released.at("2005-06-22T09:00")
    shown = released.json("payouts", "show", "2005Q2")
    assert (shown["answer_due_on"], shown["unanswered"]) == ("2005-06-22", [])
    released.at("2005-06-23T09:00")
    shown = released.json("payouts", "show", "2005Q2")
    assert shown["unanswered"] == ["2005Q2-r1-00001", "2005Q2-r1-00002"]
    assert "should have answered by 2005-06-22" in released.ok("payouts", "show", "2005Q2")
