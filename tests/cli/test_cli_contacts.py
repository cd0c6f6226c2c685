"""The desk from the command line."""

from __future__ import annotations

import pytest

from tests.cli.conftest import WU, Shell

ANSWERED = ("--matter", "问政策", "--answer", "已解释", "--actor", "chen")
PETITION = ("--matter", "工资没有发", "--open", "petition", "--actor", "chen")


@pytest.fixture
def june(shell: Shell) -> Shell:
    shell.at("2005-06-15T09:00")
    return shell


def add(shell: Shell, channel: str, *words: str) -> str:
    return shell.ok("contacts", "add", "--channel", channel, *words)


def test_contact_is_answered_opens_a_case_or_is_added_to_one(june: Shell) -> None:
    assert add(june, "call", *ANSWERED) == "C2005-0001: answered on the spot.\n"
    assert add(june, "visit", *PETITION) == "C2005-0002: opened P2005-0001 (Petition).\n"
    told = add(
        june, "call", "--matter", "催", "--to", "P2005-0001", "--chase-up", "--actor", "chen"
    )
    assert told == "C2005-0003: added to P2005-0001 (Petition).\n"
    rows = june.json("contacts", "list")
    assert [(r["contact"], r["outcome"], r["case"], r["chase_up"]) for r in rows] == [
        ("C2005-0001", "answered", None, False),
        ("C2005-0002", "opened", "P2005-0001", False),
        ("C2005-0003", "added", "P2005-0001", True),
    ]


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--open", "petition", "--to", "P2005-0001"),
        ("--answer", "x", "--chase-up"),
        ("--open", "petition", "--chase-up"),
    ],
)
def test_one_outcome_is_said_or_the_usage_is_wrong(june: Shell, words: tuple[str, ...]) -> None:
    june.misused(
        "contacts", "add", "--channel", "visit", "--matter", "x", "--actor", "chen", *words
    )


def test_every_fault_is_told_at_once_and_nothing_is_written(june: Shell) -> None:
    reasons = june.refused(
        "contacts", "add", "--channel", "fax", "--on", "2005-06-16", "--heads", "0",
        "--phone", "none", "--matter", " ", "--answer", "x", "--actor", "chen",
    )  # fmt: skip
    assert [reason.split(":")[0] for reason in reasons] == [
        "on", "channel", "heads", "phone", "matter",
    ]  # fmt: skip
    assert june.json("contacts", "list") == []


def test_list_shows_what_was_entered_late_and_counts_person_times(june: Shell) -> None:
    add(june, "visit", "--heads", "5", "--on", "2005-06-10", "--at", "14:30", *ANSWERED)
    add(june, "letter", "--heads", "3", *ANSWERED)
    shown = june.ok("contacts", "list")
    assert "2005-06-10 14:30 (entered late)" in shown
    assert "collective" in shown
    assert shown.rstrip().endswith("2 contacts count, 8 person-times.")
    by_day = june.json("contacts", "list", "--by-day")
    assert [(day["on"], day["visits"], day["person_times"]) for day in by_day] == [
        ("2005-06-10", 1, 5),
        ("2005-06-15", 0, 3),
    ]
    assert len(june.json("contacts", "list", "--until", "2005-06-10")) == 1
    assert june.json("contacts", "list", "--person", "nobody") == []
    assert june.refused("contacts", "list", "--from", "x", "--until", "y")[1].startswith("until")


def test_show_opens_the_words_and_masks_the_phone(june: Shell) -> None:
    add(june, "visit", "--name", "吴试甲", "--phone", "13800000017", *ANSWERED)
    shown = june.ok("contacts", "show", "C2005-0001")
    assert "138****0017" in shown
    assert "问政策" in shown
    assert "13800000017" not in shown
    assert june.json("contacts", "show", "C2005-0001")["answer"] == "已解释"


def test_wrong_entry_is_void_and_still_shown(june: Shell) -> None:
    add(june, "visit", *ANSWERED)
    june.ok("contacts", "void", "C2005-0001", "--reason", "登记了两次", "--actor", "ping")
    shown = june.ok("contacts", "list")
    assert "void" in shown
    assert "0 contacts count, 0 person-times." in shown
    assert "登记了两次" in june.ok("contacts", "show", "C2005-0001")
    assert june.json("contacts", "list", "--by-day") == []


def test_answered_contact_opens_a_case_afterwards(june: Shell) -> None:
    add(june, "visit", "--name", "吴试甲", "--id-number", WU, *ANSWERED)
    told = june.ok("contacts", "open", "C2005-0001", "job_referral", "--actor", "chen")
    assert told == "C2005-0001: opened J2005-0001 (Job referral).\n"
    assert june.json("cases", "show", "J2005-0001")["matter"] == "问政策"


def test_case_that_an_old_contact_opens_is_received_now(june: Shell) -> None:
    add(june, "call", "--on", "2005-06-01", *ANSWERED)
    june.ok("contacts", "open", "C2005-0001", "petition", "--actor", "chen")
    case = june.json("cases", "show", "P2005-0001")
    assert (case["received_on"], case["deadline"]["due_on"]) == ("2005-06-15", "2005-06-30")
    assert june.json("contacts", "show", "C2005-0001")["happened_at"][:10] == "2005-06-01"


def test_contact_that_was_entered_twice_is_void_when_its_case_was_merged(june: Shell) -> None:
    add(june, "visit", *PETITION)
    add(june, "visit", *PETITION)
    merge = ("merge", "--field", "merge_into=P2005-0001", "--actor", "chen")
    june.ok("cases", "do", "P2005-0002", *merge)
    june.ok("contacts", "void", "C2005-0002", "--reason", "登记了两次", "--actor", "chen")
    assert "1 contacts count" in june.ok("contacts", "list")


def test_restricted_contact_is_shown_to_named_people(june: Shell) -> None:
    add(june, "letter", "--restricted", *PETITION)
    assert june.json("contacts", "list") == []
    assert "0 contacts count" in june.ok("contacts", "list")
    assert june.json("contacts", "list", "--by-day") == []
    assert june.json("contacts", "list", "--by-day", "--actor", "an") == []
    assert june.json("contacts", "list", "--by-day", "--actor", "chen")[0]["letters"] == 1
    (mine,) = june.json("contacts", "list", "--actor", "chen")
    assert june.refused("contacts", "show", mine["contact"], "--actor", "an")
    assert june.ok("contacts", "show", mine["contact"], "--actor", "chen")
    readers = ("--field", "readers=ping", "--actor", "chen")
    june.ok("cases", "do", mine["case"], "name_readers", *readers)
    assert len(june.json("contacts", "list", "--actor", "ping")) == 1


def test_paper_forms_get_numbers_that_are_entered_afterwards(june: Shell) -> None:
    said = june.ok(
        "contacts", "reserve", "--day", "2005-06-16", "--contacts", "2", "--cases", "1",
        "--actor", "chen",
    )  # fmt: skip
    assert said.splitlines() == [
        "C2005-0001",
        "C2005-0002",
        "P2005-0001",
        "3 numbers are reserved for 2005-06-16.",
    ]
    june.at("2005-06-17T09:00")
    then = ("--on", "2005-06-16", "--at", "10:20")
    assert add(june, "call", *ANSWERED, *then, "--reserved", "C2005-0002") == (
        "C2005-0002: answered on the spot.\n"
    )
    petition = ("--reserved", "C2005-0001", "--reserved-case", "P2005-0001")
    assert add(june, "visit", *PETITION, *then, *petition) == (
        "C2005-0001: opened P2005-0001 (Petition).\n"
    )
    (told,) = june.refused(
        "contacts", "add", "--channel", "call", *ANSWERED, "--reserved", "C2005-0002"
    )
    assert "was used already" in told


def test_reserved_numbers_are_given_to_programs(june: Shell) -> None:
    words = ("contacts", "reserve", "--day", "2005-06-15", "--kind", "relief", "--actor", "chen")
    told = june.json(*words)
    assert told["on"] == "2005-06-15"
    assert (len(told["contacts"]), told["cases"][0], len(told["cases"])) == (20, "R2005-0001", 5)


def test_reservation_for_no_day_is_refused(june: Shell) -> None:
    for day, said in (("soon", "2005-06-30"), ("2005-06-14", "from today")):
        (told,) = june.refused("contacts", "reserve", "--day", day, "--actor", "chen")
        assert said in told
