"""What the command line shows of a household's life: line, notice, waiting list, re-checks."""

from __future__ import annotations

import pytest

from relief.bootstrap import open_relief
from tests.cli.conftest import STRANGER, Shell, family
from tests.conftest import settings_for
from tests.office import CHEN, PING, Office
from tests.service.test_household_life import found

PHONE = "0576-87654321"


@pytest.fixture
def living(working: Shell) -> Shell:
    """H3 (one person) has applied; a line of 240.00."""
    working.ok(
        "households", "dibao-line", "set", "2005-01", "240", "--document-no", "2005-3",
        "--actor", "an",
    )  # fmt: skip
    path = working.register(
        "later",
        [family("H3", applicant_id=STRANGER, applicant_name="试生", approved_on="", grade="")],
    )
    working.ok("households", "import", path, "--actor", "chen")
    return working


def office_of(shell: Shell) -> Office:
    """The same office, for steps."""
    return Office(open_relief(settings_for(shell.folder / "office", clock="2005-06-15T10:00")))


def take(shell: Shell, *steps: tuple[str, str, object, dict[str, object]]) -> None:
    office = office_of(shell)
    for no, action, actor, more in steps:
        office.file_step(no, action, actor, **more)
    office.relief.database.dispose()


def on_notice(shell: Shell, **more: str) -> None:
    take(
        shell,
        ("H3", "survey", CHEN, {"fields": found(**more)}),
        ("H3", "publish", CHEN, {"fields": {"objection_phone": PHONE}}),
    )
    shell.at("2005-06-15T11:00")


def test_line_is_recorded_with_its_document_by_an_admin(living: Shell) -> None:
    (line,) = living.json("households", "dibao-line", "list")
    assert (line["from_month"], line["amount"]) == ("2005-01", "240.00")
    assert (line["document_no"], line["recorded_by"]) == ("2005-3", "an")
    again = ("households", "dibao-line", "set", "2005-01", "240", "--document-no", "2005-3")
    (known,) = living.refused(*again, "--actor", "an")
    assert "already" in known
    (role,) = living.refused(*again, "--actor", "chen")
    assert "admin" in role
    faults = living.refused(
        "households", "dibao-line", "set", "2005-02", "0", "--document-no", " ", "--actor", "an"
    )
    assert len(faults) == 2
    assert "240.00" in living.ok("households", "dibao-line", "list")


def test_notice_names_what_may_be_known_and_nothing_else(living: Shell) -> None:
    assert "Nothing is on public notice" in living.ok("households", "notice")
    on_notice(living, income="3000", expense="0", remarks="肝病")
    shown = living.json("households", "notice", "H3")
    assert shown == {
        "household_no": "H3",
        "state": "published",
        "name": "试生",
        "employer": "",
        "township": "城关镇",
        "grade": "deep",
        "counted_members": 1,
        "monthly_amount": "200.00",
        "objection_phone": PHONE,
        "published_on": "2005-06-15",
        "until_on": "2005-06-22",
        "provisional": False,
    }
    assert living.json("households", "notice") == [shown]
    for text in (living.ok("households", "notice"), living.ok("households", "notice", "H3")):
        for private in ("331", "62284", "138", "3,000", "3000", "肝病", "major"):
            assert private not in text
        assert "200.00" in text
        assert "2005-06-22" in text
    (never,) = living.refused("households", "notice", "H1")
    assert "never" in never


def test_file_shows_survey_arithmetic_notice_and_objections(living: Shell) -> None:
    on_notice(living)
    take(living, ("H3", "object", CHEN, {"fields": {"objection": "有车"}}))
    shown = living.json("households", "show", "H3")
    assert shown["survey"]["proposed_grade"] == "relative"
    assert shown["survey"]["arithmetic"][1].endswith("= 250.00 a person a month")
    assert shown["notice"]["until_on"] is None
    assert [o["objection"] for o in shown["objections"]] == ["有车"]
    assert shown["recheck_due_on"] is None
    text = living.ok("households", "show", "H3")
    assert "below twice the line, 480.00" in text
    assert "unnamed: 有车 (not decided yet)" in text
    assert "stands still" in text
    take(living, ("H3", "dismiss_objection", PING, {"reason": "查无此车"}))
    text = living.ok("households", "show", "H3")
    assert "(dismissed on 2005-06-15: 查无此车)" in text


def test_waiting_list_shows_who_is_next(living: Shell) -> None:
    living.ok("scheme", "set", "--places", "2", "--actor", "an")
    on_notice(living)
    living.at("2005-06-23T09:00")
    office = office_of(living)
    office.at("2005-06-23T10:00")
    office.file_step("H3", "wait", PING)
    office.relief.database.dispose()
    living.at("2005-06-23T11:00")
    assert living.json("households", "waiting") == [
        {
            "rank": 1,
            "household_no": "H3",
            "applicant_name": "试生",
            "grade": "relative",
            "net_income_per_person": "250.00",
            "applied_on": "2005-06-15",
            "township": "城关镇",
        }
    ]
    assert "250.00" in living.ok("households", "waiting")
    assert "1 on the waiting list" in living.ok("households", "show", "H3")


def test_rechecks_stand_on_the_list_from_sixty_days_before(working: Shell) -> None:
    assert "No re-check is due" in working.ok("households", "rechecks")
    assert working.json("households", "show", "H1")["recheck_due_on"] == "2006-03-24"
    working.at("2006-01-23T09:00")
    assert [r["household_no"] for r in working.json("households", "rechecks")] == ["H1", "H2"]
    working.at("2006-03-25T09:00")
    (first, _second) = working.json("households", "rechecks")
    assert (first["due_on"], first["overdue"], first["to_exit"]) == ("2006-03-24", True, False)
    assert "2006-03-24" in working.ok("households", "rechecks")


def test_household_is_led_from_application_to_return_by_its_people(living: Shell) -> None:
    def do(action: str, actor: str, *more: str, **fields: str) -> str:
        typed = [word for name, value in fields.items() for word in ("--field", f"{name}={value}")]
        return living.ok("cases", "do", "H3", action, "--actor", actor, *typed, *more)

    do("survey", "chen", **found("3000", "0"))
    do("publish", "chen", objection_phone=PHONE)
    do("object", "chen", objection="有车")
    do("dismiss_objection", "ping", "--reason", "查无此车")
    (early,) = living.refused(
        "cases", "do", "H3", "approve", "--actor", "ping", "--field", "grade=deep"
    )
    assert "2005-06-22" in early
    living.at("2005-06-24T09:00")
    do("approve", "ping", "--on", "2005-06-23", grade="deep")
    shown = living.json("households", "show", "H3")
    assert (shown["state"], shown["enrolments"][0]["from_month"]) == ("active", "2005-07")
    assert shown["recheck_due_on"] == "2006-06-23"
    do("suspend", "chen", "--reason", "核实")
    do("resume", "chen")
    living.at("2005-08-24T09:00")
    visit = found("3000", "0", recheck_result="regraded", grade="relative")
    do("recheck", "chen", "--reason", "子女就业", **visit)
    assert living.json("households", "show", "H3")["grades"][-1]["from_month"] == "2005-09"
    do("exit", "chen", exit_reason="graduation")
    do("apply_again", "chen")
    assert living.json("households", "show", "H3")["state"] == "applied"


def test_household_no_longer_entitled_is_listed_as_to_exit(living: Shell) -> None:
    fields = found("90000", recheck_result="no_longer_entitled")
    take(living, ("H1", "recheck", CHEN, {"fields": fields}))
    living.at("2005-06-15T11:00")
    (listed,) = living.json("households", "rechecks")
    assert (listed["household_no"], listed["to_exit"]) == ("H1", True)
    assert "to exit" in living.ok("households", "rechecks")
    assert "no longer entitled since" in living.ok("households", "show", "H1")


def test_objector_is_named_to_clerks_and_approvers_alone(living: Shell) -> None:
    on_notice(living)
    take(living, ("H3", "object", CHEN, {"fields": {"objection": "有车", "objector": "刘试戊"}}))
    for command in (("households", "show", "H3"), ("cases", "show", "H3")):
        for reader in ((), ("--actor", "an"), ("--actor", "fang")):
            for told in (living.ok(*command, *reader), str(living.json(*command, *reader))):
                assert "刘**" in told
                assert "刘试戊" not in told
        for name in ("chen", "ping"):
            assert "刘试戊" in living.ok(*command, "--actor", name)
