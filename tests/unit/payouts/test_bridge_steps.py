"""The bridge between two lists: every difference has a name, and nothing is left."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relief.payouts.explanation.bridge_steps import (
    STEPS,
    Crossing,
    RegularMonth,
    Side,
    build_bridge,
    household_bridge,
)


def quarter(persons: int, rate_fen: int, *places: int) -> Side:
    month = RegularMonth(persons, rate_fen, persons * rate_fen)
    return Side(dict.fromkeys(places or (0, 1, 2), month))


NOTHING, BLOCKED = Side(), Side(blocked=True)
PAIR = quarter(2, 20_000)

CASES = [
    ("nothing_changed", PAIR, PAIR, {}, {}),
    ("came", NOTHING, PAIR, {}, {"came": 120_000}),
    ("gone", PAIR, NOTHING, {}, {"gone": -120_000}),
    ("released", BLOCKED, PAIR, {}, {"released": 120_000}),
    ("blocked", PAIR, BLOCKED, {}, {"blocked": -120_000}),
    ("a_month_less", PAIR, quarter(2, 20_000, 0, 1), {}, {"months": -40_000}),
    ("a_month_more", quarter(2, 20_000, 2), PAIR, {}, {"months": 80_000}),
    ("a_person_more", PAIR, quarter(3, 20_000), {}, {"persons": 60_000}),
    ("rate_raised", PAIR, quarter(2, 21_000), {}, {"rate": 6_000}),
    ("regraded", PAIR, quarter(2, 15_000), dict.fromkeys(range(3), 15_000), {"grade": -30_000}),
    (
        "regraded_and_raised",
        PAIR,
        quarter(2, 16_000),
        dict.fromkeys(range(3), 15_000),
        {"grade": -30_000, "rate": 6_000},
    ),
    (
        "fewer_persons_at_another_rate",  # persons at the old rate, then the rate for who is left
        PAIR,
        quarter(1, 21_000),
        {},
        {"persons": -60_000, "rate": 3_000},
    ),
    (
        "arrears_and_recovery",
        PAIR,
        replace(PAIR, arrears_fen=5_000, recovery_fen=-700),
        {},
        {"arrears": 5_000, "recovery": -700},
    ),
    (
        "part_paid_by_another_list",
        PAIR,
        Side({**PAIR.months, 1: RegularMonth(2, 20_000, 15_000)}),
        {},
        {"paid_before": -25_000},
    ),
    (
        "part_was_paid_by_another_list_last_time",
        Side({**PAIR.months, 1: RegularMonth(2, 20_000, 15_000)}),
        PAIR,
        {},
        {"paid_before": 25_000},
    ),
    ("only_arrears_now", PAIR, Side(arrears_fen=900), {}, {"gone": -120_000, "arrears": 900}),
]


@pytest.mark.parametrize(
    ("previous", "this", "regraded", "steps"),
    [pytest.param(*case[1:], id=case[0]) for case in CASES],
)
def test_household_bridge_names_the_step(
    previous: Side, this: Side, regraded: dict[int, int], steps: dict[str, int]
) -> None:
    bridge = household_bridge(Crossing("H1", previous, this, regraded))

    assert bridge.steps == steps
    assert bridge.previous_fen == previous.regular_fen
    assert bridge.this_fen == this.total_fen


def test_bridge_adds_up_households_and_leaves_out_those_without_amounts() -> None:
    bridge = build_bridge(
        "2005Q3-r1",
        "2005Q2-r1",
        [
            Crossing("H1", PAIR, quarter(3, 20_000)),
            Crossing("H2", PAIR, PAIR),
            Crossing("H3", NOTHING, PAIR),
            Crossing("H4", BLOCKED, BLOCKED),
        ],
    )

    assert [household.household_no for household in bridge.households] == ["H1", "H2", "H3"]
    assert (bridge.previous_fen, bridge.this_fen) == (240_000, 420_000)
    assert {step.name: step.amount_fen for step in bridge.steps if step.amount_fen} == {
        "persons": 60_000,
        "came": 120_000,
    }
    assert [step.name for step in bridge.steps] == list(STEPS)


persons, rates = st.integers(1, 9), st.integers(15_000, 20_000)
months = st.builds(
    lambda count, rate_fen, paid_fen: RegularMonth(
        count, rate_fen, count * rate_fen - paid_fen % (count * rate_fen)
    ),
    persons,
    rates,
    st.integers(0, 200_000),
)
sides = st.one_of(
    st.just(NOTHING),
    st.just(BLOCKED),
    st.builds(
        Side,
        st.dictionaries(st.integers(0, 2), months),
        st.integers(0, 500_000),
        st.integers(-500_000, 0),
    ),
)
crossings = st.builds(
    Crossing, st.just("H1"), sides, sides, st.dictionaries(st.integers(0, 2), rates)
)


@given(st.lists(crossings, max_size=6))
def test_bridge_leaves_no_rest_whatever_the_two_runs_hold(households: list[Crossing]) -> None:
    bridge = build_bridge("2005Q3-r1", "2005Q2-r1", households)

    assert bridge.rest_fen == 0
    assert all(household.rest_fen == 0 for household in bridge.households)
    assert bridge.previous_fen == sum(each.previous.regular_fen for each in households)
    assert bridge.this_fen == sum(each.this.total_fen for each in households)
