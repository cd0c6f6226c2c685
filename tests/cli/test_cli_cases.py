"""Cases of every kind from the command line."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from tests.cli.conftest import WU, Shell
from tests.matters import FIELDS

REFERENCES = {
    "petition": "P2005-0001",
    "relief": "R2005-0001",
    "legal_aid": "L2005-0001",
    "job_referral": "J2005-0001",
}
WHO = {"accept": "chen", "handle": "ping", "implement": "chen", "feedback": "chen"}


@pytest.fixture
def june(shell: Shell) -> Shell:
    shell.at("2005-06-15T09:00")
    return shell


def open_case(shell: Shell, kind: str = "petition", *more: str) -> str:
    shell.ok(
        "contacts", "add", "--channel", "visit", "--name", "吴试甲", "--id-number", WU,
        "--matter", "工资没有发", "--open", kind, "--actor", "chen", *more,
    )  # fmt: skip
    return REFERENCES[kind]


def open_secret(shell: Shell) -> str:
    """A restricted case, of which the number is one by chance."""
    open_case(shell, "petition", "--restricted")
    (found,) = (
        case["case"]
        for case in shell.json("cases", "list", "--actor", "chen")
        if case["restricted"]
    )
    return str(found)


def words(fields: Mapping[str, str]) -> list[str]:
    return [word for name, value in fields.items() for word in ("--field", f"{name}={value}")]


def do(shell: Shell, case: str, kind: str, *actions: str) -> None:
    for action in actions:
        fields = words(FIELDS[kind][action])
        shell.ok("cases", "do", case, action, *fields, "--actor", WHO[action])


@pytest.mark.parametrize("kind", REFERENCES)
def test_case_of_each_kind_goes_from_the_desk_to_the_feedback(june: Shell, kind: str) -> None:
    case = open_case(june, kind)
    do(june, case, kind, "accept", "handle", "implement", "feedback")
    shown = june.json("cases", "show", case)
    assert (shown["case"], shown["kind"], shown["state"]) == (case, kind, "feedback")
    assert [e["actor"] for e in shown["history"]] == ["chen", "chen", "ping", "chen", "chen"]
    assert shown["next"] is None


def test_step_says_where_the_case_stands_and_the_next_deadline(june: Shell) -> None:
    case = open_case(june)
    told = june.ok(
        "cases", "do", case, "accept", "--field", "matter_class=appeal", "--actor", "chen"
    )
    assert told.splitlines() == [
        'P2005-0001: "Accept" is done; it is now "Accepted" (version 2).',
        "Next deadline: 2005-08-15.",
    ]


def test_refusal_tells_every_reason_and_who_could(june: Shell) -> None:
    case = open_case(june)
    do(june, case, "petition", "accept")
    reasons = june.refused("cases", "do", case, "handle", "--field", "outcome=x", "--actor", "chen")
    assert len(reasons) == 4
    assert reasons[0].endswith("is for another person. It can be done by: ping.")


def test_show_has_the_arithmetic_and_what_may_be_done_by_whom(june: Shell) -> None:
    case = open_case(june)
    shown = june.ok("cases", "show", case, "--actor", "ping")
    assert "Deadline: 2005-06-30; 15 days left." in shown
    assert "by Regulations on Petitions, art. 23" in shown
    assert re.search(r"colleague +Who steps aside +a username", shown)
    assert "+ 15 calendar days" in shown
    found = june.json("cases", "show", case, "--actor", "ping")
    steps = {choice["action"]: choice for choice in found["next"]}
    assert steps["accept"]["allowed"]
    assert steps["report_upward"]["refusals"][0]["code"] == "petition.not_urgent"
    assert steps["add_contact"]["refusals"][0]["who"] == ["chen"]
    assert found["deadline"]["due_on"] == "2005-06-30"


def test_show_lists_no_step_that_follows_from_another_command(june: Shell) -> None:
    case = open_case(june)
    shown = june.ok("cases", "show", case, "--actor", "chen")
    assert "Accept" in shown
    for follows in ("add_contact", "take_in"):
        assert follows not in shown
        assert follows in str(june.json("cases", "show", case, "--actor", "chen")["next"])


def test_show_of_a_released_run_names_the_steps_that_follow_from_commands(working: Shell) -> None:
    working.ok("payouts", "prepare", "2005Q2", "--actor", "fang")
    working.ok("payouts", "submit", "2005Q2", "--actor", "fang")
    working.ok("payouts", "approve", "2005Q2", "--actor", "ping")
    working.ok("payouts", "release", "2005Q2", "--actor", "gao")
    shown = working.ok("cases", "show", "2005Q2-r1", "--actor", "fang")
    assert "what follows from other commands: Record the bank's answer" in shown


def test_show_masks_the_numbers_of_a_person_and_keeps_the_words(june: Shell) -> None:
    case = open_case(june)
    fields = {"id_number": WU, "phone": "13800000017"}
    june.ok("cases", "do", case, "identify", *words(fields), "--actor", "chen")
    for shown in (june.ok("cases", "show", case), str(june.json("cases", "show", case))):
        assert "138****0017" in shown
        assert WU not in shown
        assert "13800000017" not in shown
        assert "工资没有发" in shown


def test_step_that_is_entered_late_is_shown_as_such(june: Shell) -> None:
    case = open_case(june, "petition", "--on", "2005-06-10", "--at", "15:00")
    accept = ("accept", "--field", "matter_class=appeal", "--actor", "chen")
    (reason,) = june.refused("cases", "do", case, *accept, "--on", "2005-06-09")
    assert "the step before it happened on 2005-06-10" in reason
    june.ok("cases", "do", case, *accept, "--on", "2005-06-10")
    late = june.json("cases", "show", case)["history"][1]
    assert (late["happened_at"], late["entered_late"]) == ("2005-06-10T15:00:00+08:00", True)
    assert "entered late: 2005-06-15 09:00" in june.ok("cases", "show", case)
    assert june.refused("cases", "do", case, "note", "--on", "2005-06-16", "--actor", "chen")[
        0
    ] == ("on: This lies in the future; write when it happened.")


def test_step_on_an_older_version_is_refused(june: Shell) -> None:
    case = open_case(june)
    do(june, case, "petition", "accept")
    note = ("cases", "do", case, "note", "--field", "note=x", "--actor", "chen")
    (reason,) = june.refused(*note, "--version", "1")
    assert "has changed since you looked at it, by " in reason
    june.ok(*note, "--version", "2")


def test_fields_are_typed_as_name_and_value_once(june: Shell) -> None:
    case = open_case(june)
    june.misused("cases", "do", case, "note", "--field", "note", "--actor", "chen")
    twice = ("--field", "note=x", "--field", "note=y")
    assert "twice" in june.misused("cases", "do", case, "note", *twice, "--actor", "chen")
    june.ok("cases", "do", case, "note", "--field", "note=a=b", "--actor", "chen")
    assert june.json("cases", "show", case)["history"][-1]["fields"] == {"note": "a=b"}


def test_list_is_narrowed_by_kind_state_worker_and_what_is_overdue(june: Shell) -> None:
    petition, relief = open_case(june), open_case(june, "relief")
    june.ok("cases", "do", petition, "assign", "--field", "case_worker=ping", "--actor", "chen")

    def listed(*how: str) -> list[str]:
        return [case["case"] for case in june.json("cases", "list", *how)]

    assert listed() == [relief, petition]  # five working days, and fifteen days
    assert listed("--kind", "relief") == [relief]
    assert listed("--state", "accepted") == []
    assert listed("--mine", "--actor", "ping") == [petition]
    assert listed("--overdue") == []
    june.at("2005-06-23T09:00")
    assert listed("--overdue") == [relief]
    assert "overdue" in june.ok("cases", "list")
    assert "overdue by 1 days" in june.ok("cases", "show", relief)
    assert "--actor" in june.misused("cases", "list", "--mine")
    assert "petition, relief" in june.refused("cases", "list", "--kind", "x")[0]
    assert "accepted" in june.refused("cases", "list", "--state", "x")[0]


def test_list_of_ones_own_is_what_the_pages_have_in_that_queue(june: Shell) -> None:
    mine, closed, aside = (open_case(june, kind) for kind in ("petition", "relief", "legal_aid"))
    june.ok("cases", "do", closed, "withdraw", "--reason", "已解决", "--actor", "chen")
    june.ok("cases", "do", aside, "recuse", "--reason", "亲戚", "--actor", "chen")

    def listed(*how: str) -> set[str]:
        return {case["case"] for case in june.json("cases", "list", *how)}

    own = ("--mine", "--actor", "chen")
    assert listed(*own) == {mine}
    assert listed(*own, "--state", "withdrawn") == {closed}
    assert listed(*own, "--kind", "household") == set()
    assert listed(*own, "--overdue") == set()
    june.at("2005-07-05T09:00")
    assert listed(*own, "--overdue") == {mine}
    assert listed() == {mine, closed, aside}


def test_restricted_case_is_there_for_named_people_alone(june: Shell) -> None:
    case = open_secret(june)
    unknown = [f'reference: There is no case "{case}".']
    assert june.refused("cases", "show", case) == unknown
    assert june.refused("cases", "show", case, "--actor", "an") == unknown
    note = ("note", "--field", "note=x", "--actor", "ping")
    assert june.refused("cases", "do", case, *note) == unknown
    assert june.json("cases", "list") == []
    assert "There are no such cases." in june.ok("cases", "list")
    june.ok("cases", "do", case, "name_readers", "--field", "readers=ping", "--actor", "chen")
    assert "readers" in june.ok("cases", "show", case, "--actor", "ping")
    assert case in june.ok("cases", "list", "--actor", "ping")


def test_merged_case_says_where_it_went(june: Shell) -> None:
    first = open_case(june)
    open_case(june)
    merge = ("merge", "--field", "merge_into=P2005-0002", "--actor", "chen")
    june.ok("cases", "do", first, *merge)
    assert june.json("cases", "show", first)["merged_into"] == "P2005-0002"
    assert first in june.ok("cases", "show", "P2005-0002")


def test_deputy_acts_with_both_names(june: Shell) -> None:
    case = open_case(june)
    do(june, case, "petition", "accept")
    away = ("--from", "2005-06-15", "--until", "2005-06-17", "--deputy", "fang", "--actor", "ping")
    june.ok("user", "away", "ping", *away)
    fields = words(FIELDS["petition"]["handle"])
    june.ok("cases", "do", case, "handle", *fields, "--actor", "fang", "--for", "ping")
    entry = june.json("cases", "show", case)["history"][-1]
    assert (entry["actor"], entry["on_behalf_of"]) == ("fang", "ping")
    assert "fang for ping" in june.ok("cases", "show", case)


def test_hardship_files_and_runs_are_cases_too(working: Shell) -> None:
    working.ok("payouts", "prepare", "2005Q2", "--actor", "fang")
    assert working.json("cases", "show", "H1")["kind"] == "household"
    assert working.json("cases", "show", "2005Q2")["case"] == "2005Q2-r1"
    working.ok("cases", "do", "2005Q2", "submit", "--actor", "fang")
    assert working.json("cases", "show", "2005Q2-r1")["state"] == "submitted"
    kinds = {case["kind"] for case in working.json("cases", "list")}
    assert kinds == {"household", "payout_run"}


def test_scheduler_does_not_name_a_restricted_case_that_is_overdue(june: Shell) -> None:
    secret, case = open_secret(june), open_case(june)
    june.at("2005-07-01T09:00")
    told = june.ok("tick")
    assert "Petition (due on 2005-06-30)" in told
    assert f"{case} (due on 2005-06-30)" in told
    assert secret not in told


def test_list_warns_of_a_limitation_that_ends_soon(june: Shell) -> None:
    case = open_case(june, "legal_aid")
    fields = {"dispute_kind": "dismissal", "employer": "x", "limitation_ends_on": "2005-09-01"}
    june.ok("cases", "do", case, "accept", *words(fields), "--actor", "chen")
    warning = "limitation of arbitration ends"
    june.at("2005-07-02T09:00")  # 61 days before
    assert warning not in june.ok("cases", "list")
    june.at("2005-07-03T09:00")
    assert warning in june.ok("cases", "list")
    shown = june.ok("cases", "show", case)
    assert "2005-09-01, 60 days left" in shown
    june.ok("cases", "do", case, "withdraw", "--reason", "已解决", "--actor", "chen")
    assert warning not in june.ok("cases", "list")
