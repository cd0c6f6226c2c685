"""What the approver is shown beside a list: what became known since, and the bridge to it."""

from __future__ import annotations

import pytest

from relief.payouts import queries
from relief.payouts.explanation import changes as changes_module
from relief.payouts.explanation.bridge import bridge
from relief.payouts.explanation.bridge_steps import Bridge
from relief.payouts.explanation.changes import Changes, changes_since
from tests.office import Office

HEADS = {"H1": "331002195406274937", "H2": "33102119940822085X", "H3": "33102120031101203X"}
SISTER = "331021197101175709"


@pytest.fixture
def three(sqlite_office: Office) -> Office:
    """H1 and H2 grade deep, H3 relative; one person each; the list of 2005Q2 is a draft."""
    office = sqlite_office
    office.at("2005-01-04T09:00")
    office.scheme(go_live="2005-04")
    office.rates(("deep", "2005-01", 20_000), ("relative", "2005-01", 15_000))
    office.at("2005-03-25T09:00")
    office.register(
        [
            {
                "household_no": no,
                "applicant_name": f"试{'甲乙丙'[place]}",
                "applicant_id": HEADS[no],
                "grade": "relative" if no == "H3" else "deep",
                "approved_on": "2005-03-10",
                "account_no": f"622848000000000000{place}",
            }
            for place, no in enumerate(HEADS)
        ]
    )
    office.at("2005-06-15T09:00")
    office.prepare("2005Q2")
    office.at("2005-06-16T09:00")
    return office


def since(office: Office, reference: str = "2005Q2") -> Changes:
    with office.relief.reading() as work:
        return changes_since(work, queries.find_run(work, reference))


def told(office: Office, reference: str = "2005Q2") -> list[tuple[str, str, str]]:
    return [(c.kind, c.household_no, str(c.what)) for c in since(office, reference).shown]


def bridge_to(office: Office, reference: str) -> Bridge:
    with office.relief.reading() as work:
        return bridge(work, queries.find_run(work, reference))


def amounts(built: Bridge) -> dict[str, int]:
    return {step.name: step.amount_fen for step in built.steps if step.amount_fen}


# Changes since the freeze


def test_changes_are_none_when_nothing_was_recorded_since(three: Office) -> None:
    assert since(three) == Changes((), 0)


def test_changes_tell_each_fact_that_touches_the_list(three: Office) -> None:
    three.change(
        {"household_no": "H1", "change": "suspend", "effective_on": "2005-06-16", "reason": "moved"}
    )
    three.at("2005-06-17T09:00")
    three.change(
        {
            "household_no": "H2",
            "change": "join",
            "effective_on": "2005-04-20",
            "id_number": SISTER,
            "name": "试丁",
            "relation": "parent",
            "counted": "yes",
        },
        {
            "household_no": "H3",
            "change": "grade",
            "effective_on": "2005-05-02",
            "grade": "deep",
        },
    )
    three.at("2005-06-18T09:00")
    three.rates(("relative", "2005-06", 16_000), document_no="2005-30")
    three.at("2005-06-19T09:00")
    three.change(
        {"household_no": "H2", "change": "account", "account_no": "6228480000000000009"}
        | {"effective_on": "2005-06-19"}
    )
    three.choose("H3", "wait")

    assert told(three) == [
        ("hold", "H1", "payment suspended on 2005-06-16"),
        ("membership", "H2", "a parent joined on 2005-04-20, counted from 2005-05"),
        ("grade", "H3", "grade deep from 2005-06, decided 2005-05-02"),
        (
            "rate",
            "",
            "grade relative: 160.00 a person and month from 2005-06, document 2005-30",
        ),
        ("account", "H2", "another account from 2005-06-19"),
        ("recovery", "H3", "over-payments are to wait"),
    ]
    assert {change.recorded_by for change in since(three).shown} == {"ping"}


def test_changes_tell_what_was_taken_back_since(three: Office) -> None:
    three.change({"household_no": "H1", "change": "suspend", "effective_on": "2005-06-16"})
    three.choose("H2", "wait")
    three.prepare("2005Q2")
    three.at("2005-06-17T09:00")
    three.change(
        {"household_no": "H1", "change": "resume", "effective_on": "2005-06-17"},
        {"household_no": "H3", "change": "exit", "effective_on": "2005-03-10"},
    )
    three.choose("H2", "offset")

    assert told(three) == [
        ("hold", "H1", "payment resumed on 2005-06-17"),
        ("enrolment", "H3", "the household exited on 2005-03-10, counted in no month"),
        ("recovery", "H2", "over-payments are to be offset"),
    ]


def test_changes_leave_out_what_lies_after_the_list_but_an_exit_stops_a_line(
    three: Office,
) -> None:
    join = {"change": "join", "id_number": SISTER, "name": "试丁", "relation": "other"}
    three.change({"household_no": "H1", "effective_on": "2005-06-16", **join})
    three.change(
        {"household_no": "H1", "change": "leave", "effective_on": "2005-06-16"}
        | {"id_number": HEADS["H1"]}
    )
    three.change({"household_no": "H2", "change": "exit", "effective_on": "2005-06-16"})
    three.rates(("deep", "2005-07", 19_000), document_no="2005-31")

    # The applicant who leaves is counted to June, but there is no payee any more.
    assert told(three) == [
        ("account", "H1", "the account ended on 2005-06-16"),
        ("enrolment", "H2", "the household exited on 2005-06-16, counted to 2005-06"),
    ]


def test_changes_tell_an_end_that_is_corrected_from_within_the_list_to_after_it(
    three: Office,
) -> None:
    three.change({"household_no": "H2", "change": "exit", "effective_on": "2005-04-16"})
    three.prepare("2005Q2")
    three.at("2005-06-17T09:00")
    three.change({"household_no": "H2", "change": "exit", "effective_on": "2005-06-17"})

    assert told(three) == [
        ("enrolment", "H2", "the household exited on 2005-06-17, counted to 2005-06")
    ]


def test_changes_tell_a_line_that_counted_as_paid_and_came_back(three: Office) -> None:
    three.release("2005Q2")
    three.at("2005-09-15T09:00")
    three.prepare("2005Q3")
    three.at("2005-09-16T09:00")
    three.answer("2005Q2", {"H1": "failed"})

    assert told(three, "2005Q3") == [
        ("line", "H1", "line 2005Q2-r1-00001: failed; what it paid is owed again")
    ]
    assert told(three, "2005Q2") == []


def test_changes_beyond_the_number_shown_are_counted(
    three: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes_module, "CHANGES_SHOWN_MAX", 2)
    for number, no in enumerate(HEADS):
        three.at(f"2005-06-17T1{number}:00")
        three.change({"household_no": no, "change": "suspend", "effective_on": "2005-06-16"})

    found = since(three)
    assert [change.household_no for change in found.shown] == ["H1", "H2"]
    assert (found.more_count, found.count) == (1, 3)


# The bridge


def test_bridge_starts_from_nothing_when_there_was_no_run(three: Office) -> None:
    built = bridge_to(three, "2005Q2")

    assert (built.previous, built.previous_fen, built.this_fen) == ("", 0, 165_000)
    assert amounts(built) == {"came": 165_000}


def test_bridge_names_who_came_went_was_blocked_and_released(three: Office) -> None:
    three.change({"household_no": "H2", "change": "suspend", "effective_on": "2005-06-16"})
    three.prepare("2005Q2")
    three.release("2005Q2")
    three.at("2005-07-01T09:00")
    three.change(
        {"household_no": "H1", "change": "suspend", "effective_on": "2005-07-01"},
        {"household_no": "H2", "change": "resume", "effective_on": "2005-07-01"},
        {"household_no": "H3", "change": "exit", "effective_on": "2005-06-30"},
    )
    three.register(
        [
            {
                "household_no": "H4",
                "applicant_name": "试丁",
                "applicant_id": SISTER,
                "grade": "deep",
                "approved_on": "2005-06-30",
                "account_no": "6228480000000000008",
            }
        ]
    )
    three.at("2005-09-15T09:00")
    three.prepare("2005Q3")

    built = bridge_to(three, "2005Q3")
    assert built.previous == "2005Q2-r1"
    assert built.previous_fen == 60_000 + 45_000
    assert amounts(built) == {
        "came": 60_000,
        "gone": -45_000,
        "released": 60_000,
        "blocked": -60_000,
        "arrears": 60_000,
    }
    assert built.rest_fen == 0


def test_bridge_parts_the_grade_from_the_rate(three: Office) -> None:
    three.release("2005Q2")
    three.at("2005-07-01T09:00")
    three.change(
        {"household_no": "H1", "change": "grade", "effective_on": "2005-06-20"}
        | {"grade": "relative"}
    )
    three.rates(("relative", "2005-07", 16_000), document_no="2005-30")
    three.at("2005-09-15T09:00")
    three.prepare("2005Q3")

    built = bridge_to(three, "2005Q3")
    assert amounts(built) == {"grade": -15_000, "rate": 6_000}
    assert {h.household_no: dict(h.steps) for h in built.households} == {
        "H1": {"grade": -15_000, "rate": 3_000},
        "H2": {},
        "H3": {"rate": 3_000},
    }


def test_bridge_takes_a_withdrawn_line_as_blocked_and_then_as_released(three: Office) -> None:
    three.withdraw("2005Q2", "H1")
    assert bridge_to(three, "2005Q2").this_fen == 105_000

    three.release("2005Q2")
    three.at("2005-09-15T09:00")
    three.prepare("2005Q3")
    assert amounts(bridge_to(three, "2005Q3")) == {"released": 60_000, "arrears": 60_000}

    three.withdraw("2005Q3", "H2")
    assert amounts(bridge_to(three, "2005Q3"))["blocked"] == -60_000
