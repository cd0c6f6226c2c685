"""Why this amount: each slip in the words that a clerk reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest

from relief.kernel.errors import Conflict, NotFound
from relief.kernel.files.columns import Place
from relief.kernel.months import parse_month
from relief.kernel.text import Translator
from relief.payouts import queries
from relief.payouts.bank.answer_file import ResultRow
from relief.payouts.bank.answers import record_results
from relief.payouts.explanation import Explanation, explain_line
from tests.office import FANG, Office, load_case
from tests.scenario import Scenario

WU, WIFE, CHILD = "331002195406274937", "33102119940822085X", "33102120031101203X"
SISTER = "331021197101175709"


def explain(office: Office, run: str, household_no: str = "H1") -> Explanation:
    with office.relief.reading() as work:
        return explain_line(work, queries.find_run(work, run), household_no)


def slip(explanation: Explanation) -> list[str]:
    """The sums alone: what stands between the heading and the notes."""
    return [str(part.text) for part in explanation.parts]


def notes(explanation: Explanation) -> list[str]:
    return [str(note) for note in explanation.notes]


@pytest.fixture
def family(sqlite_office: Office) -> Office:
    """H1: Wu, his wife and one child, grade deep, approved 2005-03-24."""
    office = sqlite_office
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
                "grade": "deep",
                "approved_on": "2005-03-24",
                "account_no": "6228480000000000001",
            }
        ],
        [
            {
                "household_no": "H1",
                "name": name,
                "id_number": number,
                "relation": relation,
                "counted": "yes",
            }
            for name, number, relation in (("试乙", WIFE, "spouse"), ("试丙", CHILD, "child"))
        ],
    )
    return office


def pay(office: Office, day: str, quarter: str) -> None:
    office.at(f"{day}T09:00")
    office.prepare(quarter)
    office.release(quarter)


def change(office: Office, day: str, **row: str) -> None:
    office.at(f"{day}T10:00")
    office.change({"household_no": "H1", **row})


def fail(office: Office, day: str, run: str, status: str, reason: str) -> None:
    """The bank's answer for the run's one line, with its reason."""
    office.at(f"{day}T11:00")
    line = office.lines(run)[0]
    row = ResultRow(Place("r", 2, {}), line.reference, line.amount_fen, status, reason, None)
    with office.relief.work() as work:
        record_results(work, FANG, queries.find_run(work, run), [row], f"{day}{status}", "r.csv")
        work.commit()


# The worked example


def test_explanation_reads_as_the_slip_of_the_worked_example(family: Office) -> None:
    pay(family, "2005-06-15", "2005Q2")
    change(family, "2005-07-08", change="leave", effective_on="2005-05-20", id_number=CHILD)
    change(family, "2005-08-02", change="grade", effective_on="2005-08-01", grade="relative")
    pay(family, "2005-09-15", "2005Q3")
    fail(family, "2005-09-29", "2005Q3", "failed", "account closed")
    change(
        family,
        "2005-10-10",
        change="account",
        effective_on="2005-10-10",
        account_no="6228480000000000002",
    )
    family.at("2005-10-10T11:00")
    family.prepare("2005Q3", "supplementary")

    assert list(map(str, explain(family, "2005Q3").text)) == [
        "Line 2005Q3-r1-00001, household H1: 900.00 yuan, as known on 2005-09-15",
        "2 people × 200.00 × 2005-07, 2005-08 = 800.00",
        "2 people × 150.00 × 2005-09 (grade relative, decided 2005-08-01) = 300.00",
        "less 1 person × 200.00 × 2005-06 (a child left on 2005-05-20, counted to 2005-05; "
        "recorded 2005-07-08) = -200.00",
        "= 900.00",
        "approved on 2005-03-24, counted from 2005-04",
        "counted in 2005-07, 2005-08, 2005-09: the applicant, the spouse",
        "grade deep: 200.00 a person and month from 2005-01, document 2005-11",
        "grade relative: 150.00 a person and month from 2005-01, document 2005-11",
        "line 2005Q3-r1-00001 failed on 2005-09-29: account closed",
        "line 2005Q3-s1-00001 replaced it",
    ]
    again = explain(family, "2005Q3-s1")
    assert again.amount_fen == 90_000
    assert slip(again)[0] == (
        "2 people × 200.00 × 2005-07, 2005-08 "
        "(line 2005Q3-r1-00001 failed on 2005-09-29: account closed) = 800.00"
    )


def test_slip_reads_the_same_in_chinese(family: Office) -> None:
    pay(family, "2005-06-15", "2005Q2")
    change(family, "2005-07-08", change="leave", effective_on="2005-05-20", id_number=CHILD)
    pay(family, "2005-09-15", "2005Q3")

    told = [Translator("zh_Hans_CN")(part.text) for part in explain(family, "2005Q3").parts]
    assert told == [
        "2 人 × 200.00 × 2005-07、2005-08、2005-09 = 1,200.00",
        "减 1 人 × 200.00 × 2005-06（子女 1 人于 2005-05-20 离开，享受至 2005-05，"
        "2005-07-08 登记） = -200.00",
    ]


def test_explanation_gives_the_same_as_data_for_json(family: Office) -> None:
    pay(family, "2005-06-15", "2005Q2")

    told = explain(family, "2005Q2").as_dict()
    assert told["amount"] == "1800.00"
    assert told["parts"] == [
        {
            "kind": "regular",
            "months": ["2005-04", "2005-05", "2005-06"],
            "amount": "1800.00",
            "text": "3 people × 200.00 × 2005-04, 2005-05, 2005-06 = 1,800.00",
        }
    ]
    assert (told["reference"], told["state"], told["exception"]) == (
        "2005Q2-r1-00001",
        "sent",
        None,
    )


# Why arrears


def test_arrears_say_that_no_list_was_made_when_the_quarter_was_missed(family: Office) -> None:
    pay(family, "2005-09-15", "2005Q3")

    assert slip(explain(family, "2005Q3")) == [
        "3 people × 200.00 × 2005-04, 2005-05, 2005-06 (no list was made for 2005Q2) = 1,800.00",
        "3 people × 200.00 × 2005-07, 2005-08, 2005-09 = 1,800.00",
    ]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (
            {
                "change": "join",
                "effective_on": "2005-04-20",
                "id_number": SISTER,
                "name": "试丁",
                "relation": "other",
                "counted": "yes",
            },
            "2005-05, 2005-06, each: 4 people × 200.00 = 800.00 owed, 600.00 paid already, 200.00 "
            "remain (another member joined on 2005-04-20, counted from 2005-05; recorded "
            "2005-07-08); together 400.00",
        ),
        (
            {
                "change": "join",
                "id_number": SISTER,
                "name": "试丁",
                "relation": "parent",
                "counted": "yes",
            },
            "2005-04, 2005-05, 2005-06, each: 4 people × 200.00 = 800.00 owed, 600.00 paid "
            "already, 200.00 remain (a parent counted from the beginning; recorded 2005-07-08); "
            "together 600.00",
        ),
    ],
)
def test_arrears_name_the_member_who_was_recorded_late(
    family: Office, row: Mapping[str, str], why: str
) -> None:
    pay(family, "2005-06-15", "2005Q2")
    change(family, "2005-07-08", **row)
    pay(family, "2005-09-15", "2005Q3")

    assert slip(explain(family, "2005Q3"))[0] == why


def test_arrears_name_the_rate_that_was_confirmed_late(family: Office) -> None:
    change(family, "2005-04-02", change="grade", effective_on="2005-04-01", grade="relative")
    pay(family, "2005-06-15", "2005Q2")
    family.at("2005-07-20T09:00")
    family.rates(("relative", "2005-06", 16_000), document_no="2005-30")
    pay(family, "2005-09-15", "2005Q3")

    assert slip(explain(family, "2005Q3"))[0] == (
        "2005-06: 3 people × 160.00 = 480.00 owed, 450.00 paid already, 30.00 remain "
        "(rate 160.00 from 2005-06, document 2005-30; confirmed 2005-07-20)"
    )


def test_arrears_name_the_approval_that_was_recorded_late(family: Office) -> None:
    change(family, "2005-04-12", change="exit", effective_on="2005-04-10")
    pay(family, "2005-06-15", "2005Q2")
    change(family, "2005-07-08", change="approve", effective_on="2005-05-03")
    pay(family, "2005-09-15", "2005Q3")

    assert slip(explain(family, "2005Q3"))[0] == (
        "3 people × 200.00 × 2005-06 (approved on 2005-05-03, counted from 2005-06; "
        "recorded 2005-07-08) = 600.00"
    )


def test_arrears_name_the_hold_and_the_day_on_which_it_ended(family: Office) -> None:
    change(family, "2005-05-10", change="suspend", effective_on="2005-05-09", reason="moved")
    pay(family, "2005-06-15", "2005Q2")
    change(family, "2005-07-10", change="resume", effective_on="2005-07-10")
    pay(family, "2005-09-15", "2005Q3")

    held = explain(family, "2005Q2")
    assert (held.reason, held.reference, held.amount_fen) == ("on_hold", "", 180_000)
    assert slip(held) == ["3 people × 200.00 × 2005-04, 2005-05, 2005-06 = 1,800.00"]
    assert notes(held)[0].startswith("on hold since 2005-05-09 (recorded 2005-05-10)")
    assert slip(explain(family, "2005Q3"))[0] == (
        "3 people × 200.00 × 2005-04, 2005-05, 2005-06 "
        "(held back in 2005Q2-r1: on hold, resumed on 2005-07-10) = 1,800.00"
    )


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        (["failed"], "line 2005Q2-r1-00001 failed on 2005-06-20: no such account"),
        (
            ["success", "returned"],
            "line 2005Q2-r1-00001 was returned by the bank on 2005-06-21: no such account",
        ),
    ],
)
def test_arrears_name_the_line_that_came_back_and_the_reason_of_the_bank(
    family: Office, answers: list[str], why: str
) -> None:
    pay(family, "2005-06-15", "2005Q2")
    for day, status in zip(("2005-06-20", "2005-06-21"), answers, strict=False):
        fail(family, day, "2005Q2", status, "no such account")
    pay(family, "2005-09-15", "2005Q3")

    assert slip(explain(family, "2005Q3"))[0] == (
        f"3 people × 200.00 × 2005-04, 2005-05, 2005-06 ({why}) = 1,800.00"
    )
    assert notes(explain(family, "2005Q2"))[-1] == "line 2005Q3-r1-00001 replaced it"


def test_explanation_says_that_a_withdrawn_amount_is_owed_again(family: Office) -> None:
    family.at("2005-06-15T09:00")
    family.prepare("2005Q2")
    family.withdraw("2005Q2", "H1")

    assert notes(explain(family, "2005Q2"))[-2:] == [
        "line 2005Q2-r1-00001 was withdrawn on 2005-06-15",
        "its amount is owed again; the next list pays it",
    ]


# What was paid too much


def test_recovery_says_that_the_household_exited(family: Office) -> None:
    pay(family, "2005-06-15", "2005Q2")
    change(family, "2005-07-08", change="exit", effective_on="2005-05-02")
    change(family, "2005-07-09", change="approve", effective_on="2005-06-30")
    pay(family, "2005-09-15", "2005Q3")

    assert slip(explain(family, "2005Q3"))[-1] == (
        "less 3 people × 200.00 × 2005-06 (the household exited on 2005-05-02, counted to "
        "2005-05; recorded 2005-07-08) = -600.00"
    )


def test_recovery_by_a_lower_grade_is_told_by_the_difference_of_the_rates(family: Office) -> None:
    pay(family, "2005-06-15", "2005Q2")
    change(family, "2005-07-08", change="grade", effective_on="2005-05-20", grade="relative")
    pay(family, "2005-09-15", "2005Q3")

    assert slip(explain(family, "2005Q3"))[-1] == (
        "less 3 people × 50.00 × 2005-06 (grade relative, decided 2005-05-20; "
        "recorded 2005-07-08) = -150.00"
    )


def test_what_is_left_over_paid_is_said_with_why_and_why_it_is_not_taken(family: Office) -> None:
    pay(family, "2005-06-15", "2005Q2")
    for number in (WIFE, CHILD):
        change(family, "2005-07-08", change="leave", effective_on="2005-04-30", id_number=number)
    pay(family, "2005-09-15", "2005Q3")

    explanation = explain(family, "2005Q3")
    assert slip(explanation) == [
        "1 person × 200.00 × 2005-07, 2005-08, 2005-09 = 600.00",
        "less 300.00 of the 400.00 paid too much in 2005-05 (the spouse left on 2005-04-30, "
        "counted to 2005-04; recorded 2005-07-08; a child left on 2005-04-30, counted to "
        "2005-04; recorded 2005-07-08) = -300.00",
    ]
    left = [note for note in notes(explanation) if note.startswith("still over-paid")]
    assert [note.split(" (")[0] for note in left] == [
        "still over-paid: 100.00 in 2005-05",
        "still over-paid: 400.00 in 2005-06",
    ]
    assert "at most 50 percent of what is due is taken back; the next list finds the rest" in notes(
        explanation
    )
    assert explanation.reason == "over_paid"


def test_over_payment_that_waits_names_the_choice(family: Office) -> None:
    pay(family, "2005-06-15", "2005Q2")
    change(family, "2005-07-08", change="leave", effective_on="2005-05-20", id_number=CHILD)
    family.at("2005-07-09T09:00")
    family.choose("H1", "wait")
    pay(family, "2005-09-15", "2005Q3")

    assert "by an approver's choice of 2005-07-09 over-payments of this household wait" in notes(
        explain(family, "2005Q3")
    )


def test_month_paid_twice_names_the_line_that_came_back(sqlite_office: Office) -> None:
    Scenario(sqlite_office, load_case("recovery_undone")).play()

    assert slip(explain(sqlite_office, "2006Q1"))[-1] == (
        "less 200.00 of the 200.00 paid too much in 2005-06 (paid twice, because line "
        "2005Q3-r1-00001 was returned by the bank on 2006-01-10) = -200.00"
    )


# No line


def test_household_without_account_is_told_since_when(family: Office) -> None:
    change(
        family,
        "2005-05-10",
        change="leave",
        effective_on="2005-05-08",
        id_number=WU,
        reason="died",
    )
    pay(family, "2005-06-15", "2005Q2")

    explanation = explain(family, "2005Q2")
    assert (explanation.reason, explanation.amount_fen) == ("no_account", 160_000)
    assert "since the payee left on 2005-05-08" in notes(explanation)[0]
    assert slip(explanation)[1].startswith("2 people × 200.00 × 2005-06 (the applicant ")


def test_household_without_rate_is_told_the_months_that_lack_it(family: Office) -> None:
    change(family, "2005-05-10", change="grade", effective_on="2005-05-08", grade="accidental")
    pay(family, "2005-06-15", "2005Q2")

    explanation = explain(family, "2005Q2")
    assert (explanation.reason, explanation.parts) == ("no_rate", ())
    assert notes(explanation)[0] == "no rate of grade accidental is confirmed for 2005-06"


def test_household_that_starts_later_is_told_when(sqlite_office: Office) -> None:
    Scenario(sqlite_office, load_case("entry_boundary")).play()

    explanation = explain(sqlite_office, "2005Q2", "H3")
    assert explanation.reason == "not_yet"
    assert notes(explanation)[0] == (
        "approved on 2005-06-30, counted from 2005-07: the first list that can pay it is that of "
        "2005Q3"
    )


@pytest.mark.parametrize(
    ("household_no", "why"),
    [("H9", 'There is no hardship file "H9"'), ("H1", "had been paid by other lists")],
)
def test_explanation_is_refused_when_the_list_does_not_have_the_household(
    family: Office, household_no: str, why: str
) -> None:
    pay(family, "2005-06-15", "2005Q2")
    family.at("2005-06-16T09:00")
    family.prepare("2005Q2", "supplementary")

    with pytest.raises(NotFound, match=why):
        explain(family, "2005Q2-s1", household_no)


def test_explanation_is_refused_when_the_file_was_opened_after_the_list(family: Office) -> None:
    family.at("2005-06-15T09:00")
    family.prepare("2005Q2")
    family.at("2005-06-16T09:00")
    family.register(
        [
            {
                "household_no": "H2",
                "applicant_name": "试丁",
                "applicant_id": SISTER,
                "grade": "deep",
                "approved_on": "2005-03-10",
            }
        ]
    )

    with pytest.raises(NotFound, match="opened after the list was made on 2005-06-15"):
        explain(family, "2005Q2", "H2")


def test_explanation_is_refused_when_the_stored_line_does_not_add_up(family: Office) -> None:
    family.at("2005-06-15T09:00")
    family.prepare("2005Q2")
    with family.relief.work() as work:
        work.connection.execute(queries.LINE.update().values(amount_fen=1))
        work.commit()

    with pytest.raises(Conflict, match="H1 in 2005Q2-r1 does not add up"):
        explain(family, "2005Q2")


@pytest.mark.parametrize(
    "altered", [{"persons": 6, "rate_fen": 10_000}, {"persons": 2}, {"rate_fen": 30_000}]
)
def test_stored_item_is_not_told_as_owed_when_its_factors_are_not_what_was_known(
    family: Office, altered: dict[str, int]
) -> None:
    family.at("2005-06-15T09:00")
    family.prepare("2005Q2")
    with family.relief.work() as work:
        may = queries.ITEM.c.month == parse_month("2005-05")
        work.connection.execute(queries.ITEM.update().where(may).values(**altered))
        work.commit()

    assert slip(explain(family, "2005Q2")) == [
        "3 people × 200.00 × 2005-04 = 600.00",
        "2005-05: 600.00, which does not follow from what was known; "
        "the verification of the run names the difference",
        "3 people × 200.00 × 2005-06 = 600.00",
    ]


def test_explanation_of_an_old_list_does_not_change_with_what_is_recorded_later(
    family: Office,
) -> None:
    pay(family, "2005-06-15", "2005Q2")
    before = list(map(str, explain(family, "2005Q2").text))
    change(family, "2005-07-08", change="leave", effective_on="2005-05-20", id_number=CHILD)
    family.at(dt.date(2005, 8, 1).isoformat() + "T09:00")
    family.rates(("deep", "2005-04", 19_000), document_no="2005-40")

    assert list(map(str, explain(family, "2005Q2").text)) == before
