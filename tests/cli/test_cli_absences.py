"""People away, from the command line."""

from __future__ import annotations

from tests.cli.conftest import Shell


def test_absence_is_recorded_listed_and_ended(shell: Shell) -> None:
    said = shell.ok(
        "user", "away", "fang", "--from", "2005/1/3", "--until", "2005-01-10",
        "--deputy", "chen", "--reason", "a course", "--actor", "fang",
    )  # fmt: skip
    assert "chen acts meanwhile" in said
    shell.ok(
        "user", "away", "gao", "--from", "2005-02-01", "--until", "2005-02-02", "--actor", "an"
    )
    listed = {each["username"]: each for each in shell.json("user", "list")}
    assert listed["fang"] == {
        "username": "fang",
        "roles": ["finance"],
        "version": 1,
        "disabled_at": None,
        "signed_in_at": None,
        "away_today": True,
        "absences": [{"from_on": "2005-01-03", "until_on": "2005-01-10", "deputy": "chen"}],
    }
    assert not listed["gao"]["away_today"]
    table = shell.ok("user", "list")
    assert "now, until 2005-01-10 (chen acts)" in table
    assert "from 2005-02-01 until 2005-02-02" in table
    assert "is ended" in shell.ok("user", "back", "fang", "--actor", "fang")
    assert "now" not in shell.ok("user", "list")


def test_days_that_are_none_are_refused_at_once(shell: Shell) -> None:
    words = ("user", "away", "fang", "--from", "soon", "--until", "2005-02-30", "--actor", "an")
    assert len(shell.refused(*words)) == 2


def test_deputy_takes_a_step_of_a_run_with_both_names(working: Shell) -> None:
    working.ok(
        "user", "away", "ping", "--from", "2005-06-15", "--until", "2005-06-30",
        "--deputy", "chen", "--actor", "ping",
    )  # fmt: skip
    working.ok("payouts", "prepare", "2005Q2", "--actor", "fang")
    working.ok("payouts", "submit", "2005Q2", "--actor", "fang")
    (said,) = working.refused("payouts", "approve", "2005Q2", "--actor", "gao")
    assert "chen (for ping)" in said
    (said,) = working.refused("payouts", "approve", "2005Q2", "--actor", "gao", "--for", "ping")
    assert said.startswith("for: gao does not act for ping today")  # the option, not the field
    working.ok("payouts", "approve", "2005Q2", "--actor", "chen", "--for", "ping")
    shown = working.ok("payouts", "release", "2005Q2", "--actor", "gao")
    assert "released" in shown


def test_tick_and_list_warn_while_nobody_is_left_to_approve(working: Shell) -> None:
    assert "worth a look" not in working.run("payouts", "list").stderr
    working.ok(
        "user", "away", "ping", "--from", "2005-06-15", "--until", "2005-06-30", "--actor", "an"
    )
    told = working.run("tick")
    assert "nobody is left" in told.stdout
    assert "worth a look" not in told.stderr
    for words in (("tick",), ("payouts", "list")):
        assert (
            "worth a look: The list of 2005Q2 is due on 2005-06-15." in working.run(*words).stderr
        )
    assert isinstance(working.json("payouts", "list"), list)
    working.ok("user", "back", "ping", "--actor", "an")
    assert "worth a look" not in working.run("payouts", "list").stderr
