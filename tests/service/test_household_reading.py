"""Reading hardship files: the list, one file, and its months with why owed and paid differ."""

from __future__ import annotations

import pytest

from relief.households import queries
from relief.kernel.errors import NotFound
from relief.kernel.months import format_month, parse_month
from relief.payouts.explanation.household_months import HouseholdMonth, household_months
from tests.office import Office

WU, WIFE, CHILD = "331002195406274937", "33102119940822085X", "33102120031101203X"


@pytest.fixture
def family(office: Office) -> Office:
    """H1: Wu, his wife and a child, grade deep, from 2005-04; rates from 2005-01."""
    office.at("2005-01-04T09:00")
    office.scheme(go_live="2005-04")
    office.rates(("deep", "2005-01", 20_000), ("relative", "2005-01", 15_000))
    office.at("2005-03-25T09:00")
    office.register(
        [
            {
                "household_no": "H1",
                "applicant_name": "试甲",
                "applicant_id": WU,
                "township": "城关镇",
                "grade": "deep",
                "approved_on": "2005-03-24",
                "account_no": "6228480000000000001",
            }
        ],
        [
            {"household_no": "H1", "name": name, "id_number": number, "relation": relation}
            for name, number, relation in (
                ("试甲", WU, "self"),
                ("试乙", WIFE, "spouse"),
                ("试丙", CHILD, "child"),
            )
        ],
    )
    office.at("2005-06-15T09:00")
    return office


def months(office: Office) -> list[HouseholdMonth]:
    with office.relief.reading() as work:
        file = queries.find_household(work, "H1")
        return household_months(work, file.id, "H1")


def codes(office: Office) -> dict[str, list[str]]:
    return {format_month(m.month): [note.code for note in m.notes] for m in months(office)}


def change(office: Office, **row: str) -> None:
    office.change({"household_no": "H1", **row})


def test_file_is_read_with_its_numbers_masked(family: Office) -> None:
    with family.relief.reading() as work:
        file = queries.find_household(work, " H1 ")
        account = queries.standing_account(work, file.id)
        members = queries.members_of(work, file.id)
    assert (file.applicant_name, file.state, file.township) == ("试甲", "active", "城关镇")
    assert account is not None
    assert account.number_masked == "***************0001"
    assert [(m.name, m.relation, m.identity_masked) for m in members] == [
        ("试甲", "self", "331***********4937"),
        ("试乙", "spouse", "331***********085X"),
        ("试丙", "child", "331***********203X"),
    ]


def test_file_is_refused_when_there_is_none_of_this_number(family: Office) -> None:
    with family.relief.reading() as work, pytest.raises(NotFound, match="H2"):
        queries.find_household(work, "H2")


def test_facts_that_were_replaced_are_read_no_more(family: Office) -> None:
    change(family, change="leave", effective_on="2005-05-20", id_number=CHILD)
    change(family, change="suspend")
    change(family, change="resume")
    change(family, change="grade", effective_on="2005-03-30", grade="relative")
    with family.relief.reading() as work:
        file = queries.find_household(work, "H1")
        child = queries.members_of(work, file.id)[-1]
        assert child.until_month == parse_month("2005-06")
        assert queries.standing_hold(work, file.id) is None
        assert [g.grade for g in queries.grades_of(work, file.id)] == ["relative"]


def test_account_is_none_when_the_payee_has_left(family: Office) -> None:
    change(family, change="leave", effective_on="2005-06-01", id_number=WU, reason="死亡")
    with family.relief.reading() as work:
        file = queries.find_household(work, "H1")
        assert queries.standing_account(work, file.id) is None
        applicant = next(m for m in queries.members_of(work, file.id) if m.relation == "self")
        assert applicant.left_by_death


@pytest.mark.parametrize(
    ("month", "counted", "grade"),
    [("2005-05", 3, "deep"), ("2005-06", 2, "deep"), ("2005-07", 2, "relative")],
)
def test_list_shows_grade_and_counted_members_of_the_month(
    family: Office, month: str, counted: int, grade: str
) -> None:
    change(family, change="leave", effective_on="2005-05-20", id_number=CHILD)
    change(family, change="grade", effective_on="2005-06-10", grade="relative")
    with family.relief.reading() as work:
        (listed,) = queries.list_households(work, parse_month(month))
        assert queries.places_taken(work) == 1
    assert (listed.counted, listed.grade) == (counted, grade)


def test_months_end_with_this_quarter_and_say_who_counted(family: Office) -> None:
    change(family, change="leave", effective_on="2005-05-20", id_number=CHILD)
    shown = months(family)
    assert [format_month(m.month) for m in shown] == ["2005-04", "2005-05", "2005-06"]
    assert [len(m.person_ids) for m in shown] == [3, 3, 2]
    assert [m.owed_fen for m in shown] == [60_000, 60_000, 40_000]


def test_there_are_no_months_without_a_go_live_month(sqlite_office: Office) -> None:
    sqlite_office.register(
        [
            {
                "household_no": "H1",
                "applicant_name": "试甲",
                "applicant_id": WU,
                "grade": "deep",
                "approved_on": "2004-12-24",
            }
        ]
    )
    assert months(sqlite_office) == []


def test_month_is_told_as_not_yet_run_then_in_a_run_then_at_the_bank_then_paid(
    family: Office,
) -> None:
    assert codes(family)["2005-04"] == ["not_yet_run"]
    family.prepare("2005Q2")
    assert codes(family)["2005-04"] == ["in_run"]
    assert months(family)[0].paid_fen == 60_000
    family.release("2005Q2")
    assert codes(family)["2005-04"] == ["at_the_bank"]
    family.answer("2005Q2", {"H1": "success"})
    assert codes(family)["2005-04"] == []


@pytest.mark.parametrize("status", ["failed", "returned"])
def test_month_names_the_line_that_the_bank_did_not_pay(family: Office, status: str) -> None:
    family.prepare("2005Q2")
    family.release("2005Q2")
    if status == "returned":
        family.answer("2005Q2", {"H1": "success"})
    family.answer("2005Q2", {"H1": status})
    note = months(family)[0].notes[0]
    assert (note.code, months(family)[0].paid_fen) == (status, 0)
    assert "2005Q2-r1-00001" in str(note.text)


def test_month_says_that_its_line_was_withdrawn_and_forgets_drafts_made_anew(
    family: Office,
) -> None:
    family.prepare("2005Q2")
    family.prepare("2005Q2")
    assert codes(family)["2005-04"] == ["in_run"]
    family.withdraw("2005Q2", "H1")
    assert codes(family)["2005-04"] == ["withdrawn"]


def test_month_says_what_stands_against_paying_it(family: Office) -> None:
    change(family, change="suspend", effective_on="2005-06-01")
    change(family, change="leave", effective_on="2005-06-02", id_number=WU)
    assert codes(family)["2005-04"] == ["on_hold", "no_account"]


def test_month_says_that_it_became_known_after_the_list(family: Office) -> None:
    family.prepare("2005Q2")
    family.release("2005Q2")
    family.answer("2005Q2", {"H1": "success"})
    family.rates(("deep", "2005-06", 19_000), document_no="2005-12")
    change(family, change="grade", effective_on="2005-03-30", grade="relative")
    assert codes(family) == {month: ["over_paid"] for month in ("2005-04", "2005-05", "2005-06")}
    family.choose("H1", "wait")
    assert "waits" in str(months(family)[0].notes[0].text)
    change(family, change="grade", effective_on="2005-03-30", grade="deep")
    assert codes(family) == {"2005-04": [], "2005-05": [], "2005-06": ["over_paid"]}
    family.rates(("deep", "2005-06", 20_000), document_no="2005-13")
    family.rates(("deep", "2005-01", 17_000), ("deep", "2005-04", 20_000), document_no="2005-14")
    assert codes(family)["2005-06"] == []


def test_month_without_a_rate_says_so(family: Office) -> None:
    change(family, change="grade", effective_on="2005-05-10", grade="accidental")
    assert codes(family)["2005-05"] == ["not_yet_run"]
    assert codes(family)["2005-06"] == ["no_rate"]


def test_month_owed_since_the_list_is_for_the_next_list(family: Office) -> None:
    change(family, change="leave", effective_on="2005-05-20", id_number=CHILD)
    family.prepare("2005Q2")
    family.release("2005Q2")
    change(family, change="leave", effective_on="2005-06-05", id_number=CHILD)
    assert codes(family)["2005-06"] == ["at_the_bank", "next_run"]
