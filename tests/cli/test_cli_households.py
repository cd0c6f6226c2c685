"""Hardship files: the register, the ledger, one file, the list."""

from __future__ import annotations

import pytest

from relief.people.rules import check_character
from tests.cli.conftest import ACCOUNT_NO, CHILD, SISTER, STRANGER, WIFE, WU, Shell, family, member


def change(kind: str, day: str = "2005-06-01", no: str = "H1", **more: str) -> dict[str, str]:
    return {"household_no": no, "change": kind, "effective_on": day} | more


def stranger(no: str = "H3", **more: str) -> dict[str, str]:
    """A household that a register may still open."""
    return family(no, applicant_id=STRANGER, applicant_name="试生", phone="") | more


def strangers(count: int) -> list[dict[str, str]]:
    """So many of them, H3 and on."""
    numbers = (f"33102119790116{number:03d}" for number in range(count))
    people = (number + check_character(number) for number in numbers)
    return [stranger(f"H{no}", applicant_id=person) for no, person in enumerate(people, start=3)]


def test_import_dry_run_writes_nothing_and_says_so(working: Shell) -> None:
    path = working.register("more", [stranger()])
    shown = working.ok("households", "import", path, "--actor", "chen", "--dry-run")
    assert "nothing was written" in shown
    assert [h["household_no"] for h in working.json("households", "list")] == ["H1", "H2"]


def test_import_names_every_fault_with_its_place_and_writes_nothing(working: Shell) -> None:
    path = working.register(
        "bad",
        [
            family("H1"),
            family("H3", applicant_id=WU[:-1] + "0", approved_on="2005-07-01"),
            family("H4", applicant_id=SISTER, applicant_name="吴试丁", grade="huge"),
        ],
        [member("吴试丙", CHILD, "child", "H4"), member("无户", CHILD, "child", "H9")],
    )
    reasons = working.refused("households", "import", path, "--actor", "chen")
    places = [reason.split(":")[0] for reason in reasons]
    assert "households.csv, row 2, household_no" in places
    assert "households.csv, row 3, applicant_id" in places
    assert "households.csv, row 4, grade" in places
    assert "members.csv, row 3, household_no" in places
    assert not [reason for reason in reasons if WU in reason or SISTER in reason]
    assert len(working.json("households", "list")) == 2


def test_import_says_so_when_the_file_was_taken_before(working: Shell) -> None:
    again = working.ok("households", "import", str(working.folder / "register"), "--actor", "chen")
    assert again == "This file was taken before; nothing changed.\n"


@pytest.mark.parametrize("brought", ["missing.xlsx", "missing", "."])
def test_import_is_refused_when_there_is_no_register(working: Shell, brought: str) -> None:
    reasons = working.refused("households", "import", brought, "--actor", "chen")
    assert all("missing" in reason or "has no table" in reason for reason in reasons)


def test_import_is_refused_when_the_workbook_is_damaged(working: Shell) -> None:
    path = working.folder / "register.xlsx"
    path.write_bytes(b"PK\x03\x04 no workbook")
    (reason,) = working.refused("households", "import", str(path), "--actor", "chen")
    assert "register.xlsx" in reason


@pytest.mark.parametrize("actor", ["fang", "an", "wen"])
def test_import_and_changes_are_for_clerks_and_approvers(working: Shell, actor: str) -> None:
    ledger = working.changes("grade.csv", change("grade", grade="relative"))
    register = working.register("more", [family("H3")])
    for words in (("import", register), ("changes", ledger)):
        (reason,) = working.refused("households", *words, "--actor", actor)
        assert reason.startswith("Only a clerk or an approver")


def test_import_tells_what_is_worth_a_look_and_goes_on(working: Shell) -> None:
    path = working.register("more", [stranger(account_no="6228480000000000028")])
    result = working.run("households", "import", path, "--actor", "chen")
    assert result.exit_code == 0
    assert "worth a look: households.csv, row 2, account_no: The account number" in result.stderr
    assert "6228480000000000028" not in result.output
    ledger = working.changes(
        "card.csv", change("account", no="H2", account_no="6228480000000000028")
    )
    result = working.run("households", "changes", ledger, "--actor", "chen")
    assert (result.exit_code, "used by 2 households" in result.stderr) == (0, True)


def test_changes_are_counted_and_recorded(working: Shell) -> None:
    path = working.changes(
        "june.csv", change("grade", grade="relative"), change("suspend"), change("suspend", no="H2")
    )
    shown = working.ok("households", "changes", path, "--actor", "chen")
    assert shown == "In the ledger: grade changes 1, suspensions 2.\nRecorded.\n"
    states = {h["household_no"]: h["state"] for h in working.json("households", "list")}
    assert states == {"H1": "suspended", "H2": "suspended"}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (change("leave", id_number="331021197101175709"), "never joined"),
        (change("approve", grade="deep"), "approved already"),
        (change("exit", "2005-06-16"), "lies in the future"),
        (change("grade", "2004-06-14", grade="relative"), "an approver has to record it"),
        (change("resume"), "not suspended"),
        (change("exit", no="H9"), "no hardship file H9"),
        (change("dance"), "dance"),
    ],
)
def test_changes_are_refused_when_they_contradict_the_file(
    working: Shell, row: dict[str, str], reason: str
) -> None:
    path = working.changes("bad.csv", row, change("suspend", no="H2"))
    reasons = working.refused("households", "changes", path, "--actor", "chen")
    assert len(reasons) == 1
    assert reasons[0].startswith("bad.csv, row 2, ")
    assert reason in reasons[0]
    assert working.json("households", "show", "H2")["on_hold_since"] is None


def test_fifty_first_household_has_to_wait(working: Shell) -> None:
    working.ok("scheme", "set", "--places", "2", "--actor", "an")
    path = working.register("more", [stranger()])
    reasons = working.refused("households", "import", path, "--actor", "chen")
    assert [reason.partition(": ")[2] for reason in reasons] == [
        "the scheme has 2 places, and 3 households would be enrolled; of this file have to wait: H3"
    ]


def test_many_without_a_place_are_one_fault_for_the_whole(working: Shell) -> None:
    working.ok("scheme", "set", "--places", "5", "--actor", "an")
    path = working.register("more", strangers(30))
    reasons = working.refused("households", "import", path, "--actor", "chen")
    assert len(reasons) == 1
    assert "row 5" in reasons[0]  # three of them would find a place
    said = reasons[0].partition(": ")[2]
    waiting = [f"H{number}" for number in range(6, 26)]
    assert said == (
        "the scheme has 5 places, and 32 households would be enrolled; of this file have to wait: "
        f"{', '.join(waiting)}, … (27 in all)"
    )


def test_show_has_the_file_and_its_months_under_stable_keys(working: Shell) -> None:
    shown = working.json("households", "show", "H1")
    assert {key: shown[key] for key in ("household_no", "state", "applicant_name")} == {
        "household_no": "H1",
        "state": "active",
        "applicant_name": "吴试甲",
    }
    assert [m["relation"] for m in shown["members"]] == ["self", "spouse", "child"]
    assert shown["enrolments"][0]["from_month"] == "2005-04"
    assert shown["grades"] == [
        {"grade": "deep", "from_month": "2005-04", "decided_on": "2005-03-24"}
    ]
    assert shown["months"][0] == {
        "month": "2005-04",
        "counted": ["吴试甲", "吴试乙", "吴试丙"],
        "persons": 3,
        "grade": "deep",
        "rate": "200.00",
        "owed": "600.00",
        "paid": "0.00",
        "written_off": "0.00",
        "why": [
            {
                "code": "not_yet_run",
                "text": "600.00 to be paid; the list of 2005Q2 is not prepared yet",
            }
        ],
    }
    assert [month["month"] for month in shown["months"]] == ["2005-04", "2005-05", "2005-06"]


def test_no_number_of_a_card_or_an_account_is_ever_shown_whole(working: Shell) -> None:
    working.ok("payouts", "prepare", "2005Q2", "--actor", "fang")
    for words in (
        ("households", "show", "H1"),
        ("households", "show", "H1", "--json"),
        ("households", "list", "--json"),
        ("payouts", "show", "2005Q2", "--json"),
        ("payouts", "explain", "2005Q2", "H1"),
        ("audit", "export", "--actor", "wen"),
    ):
        shown = working.ok(*words)
        assert not [no for no in (WU, WIFE, CHILD, ACCOUNT_NO, "13800000017") if no in shown]
    assert "331***********4937" in working.ok("households", "show", "H1")


def test_list_has_the_grade_and_the_counted_members_of_this_month(working: Shell) -> None:
    assert working.json("households", "list")[0] == {
        "household_no": "H1",
        "applicant_name": "吴试甲",
        "state": "active",
        "grade": "deep",
        "counted": 3,
        "township": "城关镇",
    }
    shown = working.ok("households", "list")
    assert "吴试丁" in shown
    assert "Active" in shown


def test_show_is_refused_when_there_is_no_such_file(working: Shell) -> None:
    (reason,) = working.refused("households", "show", "H9")
    assert '"relief households list"' in reason
