"""Which of many cases do not go with the others: the rule, in small numbers and in any."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relief.kernel.errors import Problem
from relief.kernel.text import Text
from relief.petitions.many.outliers import Looked, Place, far_amounts, reasons_of, usual_place

_WORDS = {"en": "x", "zh": "x"}
HERE = Place("relief", "sha-1", "accepted", _WORDS, _WORDS)
ELSEWHERE = replace(HERE, state="received")


def case(number: int, place: Place = HERE, **more: object) -> Looked:
    return Looked(f"R{number}", place, starts=True, **more)  # type: ignore[arg-type]


def far(*amounts: int) -> list[int]:
    """Which of these amounts are far from the others."""
    named = {str(number): amount for number, amount in enumerate(amounts)}
    return [named[each] for each in far_amounts(named)]


def codes(cases: list[Looked], *, leads_on: bool = True) -> dict[str, list[str]]:
    found = reasons_of(cases, leads_on=leads_on)
    return {no: [problem.code for problem in reasons] for no, reasons in found.items() if reasons}


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ([], []),
        ([100, 9_000], []),  # of two nobody can say which is usual
        ([1_000, 1_000, 3_000], []),  # three times the median is not more than that
        ([1_000, 1_000, 3_001], [3_001]),
        ([1_000, 1_000, 333], [333]),
        ([1_000, 1_000, 334], []),
        # Less than three times the median, but far from how far the others lie.
        ([1_000, 1_010, 990, 1_020, 980, 1_900], [1_900]),
        ([1_000, 1_001, 999, 1_010], []),  # not a quarter of the median away
        ([800, 1_000, 1_200, 1_900], []),  # these differ anyway
        ([0, 0, 0, 5], [5]),
    ],
)
def test_amount_is_far_by_the_median_and_by_how_far_the_others_lie(
    amounts: list[int], expected: list[int]
) -> None:
    assert far(*amounts) == expected


AMOUNTS = st.lists(st.integers(0, 10**9), max_size=40)


@given(amounts=AMOUNTS, seed=st.randoms(use_true_random=False))
def test_rule_looks_at_no_order(amounts: list[int], seed: object) -> None:
    turned = list(amounts)
    seed.shuffle(turned)  # type: ignore[attr-defined]
    assert sorted(far(*amounts)) == sorted(far(*turned))


@given(amounts=AMOUNTS, times=st.integers(1, 1_000))
def test_rule_is_the_same_in_yuan_and_in_fen(amounts: list[int], times: int) -> None:
    assert [each * times for each in far(*amounts)] == far(*(each * times for each in amounts))


@given(amount=st.integers(1, 10**9), many=st.integers(3, 40), other=st.integers(0, 10**10))
def test_one_among_equals_is_far_beyond_three_times_or_a_third_of_them(
    amount: int, many: int, other: int
) -> None:
    expected = [other] if other > 3 * amount or other * 3 < amount else []
    assert far(*[amount] * many, other) == expected


@given(amounts=st.lists(st.integers(0, 10**9), min_size=3, max_size=40))
def test_what_lies_at_the_median_goes_with_the_others(amounts: list[int]) -> None:
    ordered = sorted(amounts)
    middle = ordered[len(ordered) // 2]
    if len(ordered) % 2:
        assert middle not in far(*amounts)


def test_most_cases_say_where_the_others_ought_to_stand() -> None:
    cases = [case(1, ELSEWHERE), case(2), case(3)]
    assert usual_place(cases) == HERE
    assert codes(cases) == {"R1": ["bulk.state"]}
    kind, version = replace(HERE, kind="petition"), replace(HERE, definition_sha256="sha-0")
    assert codes([case(1), case(2), case(3, kind), case(4, version)]) == {
        "R3": ["bulk.kind"],
        "R4": ["bulk.version"],
    }


def test_of_as_many_here_as_there_the_first_counts() -> None:
    assert usual_place([case(1, ELSEWHERE), case(2), case(3), case(4, ELSEWHERE)]) == ELSEWHERE


def test_where_the_step_does_not_start_nobody_is_usual() -> None:
    refused = Problem("bulk.no_start", Text("no"))
    cases = [replace(case(n, ELSEWHERE), starts=False, refusals=(refused,)) for n in range(3)]
    assert usual_place(cases) is None
    # That it stands elsewhere is said once.
    assert codes([*cases, case(9)]) == {f"R{n}": ["bulk.no_start"] for n in range(3)}


@pytest.mark.parametrize("mark", ["urgent", "collective", "overdue"])
def test_what_is_pressing_is_looked_at_singly_where_the_step_leads_on(mark: str) -> None:
    cases = [case(1), case(2, **{mark: True})]
    assert codes(cases) == {"R2": [f"bulk.{mark}"]}
    assert codes(cases, leads_on=False) == {}


def test_what_is_restricted_or_lacks_papers_is_always_looked_at_singly() -> None:
    waits = replace(HERE, state="awaiting_papers")
    cases = [case(1), case(2), case(3, restricted=True), case(4, waits, awaits_papers=True)]
    assert codes(cases, leads_on=False) == {
        "R3": ["bulk.restricted"],
        "R4": ["bulk.state", "bulk.papers"],
    }


def test_where_all_wait_for_papers_none_is_singled_out_for_that() -> None:
    waits = replace(HERE, state="awaiting_papers")
    assert codes([case(n, waits, awaits_papers=True) for n in range(3)]) == {}


def test_amounts_are_compared_among_those_that_stand_together() -> None:
    cases = [case(n, amount_fen=100_000) for n in range(4)]
    cases += [case(5, amount_fen=900_000), case(6, ELSEWHERE, amount_fen=900_000), case(7)]
    assert codes(cases) == {"R5": ["bulk.amount"], "R6": ["bulk.state"]}


def test_every_reason_is_told() -> None:
    refused = Problem("step.role", Text("no"))
    odd = case(9, amount_fen=900_000, overdue=True, urgent=True, refusals=(refused,))
    cases = [case(n, amount_fen=100_000) for n in range(4)]
    assert codes([*cases, odd]) == {
        "R9": ["step.role", "bulk.amount", "bulk.overdue", "bulk.urgent"]
    }
