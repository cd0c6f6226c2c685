"""The plain way of the calculation, held against docs/payouts.md case by case."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from relief.kernel.months import ALWAYS, Month, parse_month
from relief.payouts.verification.given_up import GivenUp, still_given_up
from relief.payouts.verification.plain import (
    Item,
    KnownGrade,
    KnownHousehold,
    KnownMembership,
    KnownRate,
    Outcome,
    Owed,
    Spell,
    Window,
    compute,
    owed,
)


def month(text: str) -> Month:
    return parse_month(text)


def rate(number: int, grade: str, start: str, rate_fen: int, confirmed: str) -> KnownRate:
    confirmed_at = dt.datetime.fromisoformat(confirmed).replace(tzinfo=dt.UTC)
    return KnownRate(number, grade, month(start), rate_fen, confirmed_at)


RATES = (
    rate(1, "deep", "2005-01", 20_000, "2005-01-10"),
    rate(2, "relative", "2005-01", 15_000, "2005-01-10"),
)
APRIL, MAY, JUNE = month("2005-04"), month("2005-05"), month("2005-06")
JULY, AUGUST, SEPTEMBER = month("2005-07"), month("2005-08"), month("2005-09")
Q2 = Window(APRIL, JUNE)
Q3 = Window(APRIL, SEPTEMBER)
PAID_Q2 = dict.fromkeys((APRIL, MAY, JUNE), 40_000)


def members(count: int, *, until: Month | None = None) -> tuple[KnownMembership, ...]:
    return tuple(KnownMembership(number, True, ALWAYS, until) for number in range(count))


# Two people, deep, enrolled from April: 400.00 a month.
PAIR = KnownHousehold(
    household_no="H1",
    enrolments=(Spell(APRIL, None, 1),),
    memberships=members(2),
    grades=(KnownGrade(1, "deep", APRIL),),
    held=False,
    has_account=True,
    choice="offset",
    paid={},
    written_off={},
)


def amounts(outcome: Outcome) -> dict[Month, int]:
    return {item.month: item.amount_fen for item in outcome.items}


def kinds(outcome: Outcome) -> dict[Month, str]:
    return {item.month: item.kind for item in outcome.items}


# The worked example

FAMILY = replace(PAIR, memberships=members(3))
FAMILY_LATER = replace(
    PAIR,
    memberships=(*members(2), KnownMembership(3, True, ALWAYS, JUNE)),
    grades=(KnownGrade(1, "deep", APRIL), KnownGrade(2, "relative", SEPTEMBER)),
    paid=dict.fromkeys((APRIL, MAY, JUNE), 60_000),
)


def test_compute_pays_three_people_three_months_in_the_worked_example() -> None:
    outcome = compute(FAMILY, RATES, Q2)

    assert outcome.items == tuple(
        Item(each, "regular", 60_000, 3, 20_000) for each in (APRIL, MAY, JUNE)
    )
    assert outcome.amount_fen == 180_000
    assert outcome.exception is None
    assert outcome.clean


def test_compute_recovers_the_month_of_the_child_that_left_in_the_worked_example() -> None:
    outcome = compute(FAMILY_LATER, RATES, Q3)

    assert outcome.items == (
        Item(JUNE, "recovery", -20_000, 2, 20_000),
        Item(JULY, "regular", 40_000, 2, 20_000),
        Item(AUGUST, "regular", 40_000, 2, 20_000),
        Item(SEPTEMBER, "regular", 30_000, 2, 15_000),
    )
    assert (outcome.due_fen, outcome.over_fen, outcome.recovery_fen) == (110_000, 20_000, 20_000)
    assert outcome.amount_fen == 90_000
    assert outcome.exception is None


# E: who counts, at which grade and rate


@pytest.mark.parametrize(
    ("at", "persons"), [(APRIL - 1, 0), (APRIL, 2), (JULY, 2), (AUGUST, 0), (SEPTEMBER, 2)]
)
def test_owed_is_nothing_where_no_enrolment_covers_the_month(at: Month, persons: int) -> None:
    household = replace(
        PAIR,
        enrolments=(Spell(APRIL, AUGUST, 1), Spell(SEPTEMBER, None, 2)),
        grades=(KnownGrade(1, "deep", APRIL - 3),),
    )
    assert owed(household, RATES, at) == Owed(persons, "deep", 20_000, persons * 20_000)


def test_owed_counts_only_counted_members_whose_spell_covers_the_month() -> None:
    household = replace(
        PAIR,
        memberships=(
            KnownMembership(1, True, ALWAYS, None),
            KnownMembership(2, False, ALWAYS, None),
            KnownMembership(3, True, ALWAYS, MAY),
            KnownMembership(4, True, JUNE, None),
            KnownMembership(5, True, MAY, MAY),
        ),
    )
    assert [owed(household, RATES, each).persons for each in (APRIL, MAY, JUNE)] == [2, 1, 2]


def test_owed_counts_one_person_once_when_it_left_and_joined_again() -> None:
    household = replace(
        PAIR,
        memberships=(
            KnownMembership(1, True, ALWAYS, MAY),
            KnownMembership(1, True, JUNE, None),
        ),
    )
    assert [owed(household, RATES, each).persons for each in (APRIL, MAY, JUNE)] == [1, 0, 1]


def test_owed_takes_the_later_recorded_grade_when_two_have_one_first_month() -> None:
    grades = (KnownGrade(8, "relative", MAY), KnownGrade(7, "deep", MAY), KnownGrade(1, "deep", 0))
    household = replace(PAIR, grades=grades)

    assert owed(household, RATES, APRIL) == Owed(2, "deep", 20_000, 40_000)
    assert owed(household, RATES, MAY) == Owed(2, "relative", 15_000, 30_000)


def test_owed_takes_the_grade_of_the_later_month_though_it_was_recorded_earlier() -> None:
    household = replace(PAIR, grades=(KnownGrade(1, "relative", JUNE), KnownGrade(2, "deep", 0)))
    assert owed(household, RATES, JUNE).grade == "relative"


def test_owed_takes_the_later_confirmed_rate_when_two_have_one_first_month() -> None:
    # The one proposed first (id 8) is confirmed last: confirmation decides.
    rates = (
        rate(8, "deep", "2005-05", 18_000, "2005-07-02"),
        rate(9, "deep", "2005-05", 19_000, "2005-07-01"),
        *RATES,
    )
    assert owed(PAIR, rates, APRIL).rate_fen == 20_000
    assert owed(PAIR, rates, MAY).rate_fen == 18_000


def test_owed_takes_the_later_recorded_rate_when_both_were_confirmed_at_once() -> None:
    rates = (
        rate(9, "deep", "2005-05", 19_000, "2005-07-01"),
        rate(8, "deep", "2005-05", 18_000, "2005-07-01"),
    )
    assert owed(PAIR, rates, MAY).rate_fen == 19_000


def test_owed_takes_the_rate_of_the_later_month_though_it_was_confirmed_earlier() -> None:
    rates = (
        rate(1, "deep", "2005-06", 19_000, "2005-01-10"),
        rate(2, "deep", "2005-05", 18_000, "2005-07-01"),
    )
    assert owed(PAIR, rates, JUNE).rate_fen == 19_000


def test_owed_is_nothing_where_grade_or_rate_is_not_known() -> None:
    assert owed(replace(PAIR, grades=()), RATES, MAY) == Owed(2, None, 0, 0)
    assert owed(PAIR, RATES[1:], MAY) == Owed(2, "deep", 0, 0)


# Due: regular and arrears


def test_compute_calls_months_before_the_quarter_arrears() -> None:
    outcome = compute(PAIR, RATES, Q3)

    assert kinds(outcome) == (
        dict.fromkeys((APRIL, MAY, JUNE), "arrears")
        | dict.fromkeys((JULY, AUGUST, SEPTEMBER), "regular")
    )


def test_compute_pays_only_the_difference_when_part_was_paid() -> None:
    outcome = compute(replace(PAIR, paid={APRIL: 30_000, MAY: 40_000}), RATES, Q2)
    assert amounts(outcome) == {APRIL: 10_000, JUNE: 40_000}


def test_compute_pays_more_than_is_owed_for_the_month_when_paid_is_below_zero() -> None:
    # A recovery stood while the line that it took back from was voided.
    outcome = compute(replace(PAIR, paid=PAID_Q2 | {MAY: -10_000}), RATES, Q2)
    assert amounts(outcome) == {MAY: 50_000}


def test_compute_begins_with_the_go_live_when_it_lies_inside_the_quarter() -> None:
    outcome = compute(PAIR, RATES, Window(MAY, JUNE))
    assert kinds(outcome) == {MAY: "regular", JUNE: "regular"}


def test_compute_looks_at_no_month_outside_the_window() -> None:
    household = replace(PAIR, paid=PAID_Q2 | {APRIL - 1: 99_999, JULY: 99_999, AUGUST: -5})
    outcome = compute(household, RATES, Q2)

    assert (outcome.due_fen, outcome.over_fen) == (0, 0)
    assert outcome.exception is None


def test_compute_gives_nothing_when_the_go_live_comes_after_the_quarter() -> None:
    outcome = compute(PAIR, RATES, Window(JULY, JUNE))
    assert not outcome.listed


# Recovery


def test_compute_lists_the_items_by_month_whatever_their_kind() -> None:
    paid = {MAY: 50_000, JUNE: 0, APRIL: 0}
    outcome = compute(replace(PAIR, paid=paid), RATES, Q2)

    assert [item.month for item in outcome.items] == [APRIL, MAY, JUNE]
    assert kinds(outcome) == {APRIL: "regular", MAY: "recovery", JUNE: "regular"}


def test_compute_recovers_the_oldest_months_first_up_to_half_of_what_is_due() -> None:
    paid = {APRIL: 55_000, MAY: 47_000, JUNE: 90_000}
    outcome = compute(replace(PAIR, paid=paid), RATES, Window(APRIL, JULY))

    assert amounts(outcome) == {APRIL: -15_000, MAY: -5_000, JULY: 40_000}
    assert kinds(outcome)[JULY] == "regular"
    assert outcome.recovery_fen == 20_000
    assert outcome.exception == ("over_paid", 72_000 - 20_000)


def test_compute_rounds_half_of_an_odd_due_down_to_the_fen() -> None:
    paid = PAID_Q2 | {APRIL: 50_000, JUNE: 39_995}
    outcome = compute(replace(PAIR, paid=paid), RATES, Q2)

    assert (outcome.due_fen, outcome.recovery_fen, outcome.amount_fen) == (5, 2, 3)
    assert outcome.exception == ("over_paid", 9_998)


def test_compute_rounds_the_sum_of_due_and_not_each_month() -> None:
    paid = {APRIL: 50_000, MAY: 39_999, JUNE: 39_999}
    outcome = compute(replace(PAIR, paid=paid), RATES, Q2)

    assert (outcome.due_fen, outcome.recovery_fen) == (2, 1)


def test_compute_pays_the_single_fen_that_is_due_though_more_is_over_paid() -> None:
    paid = PAID_Q2 | {APRIL: 50_000, JUNE: 39_999}
    outcome = compute(replace(PAIR, paid=paid), RATES, Q2)

    assert outcome.items == (Item(JUNE, "regular", 1, 2, 20_000),)
    assert outcome.exception == ("over_paid", 10_000)


def test_compute_takes_the_share_that_the_scheme_names() -> None:
    household = replace(PAIR, paid=PAID_Q2 | {APRIL: 90_000, JUNE: 0})
    assert compute(household, RATES, Q2, recovery_percent=20).recovery_fen == 8_000
    assert compute(household, RATES, Q2, recovery_percent=0).recovery_fen == 0


def test_compute_recovers_nothing_when_the_choice_is_wait() -> None:
    waiting = replace(PAIR, choice="wait", paid=PAID_Q2 | {APRIL: 60_000})
    outcome = compute(waiting, RATES, Q3)

    assert amounts(outcome) == dict.fromkeys((JULY, AUGUST, SEPTEMBER), 40_000)
    assert outcome.recovery_fen == 0
    assert outcome.exception == ("over_paid", 20_000)


def test_compute_shows_no_person_and_the_rate_where_it_recovers_outside_the_enrolment() -> None:
    household = replace(PAIR, enrolments=(Spell(JULY, None, 2),), paid={JUNE: 40_000})
    outcome = compute(household, RATES, Window(JUNE, SEPTEMBER))

    assert outcome.items[0] == Item(JUNE, "recovery", -40_000, 0, 20_000)


def test_compute_recovers_less_by_what_was_written_off() -> None:
    household = replace(
        PAIR,
        paid=PAID_Q2 | {APRIL: 60_000},
        written_off={APRIL: [GivenUp(15_000, 60_000)], MAY: [GivenUp(1_000, 40_000)]},
    )
    outcome = compute(household, RATES, Q3)

    assert (outcome.over_fen, outcome.recovery_fen) == (5_000, 5_000)
    assert outcome.due_fen == 120_000


def test_compute_makes_nothing_due_when_more_was_written_off_than_is_over_paid() -> None:
    outcome = compute(
        replace(PAIR, paid=PAID_Q2, written_off={MAY: [GivenUp(25_000, 60_000)]}), RATES, Q2
    )
    assert (outcome.due_fen, outcome.over_fen, outcome.listed) == (0, 0, False)


@pytest.mark.parametrize(
    ("given_up", "owed_fen", "stands_fen"),
    [
        ([GivenUp(200, 600)], 400, 200),
        ([GivenUp(200, 600)], 100, 200),  # more is over-paid since: the rest is not given up
        ([GivenUp(200, 600)], 500, 100),
        ([GivenUp(200, 600)], 700, 0),
        ([GivenUp(200, 0)], 0, 0),  # all of it came back
        ([GivenUp(200, 500)], 400, 100),  # a part of it came back
        ([GivenUp(200, 0), GivenUp(50, 500)], 400, 50),
        ([GivenUp(200, 600), GivenUp(50, 600)], 400, 200),
        ([GivenUp(100, 600), GivenUp(50, 300)], 150, 150),
        ([], 400, 0),
    ],
)
def test_write_off_covers_no_more_than_stands_of_what_it_was_given_up_of(
    given_up: list[GivenUp], owed_fen: int, stands_fen: int
) -> None:
    assert still_given_up(given_up, owed_fen) == stands_fen


# Exceptions


def test_compute_says_no_rate_when_one_month_of_the_window_lacks_it() -> None:
    rates = (rate(1, "deep", "2005-06", 20_000, "2005-01-10"),)
    outcome = compute(PAIR, rates, Q2)

    assert outcome.items == ()
    assert outcome.exception == ("no_rate", 40_000)


def test_compute_shows_due_less_recovery_when_the_month_without_rate_was_paid() -> None:
    rates = (rate(1, "deep", "2005-06", 20_000, "2005-01-10"),)
    outcome = compute(replace(PAIR, paid={APRIL: 15_000}), rates, Q2)
    assert outcome.exception == ("no_rate", 40_000 - 15_000)


def test_compute_says_no_rate_of_nothing_when_no_grade_is_known() -> None:
    assert compute(replace(PAIR, grades=()), RATES, Q2).exception == ("no_rate", 0)


@pytest.mark.parametrize("lacking", ["enrolment", "persons"])
def test_compute_needs_no_rate_where_nobody_counts(lacking: str) -> None:
    household = replace(PAIR, grades=(KnownGrade(1, "deep", JUNE),))
    if lacking == "enrolment":
        household = replace(household, enrolments=(Spell(JUNE, None, 1),))
    else:
        household = replace(household, memberships=(KnownMembership(1, True, JUNE, None),))
    assert compute(household, RATES, Q2).exception is None


def test_compute_says_on_hold_when_anything_is_due() -> None:
    outcome = compute(replace(PAIR, held=True), RATES, Q2)

    assert outcome.items == ()
    assert outcome.exception == ("on_hold", 120_000)


def test_compute_says_on_hold_when_anything_is_over_paid_only() -> None:
    outcome = compute(replace(PAIR, held=True, paid=PAID_Q2 | {MAY: 40_001}), RATES, Q2)
    assert outcome.exception == ("on_hold", 0)


def test_compute_lists_no_held_household_to_which_all_was_paid() -> None:
    assert not compute(replace(PAIR, held=True, paid=PAID_Q2), RATES, Q2).listed


def test_compute_says_no_account_when_an_amount_would_be_paid() -> None:
    paid = PAID_Q2 | {APRIL: 50_000, JUNE: 0}
    outcome = compute(replace(PAIR, has_account=False, paid=paid), RATES, Q2)

    assert outcome.items == ()
    assert outcome.exception == ("no_account", 30_000)


def test_compute_says_over_paid_without_account_when_nothing_would_be_paid() -> None:
    outcome = compute(replace(PAIR, has_account=False, paid=PAID_Q2 | {MAY: 41_000}), RATES, Q2)
    assert outcome.exception == ("over_paid", 1_000)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"grades": (), "held": True, "has_account": False}, "no_rate"),
        ({"held": True, "has_account": False}, "on_hold"),
        ({"has_account": False}, "no_account"),
        ({}, "over_paid"),
    ],
)
def test_compute_names_the_first_exception_that_applies(
    changes: dict[str, Any], reason: str
) -> None:
    household = replace(PAIR, paid={APRIL: 300_000}, **changes)
    exception = compute(household, RATES, Q2).exception

    assert exception is not None
    assert exception.reason == reason


def test_compute_says_not_yet_when_the_enrolment_starts_after_the_quarter() -> None:
    outcome = compute(replace(PAIR, enrolments=(Spell(JULY, None, 1),)), RATES, Q2)

    assert outcome.items == ()
    assert outcome.exception == ("not_yet", 0)
    assert outcome.clean


def test_compute_says_not_yet_of_the_latest_enrolment_when_there_was_one_before() -> None:
    household = replace(
        PAIR, enrolments=(Spell(JULY, None, 2), Spell(APRIL, MAY, 1)), paid={APRIL: 40_000}
    )
    assert compute(household, RATES, Q2).exception == ("not_yet", 0)


def test_compute_says_nothing_of_an_enrolment_that_starts_in_the_last_month() -> None:
    household = replace(PAIR, enrolments=(Spell(JUNE, None, 1),), paid={JUNE: 40_000})
    assert not compute(household, RATES, Q2).listed


def test_compute_says_nothing_of_a_later_enrolment_when_there_is_a_line() -> None:
    household = replace(PAIR, enrolments=(Spell(APRIL, MAY, 1), Spell(JULY, None, 2)))
    outcome = compute(household, RATES, Q2)

    assert amounts(outcome) == {APRIL: 40_000}
    assert outcome.exception is None


@pytest.mark.parametrize(
    "enrolments",
    [
        (),
        (Spell(JULY, JULY, 1),),
        (Spell(APRIL, APRIL, 1),),
        (Spell(JULY, AUGUST, 1), Spell(SEPTEMBER, SEPTEMBER, 2)),
    ],
)
def test_compute_lists_no_household_whose_latest_enrolment_has_no_months(
    enrolments: tuple[Spell, ...],
) -> None:
    outcome = compute(replace(PAIR, enrolments=enrolments), RATES, Q2)
    assert not outcome.listed


def test_compute_says_not_yet_when_a_spell_without_months_was_recorded_before_it() -> None:
    household = replace(PAIR, enrolments=(Spell(JULY, None, 2), Spell(JULY, JULY, 1)))
    assert compute(household, RATES, Q2).exception == ("not_yet", 0)


def test_compute_lists_nobody_to_whom_all_was_paid() -> None:
    outcome = compute(replace(PAIR, paid=PAID_Q2), RATES, Q2)

    assert not outcome.listed
    assert outcome.clean


# Clean: a later run may skip these months


@pytest.mark.parametrize(
    "household",
    [
        replace(PAIR, grades=()),
        replace(PAIR, held=True),
        replace(PAIR, has_account=False),
        replace(PAIR, paid=PAID_Q2 | {APRIL: 50_000}),
        replace(PAIR, paid={APRIL: 50_000}),
        replace(
            PAIR, paid=PAID_Q2 | {APRIL: 50_000}, written_off={APRIL: [GivenUp(10_000, 50_000)]}
        ),
    ],
    ids=["no rate", "on hold", "no account", "over-paid", "recovered", "written off"],
)
def test_compute_is_not_clean_where_it_does_more_or_less_than_pay_what_is_owed(
    household: KnownHousehold,
) -> None:
    assert not compute(household, RATES, Q2).clean


def test_compute_refuses_a_share_that_would_leave_no_line() -> None:
    with pytest.raises(AssertionError):
        compute(PAIR, RATES, Q2, recovery_percent=100)
