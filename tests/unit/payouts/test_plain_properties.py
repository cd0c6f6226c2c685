"""What always holds of the plain way (docs/payouts.md, section 5), whatever the facts."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace
from random import Random
from typing import TypeVar

from hypothesis import given
from hypothesis import strategies as st

from relief.payouts.verification.given_up import GivenUp, still_given_up
from relief.payouts.verification.plain import (
    KnownGrade,
    KnownHousehold,
    KnownMembership,
    KnownRate,
    Outcome,
    Spell,
    Window,
    compute,
    owed,
)

FIRST, LAST = 24_060, 24_080
GRADES = ("deep", "relative", "accidental")
MONTHS = st.integers(FIRST - 2, LAST + 2)
# Most facts begin early, so that most households are owed something.
EARLY = st.sampled_from([0, FIRST - 2, FIRST, FIRST + 1, FIRST + 4])
LENGTHS = st.none() | st.integers(0, LAST + 2)
FEN = st.integers(15_000, 20_000)
Row = TypeVar("Row")
EPOCH = dt.datetime(2005, 1, 1, tzinfo=dt.UTC)
# P near what may be owed, so that months come out due, even and over-paid alike.
PAID = st.integers(-30_000, 90_000) | st.integers(0, 4).map(lambda count: count * 20_000)

# What it was given up of stands whole, in part, or not at all.
GIVEN_UP = st.builds(GivenUp, st.integers(1, 30_000), PAID | st.just(0))


def given_up_fen(household: KnownHousehold, rates: tuple[KnownRate, ...], month: int) -> int:
    """W of a month, as it stands."""
    owed_fen = owed(household, rates, month).owed_fen
    return still_given_up(household.written_off.get(month, ()), owed_fen)


@st.composite
def months_spells(draw: st.DrawFn) -> tuple[int, int | None]:
    first, length = draw(EARLY | MONTHS), draw(LENGTHS)
    return first, None if length is None else first + length


@st.composite
def enrolments(draw: st.DrawFn) -> tuple[Spell, ...]:
    """Spells that do not overlap, some of them without months, the last one perhaps open."""
    cuts = sorted(draw(EARLY.map(lambda month: [month]) | st.lists(MONTHS, max_size=4)))
    spells = [Spell(cuts[at], cuts[at + 1], at) for at in range(0, len(cuts) - 1, 2)]
    if len(cuts) % 2:
        spells.append(Spell(cuts[-1], None, len(cuts)))
    return tuple(spells)


@st.composite
def households(draw: st.DrawFn) -> KnownHousehold:
    spells = draw(st.lists(months_spells(), min_size=1, max_size=4))
    starts = st.tuples(st.sampled_from(GRADES), EARLY | MONTHS)
    grades = [("deep", draw(EARLY)), *draw(st.lists(starts, max_size=2))]
    return KnownHousehold(
        household_no="H1",
        enrolments=draw(enrolments()),
        memberships=tuple(
            KnownMembership(number, draw(st.sampled_from([True, True, False])), *spell)
            for number, spell in enumerate(spells)
        ),
        grades=tuple(KnownGrade(number, *grade) for number, grade in enumerate(grades)),
        held=draw(st.sampled_from([False, False, False, True])),
        has_account=draw(st.sampled_from([True, True, True, False])),
        choice=draw(st.sampled_from(["offset", "offset", "wait"])),
        paid=draw(st.dictionaries(st.integers(FIRST, FIRST + 6) | MONTHS, PAID, max_size=12)),
        written_off=draw(st.dictionaries(MONTHS, st.lists(GIVEN_UP, max_size=3), max_size=3)),
    )


@st.composite
def rate_tables(draw: st.DrawFn) -> tuple[KnownRate, ...]:
    """A rate of each grade mostly from the start, and later ones; some confirmed out of order."""
    known_from = draw(st.sampled_from([0, 0, 0, FIRST + 2]))
    first = [KnownRate(-n, grade, known_from, draw(FEN), EPOCH) for n, grade in enumerate(GRADES)]
    rows = st.tuples(st.sampled_from(GRADES), MONTHS, FEN, st.integers(0, 3))
    later = [
        KnownRate(number, grade, month, fen, EPOCH + dt.timedelta(days=day))
        for number, (grade, month, fen, day) in enumerate(draw(st.lists(rows, max_size=4)), 1)
    ]
    return (*first, *later)


@st.composite
def windows(draw: st.DrawFn) -> Window:
    return Window(FIRST, draw(st.just(LAST) | st.integers(FIRST - 1, LAST)))


def paid_after(household: KnownHousehold, outcome: Outcome) -> KnownHousehold:
    """The household once the line is paid."""
    paid = Counter(dict(household.paid))
    paid.update({item.month: item.amount_fen for item in outcome.items})
    return replace(household, paid=dict(paid))


@given(households(), rate_tables(), windows())
def test_no_positive_item_lifts_p_above_e_and_no_recovery_takes_it_below(
    household: KnownHousehold, rates: tuple[KnownRate, ...], window: Window
) -> None:
    outcome = compute(household, rates, window)
    after = paid_after(household, outcome)

    for item in outcome.items:
        owed_fen = owed(household, rates, item.month).owed_fen
        if item.kind == "recovery":
            assert item.amount_fen < 0
            assert after.paid[item.month] >= owed_fen + given_up_fen(household, rates, item.month)
        else:
            assert item.amount_fen > 0
            assert after.paid[item.month] == owed_fen


@given(households(), rate_tables(), windows(), st.integers(0, 99))
def test_amount_is_the_sum_of_items_and_recovery_at_most_its_share_of_due(
    household: KnownHousehold, rates: tuple[KnownRate, ...], window: Window, percent: int
) -> None:
    outcome = compute(household, rates, window, percent)
    taken = -sum(item.amount_fen for item in outcome.items if item.kind == "recovery")

    assert outcome.amount_fen == outcome.due_fen - outcome.recovery_fen >= 0
    assert 100 * outcome.recovery_fen <= percent * outcome.due_fen
    assert outcome.recovery_fen <= outcome.over_fen
    if outcome.items:
        assert sum(item.amount_fen for item in outcome.items) == outcome.amount_fen > 0
        assert taken == outcome.recovery_fen


@given(households(), rate_tables(), windows())
def test_items_lie_in_the_window_by_month_with_one_a_month(
    household: KnownHousehold, rates: tuple[KnownRate, ...], window: Window
) -> None:
    outcome = compute(household, rates, window)
    listed = [item.month for item in outcome.items]

    assert listed == sorted(set(listed))
    assert set(listed) <= set(window.months)
    for item in outcome.items:
        assert (item.kind == "regular") <= (item.month > window.last_month - 3)
        assert (item.kind == "arrears") <= (item.month <= window.last_month - 3)


@given(households(), rate_tables(), windows())
def test_recovery_leaves_no_older_month_over_paid_before_a_younger_one(
    household: KnownHousehold, rates: tuple[KnownRate, ...], window: Window
) -> None:
    outcome = compute(household, rates, window)
    recovered = [item.month for item in outcome.items if item.kind == "recovery"]
    after = paid_after(household, outcome)

    for month in window.months:
        if recovered and month < max(recovered):
            left_fen = after.paid.get(month, 0) - owed(after, rates, month).owed_fen
            assert left_fen <= given_up_fen(household, rates, month)


@given(households(), rate_tables(), windows())
def test_a_second_run_with_nothing_new_has_no_line(
    household: KnownHousehold, rates: tuple[KnownRate, ...], window: Window
) -> None:
    first = compute(household, rates, window)
    second = compute(paid_after(household, first), rates, window)

    assert second.items == ()
    if first.items:
        assert second.due_fen == 0
        assert second.over_fen == first.over_fen - first.recovery_fen


@given(households(), rate_tables(), windows())
def test_a_line_and_the_first_three_exceptions_never_stand_together(
    household: KnownHousehold, rates: tuple[KnownRate, ...], window: Window
) -> None:
    outcome = compute(household, rates, window)
    reason = outcome.exception.reason if outcome.exception else None

    assert outcome.has_line == (
        outcome.amount_fen > 0 and reason not in ("no_rate", "on_hold", "no_account")
    )
    if reason not in ("no_rate", "on_hold", "no_account"):
        over_paid_fen = outcome.over_fen - outcome.recovery_fen
        assert (reason == "over_paid") == (over_paid_fen > 0)


@given(households(), rate_tables(), windows())
def test_a_clean_household_is_owed_what_was_paid_in_every_month(
    household: KnownHousehold, rates: tuple[KnownRate, ...], window: Window
) -> None:
    outcome = compute(household, rates, window)
    after = paid_after(household, outcome)

    if outcome.clean:
        assert outcome.over_fen == 0
        for month in window.months:
            assert after.paid.get(month, 0) == owed(after, rates, month).owed_fen


@given(households(), rate_tables(), windows(), st.integers(1, 9))
def test_a_clean_household_may_skip_its_months_while_nothing_new_is_known(
    household: KnownHousehold, rates: tuple[KnownRate, ...], window: Window, months: int
) -> None:
    outcome = compute(household, rates, window)
    if not outcome.clean:
        return
    after = paid_after(household, outcome)
    whole = Window(window.first_month, window.last_month + months)
    short = Window(window.last_month + 1, whole.last_month)

    assert compute(after, rates, short) == compute(after, rates, whole)


@given(households(), rate_tables(), windows(), st.randoms(use_true_random=False))
def test_the_answer_does_not_depend_on_the_order_in_which_facts_are_handed_in(
    household: KnownHousehold, rates: tuple[KnownRate, ...], window: Window, random: Random
) -> None:
    def shuffled(rows: tuple[Row, ...]) -> tuple[Row, ...]:
        return tuple(random.sample(rows, len(rows)))

    mixed = replace(
        household,
        enrolments=shuffled(household.enrolments),
        memberships=shuffled(household.memberships),
        grades=shuffled(household.grades),
    )
    assert compute(mixed, shuffled(rates), window) == compute(household, rates, window)
