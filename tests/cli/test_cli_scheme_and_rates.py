"""The scheme, and the rates from the document to the confirmation."""

from __future__ import annotations

import pytest

from tests.cli.conftest import RATES, Shell


def rate(
    month: str, amount: str, grade: str = "deep", document_no: str = "2005-12"
) -> dict[str, str]:
    return {"grade": grade, "from_month": month, "amount": amount, "document_no": document_no}


def test_scheme_show_has_the_terms_under_stable_keys(working: Shell) -> None:
    assert working.json("scheme", "show") == {
        "places": 50,
        "places_taken": 2,
        "go_live": "2005-04",
        "band": ["150.00", "200.00"],
        "start_rule": "next_month",
        "stop_rule": "event_month_paid",
        "recovery_percent_max": 50,
        "back_months_max": 12,
        "unanswered_days_max": 5,
    }


def test_scheme_set_changes_what_is_named_and_nothing_else(shell: Shell) -> None:
    before = shell.json("scheme", "show")
    words = ("--places", "60", "--band", "100", "250.50", "--stop-rule", "event_month_unpaid")
    shown = shell.ok("scheme", "set", *words, "--actor", "an")
    assert "0 of 60 taken" in shown
    changed = {"places": 60, "band": ["100.00", "250.50"], "stop_rule": "event_month_unpaid"}
    assert shell.json("scheme", "show") == before | changed


@pytest.mark.parametrize(
    ("words", "places"),
    [
        (("--go-live", "2005-13", "--band", "1", "x"), ["go_live", "band"]),
        (("--places", "0", "--band", "200", "150"), ["places", "band"]),
    ],
)
def test_scheme_set_is_refused_with_every_reason_when_terms_are_wrong(
    shell: Shell, words: tuple[str, ...], places: list[str]
) -> None:
    reasons = shell.refused("scheme", "set", *words, "--actor", "an")
    assert [reason.split(":")[0] for reason in reasons] == places


def test_scheme_set_is_for_admins_and_needs_a_term(shell: Shell) -> None:
    assert shell.refused("scheme", "set", "--places", "60", "--actor", "chen") == [
        "Only an admin may set the scheme."
    ]
    assert "at least one term" in shell.misused("scheme", "set", "--actor", "an")
    assert "--actor" in shell.misused("scheme", "set", "--places", "60")


def test_go_live_is_fixed_once_a_run_exists(working: Shell) -> None:
    working.ok("payouts", "prepare", "2005Q2", "--actor", "fang")
    (reason,) = working.refused("scheme", "set", "--go-live", "2005-05", "--actor", "an")
    assert reason.startswith("go_live: The go-live month cannot change any more")
    working.ok("scheme", "set", "--places", "60", "--actor", "an")


def test_rates_import_names_faults_of_form_and_of_content_together(working: Shell) -> None:
    path = working.file(
        "bad.csv",
        RATES,
        rate("2005-07", "149.99"),
        rate("2005-7-1", "160"),
        rate("2005-08", "much"),
        rate("2005-09", "200.01", grade="huge"),
        rate("2005-10", "170.00", document_no="2005-11"),
    )
    reasons = working.refused("rates", "import", path, "--actor", "an")
    assert [reason.split(":")[0] for reason in reasons] == [
        "bad.csv, row 2, amount",
        "bad.csv, row 3, from_month",
        "bad.csv, row 4, amount",
        "bad.csv, row 5, grade",
        "bad.csv, row 5, amount",
        "bad.csv, row 6, document_no",
    ]
    assert all(listed["document_no"] == "2005-11" for listed in working.json("rates", "list"))


@pytest.mark.parametrize("amount", ["150.00", "200.00"])
def test_rates_import_takes_both_ends_of_the_band(working: Shell, amount: str) -> None:
    path = working.file("new.csv", RATES, rate("2005-07", amount))
    assert '"relief rates confirm 2005-12"' in working.ok("rates", "import", path, "--actor", "an")


def test_rates_import_says_so_when_the_file_was_taken_before(working: Shell) -> None:
    path = working.file("new.csv", RATES, rate("2005-07", "160"))
    working.ok("rates", "import", path, "--actor", "an")
    again = working.ok("rates", "import", path, "--actor", "an")
    assert again == "This file was taken before; nothing changed.\n"
    assert len(working.json("rates", "list")) == 3


def test_rates_list_shows_before_the_confirmation_which_households_would_differ(
    working: Shell,
) -> None:
    path = working.file("new.csv", RATES, rate("2005-05", "160"))
    working.ok("rates", "import", path, "--actor", "an")
    for _look in range(2):  # looking changes nothing
        proposed = working.json("rates", "list")[-1]
        told = {"household_no": "H1", "amount": "-240.00", "later": "0.00"}
        assert proposed["would_differ"] == [told]
        assert proposed["confirmed_at"] is None
    assert "If document 2005-12 were confirmed now:" in working.ok("rates", "list")


def test_rates_confirm_prints_who_differs_and_makes_the_rates_count(working: Shell) -> None:
    path = working.file("new.csv", RATES, rate("2005-05", "160"))
    working.ok("rates", "import", path, "--actor", "an")
    shown = working.ok("rates", "confirm", "2005-12", "--actor", "ping")
    assert "H1" in shown
    assert "-240.00" in shown
    assert "1 household" in shown
    confirmed = working.json("rates", "list")[-1]
    assert (confirmed["confirmed_by"], confirmed["would_differ"]) == ("ping", [])
    assert confirmed["confirmed_at"].endswith("+08:00")


@pytest.mark.parametrize(
    ("document_no", "actor", "reason"),
    [
        ("2005-99", "ping", "No rates were proposed under document"),
        ("2005-11", "ping", "confirmed already"),
        ("2005-11", "chen", "only an approver"),
        ("2005-11", "an", "proposed these rates"),
        ("2005-11", "nobody", 'There is no user "nobody"'),
    ],
)
def test_rates_confirm_is_refused_with_its_reason(
    working: Shell, document_no: str, actor: str, reason: str
) -> None:
    reasons = working.refused("rates", "confirm", document_no, "--actor", actor)
    assert any(reason in said for said in reasons)
