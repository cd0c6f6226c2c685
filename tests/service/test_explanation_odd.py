"""Slips of what seldom happens: ends that were corrected, months paid twice, lists changed by
hand."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from relief.households.queries import find_household
from relief.kernel.errors import Conflict, NotFound
from relief.kernel.months import format_month, parse_month
from relief.payouts import queries
from relief.payouts.explanation.household_months import household_months
from tests.office import Office
from tests.service.test_explanation import (
    CHILD,
    WIFE,
    WU,
    change,
    explain,
    fail,
    family,
    notes,
    pay,
    slip,
)

__all__ = ["family"]  # the fixture

STRANGE = "which does not follow from what was known; the verification of the run names the"


def by_hand(office: Office, *statements: sa.Executable) -> None:
    with office.relief.work() as work:
        for statement in statements:
            work.connection.execute(statement)
        work.commit()


def set_item(month: str, kind: str, **values: object) -> sa.Update:
    item = queries.ITEM
    of_month = sa.and_(item.c.month == parse_month(month), item.c.kind == kind)
    return sa.update(item).where(of_month).values(**values)


# Ends that were known too early


def test_arrears_say_that_the_household_exited_later_than_was_known(family: Office) -> None:
    change(family, "2005-05-12", change="exit", effective_on="2005-04-10")
    pay(family, "2005-06-15", "2005Q2")
    change(family, "2005-07-08", change="exit", effective_on="2005-05-20")
    pay(family, "2005-09-15", "2005Q3")

    assert slip(explain(family, "2005Q3")) == [
        "3 people × 200.00 × 2005-05 (the household exited on 2005-05-20 only, counted to "
        "2005-05; recorded 2005-07-08) = 600.00"
    ]


def test_arrears_say_that_a_member_left_later_than_was_known(family: Office) -> None:
    change(family, "2005-05-12", change="leave", effective_on="2005-04-10", id_number=CHILD)
    pay(family, "2005-06-15", "2005Q2")
    change(family, "2005-07-08", change="leave", effective_on="2005-05-20", id_number=CHILD)
    pay(family, "2005-09-15", "2005Q3")

    assert slip(explain(family, "2005Q3"))[0] == (
        "2005-05: 3 people × 200.00 = 600.00 owed, 400.00 paid already, 200.00 remain "
        "(a child left on 2005-05-20 only, counted to 2005-05; recorded 2005-07-08)"
    )


# What an earlier list held back


def test_arrears_name_the_day_on_which_the_missing_account_was_recorded(family: Office) -> None:
    died = {"change": "leave", "effective_on": "2005-05-08", "id_number": WU, "reason": "died"}
    change(family, "2005-05-10", **died)
    pay(family, "2005-06-15", "2005Q2")
    account = {"account_no": "6228480000000000003", "account_name": "试乙"}
    change(family, "2005-07-10", change="account", effective_on="2005-07-10", **account)
    pay(family, "2005-09-15", "2005Q3")

    held_back = "held back in 2005Q2-r1: no account, account recorded on 2005-07-10"
    assert slip(explain(family, "2005Q3"))[:2] == [
        f"3 people × 200.00 × 2005-04, 2005-05 ({held_back}) = 1,200.00",
        f"2 people × 200.00 × 2005-06 ({held_back}) = 400.00",
    ]


def test_arrears_name_what_held_them_back_while_it_still_does(family: Office) -> None:
    change(family, "2005-05-10", change="suspend", effective_on="2005-05-09", reason="moved")
    pay(family, "2005-06-15", "2005Q2")
    pay(family, "2005-09-15", "2005Q3")

    assert slip(explain(family, "2005Q3"))[0] == (
        "3 people × 200.00 × 2005-04, 2005-05, 2005-06 (held back in 2005Q2-r1: on hold) = 1,800.00"
    )


def test_arrears_name_the_rate_without_which_an_earlier_list_did_not_pay(family: Office) -> None:
    change(family, "2005-05-10", change="grade", effective_on="2005-05-08", grade="accidental")
    pay(family, "2005-06-15", "2005Q2")
    family.at("2005-07-20T09:00")
    family.rates(("accidental", "2005-01", 16_000), document_no="2005-30")
    pay(family, "2005-09-15", "2005Q3")

    assert slip(explain(family, "2005Q3"))[1] == (
        "3 people × 160.00 × 2005-06 (rate 160.00 from 2005-01, document 2005-30; "
        "confirmed 2005-07-20; held back in 2005Q2-r1: no grade or rate) = 480.00"
    )


@pytest.fixture
def back_from_earlier(sqlite_office: Office) -> Office:
    """A second approval that was earlier than the first, whose grade alone is recorded: nobody has
    decided on the months between, and the program does not guess."""
    office = sqlite_office
    office.at("2005-01-04T09:00")
    office.scheme(go_live="2005-01")
    office.rates(("deep", "2005-01", 20_000), ("relative", "2005-01", 15_000))
    office.at("2005-03-25T09:00")
    file = {"household_no": "H1", "applicant_name": "试甲", "applicant_id": WU}
    office.register(
        [
            {
                **file,
                "grade": "deep",
                "approved_on": "2005-03-24",
                "account_no": "6228480000000000003",
            }
        ]
    )
    change(office, "2005-03-25", change="exit", effective_on="2005-03-24")
    change(office, "2005-03-25", change="approve", effective_on="2005-01-20")
    office.at("2005-03-26T09:00")
    office.prepare("2005Q1")
    return office


def test_month_before_the_first_grade_is_told_as_one_without_a_grade(
    back_from_earlier: Office,
) -> None:
    office = back_from_earlier
    explanation = explain(office, "2005Q1")
    assert (explanation.reason, explanation.parts) == ("no_rate", ())
    assert notes(explanation) == ["no grade is recorded for 2005-02, 2005-03"]
    with office.relief.reading() as work:
        shown = household_months(work, find_household(work, "H1").id, "H1")
    without = [format_month(m.month) for m in shown if "no_grade" in [n.code for n in m.notes]]
    assert without == ["2005-02", "2005-03"]


def test_months_before_the_first_grade_are_paid_once_theirs_is_recorded(
    back_from_earlier: Office,
) -> None:
    office = back_from_earlier
    change(office, "2005-03-28", change="grade", effective_on="2005-01-20", grade="relative")
    pay(office, "2005-03-29", "2005Q1")
    pay(office, "2005-06-15", "2005Q2")

    assert slip(explain(office, "2005Q1"))[0] == "1 person × 150.00 × 2005-02, 2005-03 = 300.00"
    assert slip(explain(office, "2005Q2"))[0].startswith("1 person × 200.00 × 2005-04")


# What was paid too much


def test_what_is_left_of_a_month_keeps_its_reason_when_a_part_was_taken_back(
    family: Office,
) -> None:
    pay(family, "2005-06-15", "2005Q2")
    for number in (WIFE, CHILD):
        change(family, "2005-07-08", change="leave", effective_on="2005-04-30", id_number=number)
    pay(family, "2005-09-15", "2005Q3")  # takes 300.00 of the 400.00 of May
    pay(family, "2005-12-15", "2005Q4")

    why = (
        "the spouse left on 2005-04-30, counted to 2005-04; recorded 2005-07-08; "
        "a child left on 2005-04-30, counted to 2005-04; recorded 2005-07-08"
    )
    assert slip(explain(family, "2005Q4"))[1:] == [
        f"less 100.00 of the 100.00 paid too much in 2005-05 ({why}) = -100.00",
        f"less 200.00 of the 400.00 paid too much in 2005-06 ({why}) = -200.00",
    ]


def test_months_of_which_the_same_is_taken_back_are_told_together(family: Office) -> None:
    family.scheme(recovery_percent_max=99)
    pay(family, "2005-06-15", "2005Q2")
    change(family, "2005-07-08", change="leave", effective_on="2005-04-30", id_number=CHILD)
    change(family, "2005-07-08", change="grade", effective_on="2005-04-20", grade="relative")
    pay(family, "2005-09-15", "2005Q3")

    assert slip(explain(family, "2005Q3"))[1] == (
        "less 300.00 of the 300.00 paid too much in each of 2005-05, 2005-06 (a child left on "
        "2005-04-30, counted to 2005-04; recorded 2005-07-08; grade relative, decided "
        "2005-04-20; recorded 2005-07-08) = -600.00"
    )


def test_what_is_owed_of_a_month_below_nothing_says_that_more_was_taken_than_paid(
    family: Office,
) -> None:
    pay(family, "2005-06-15", "2005Q2")
    fail(family, "2005-06-20", "2005Q2", "success", "")
    change(family, "2005-07-08", change="leave", effective_on="2005-05-20", id_number=CHILD)
    pay(family, "2005-09-15", "2005Q3")  # takes 200.00 of June back
    fail(family, "2005-10-09", "2005Q2", "returned", "no such account")
    pay(family, "2005-12-15", "2005Q4")

    (june,) = (text for text in slip(explain(family, "2005Q4")) if text.startswith("2005-06"))
    assert june.startswith(
        "2005-06: 2 people × 200.00 = 400.00 owed, -200.00 paid already "
        "(more was taken back than had been paid), 600.00 remain"
    )


def test_recovery_taken_twice_from_who_had_exited_names_the_line_that_came_back(
    family: Office,
) -> None:
    family.scheme(recovery_percent_max=20)
    pay(family, "2005-06-15", "2005Q2")
    change(family, "2005-07-08", change="exit", effective_on="2005-05-02")
    change(family, "2005-07-09", change="approve", effective_on="2005-06-30")
    pay(family, "2005-09-15", "2005Q3")  # takes 360.00 of the 600.00 of June
    fail(family, "2005-09-20", "2005Q3", "success", "")
    pay(family, "2005-12-15", "2005Q4")  # and the rest
    fail(family, "2006-01-10", "2005Q3", "returned", "no such account")
    pay(family, "2006-03-15", "2006Q1")

    (taken,) = (text for text in slip(explain(family, "2006Q1")) if text.startswith("less"))
    assert taken == (
        "less 360.00 of the 360.00 paid too much in 2005-06 (paid twice, because line "
        "2005Q3-r1-00001 was returned by the bank on 2006-01-10: no such account) = -360.00"
    )


# Not on the list


@pytest.mark.parametrize(
    ("exited_on", "prepared", "why"),
    [
        ("2005-03-24", ("2005-06-15", "2005Q2"), "nothing was owed to it in any month"),
        ("2005-06-20", ("2005-09-15", "2005Q3"),
         "nothing was owed to it in 2005Q3, and all before was paid"),
    ],
)  # fmt: skip
def test_household_that_exited_is_told_why_the_list_has_not_got_it(
    family: Office, exited_on: str, prepared: tuple[str, str], why: str
) -> None:
    if prepared[1] == "2005Q3":
        pay(family, "2005-06-15", "2005Q2")
        change(family, "2005-07-08", change="exit", effective_on=exited_on)
    else:
        change(family, "2005-04-12", change="exit", effective_on=exited_on)
    day, quarter = prepared
    family.at(f"{day}T09:00")
    family.prepare(quarter)

    with pytest.raises(NotFound, match=f"as known on {day} {why}"):
        explain(family, quarter)


# Changed by hand


def test_exception_whose_amount_was_changed_by_hand_is_not_explained(family: Office) -> None:
    change(family, "2005-05-10", change="suspend", effective_on="2005-05-09", reason="moved")
    family.at("2005-06-15T09:00")
    family.prepare("2005Q2")
    by_hand(family, sa.update(queries.EXCEPTION).values(amount_fen=1))

    with pytest.raises(Conflict, match="H1 in 2005Q2-r1 does not add up"):
        explain(family, "2005Q2")


def test_amount_moved_from_month_to_month_by_hand_is_not_told_as_owed(family: Office) -> None:
    family.at("2005-06-15T09:00")
    family.prepare("2005Q2")
    by_hand(
        family,
        set_item("2005-05", "regular", amount_fen=60_001),
        set_item("2005-06", "regular", amount_fen=59_999),
    )

    told = slip(explain(family, "2005Q2"))
    assert told[0] == "3 people × 200.00 × 2005-04 = 600.00"
    assert told[1].startswith(f"2005-05: 600.01, {STRANGE}")
    assert told[2].startswith(f"2005-06: 599.99, {STRANGE}")


def test_more_taken_back_than_was_over_paid_is_not_told_as_a_recovery(family: Office) -> None:
    pay(family, "2005-06-15", "2005Q2")
    change(family, "2005-07-08", change="leave", effective_on="2005-05-20", id_number=CHILD)
    family.at("2005-09-15T09:00")
    family.prepare("2005Q3")
    by_hand(
        family,
        set_item("2005-06", "recovery", amount_fen=-20_001),
        sa.update(queries.LINE)
        .where(queries.LINE.c.amount_fen == 100_000)
        .values(amount_fen=99_999),
    )

    assert slip(explain(family, "2005Q3"))[-1].startswith(f"2005-06: -200.01, {STRANGE}")
