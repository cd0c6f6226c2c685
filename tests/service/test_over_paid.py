"""Money that came back, and money given up: two people, never more than is over-paid."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relief.accounts.service import add_user
from relief.engine.actors import Actor
from relief.payouts import queries
from relief.payouts.over_paid.kinds import KINDS, REPAYMENT, WRITE_OFF, MoneyKind
from relief.payouts.over_paid.queries import find_money, list_money
from relief.payouts.over_paid.service import record_money
from relief.payouts.verification.verify import verify_run
from tests.life import PERSONS
from tests.office import AN, FANG, GAO, PASSWORD, PING, Office
from tests.over_paid import (
    APRIL,
    BOTH,
    DEPUTY,
    GAO_FOR_FANG,
    JUNE,
    MAY,
    both_kinds,
    over_paid,
    refused,
    stands,
    tampered,
)

pytestmark = pytest.mark.postgresql_slow


@pytest.fixture
def july(office: Office) -> Office:
    return over_paid(office)


@both_kinds
def test_counts_from_the_confirmation_and_not_before(july: Office, kind: MoneyKind) -> None:
    no = july.record_money(kind, "H1", JUNE, 150_00, "2005-7")
    assert no == f"{kind.letter}2005-0001"
    assert (stands(july).over_fen, stands(july).still_recordable_fen) == (200_00, 50_00)
    july.at("2005-07-12T09:00")
    july.money_step(no, "confirm", PING)
    after = stands(july)
    assert (after.over_fen, after.still_recordable_fen, after.balance.due_fen) == (50_00, 50_00, 0)
    with july.relief.reading() as work:
        found = find_money(work, kind, no)
        day = work.clock.day_of(found.confirmed_at) if found.confirmed_at else None
    assert (found.state, found.amount_fen, str(day)) == ("confirmed", 150_00, "2005-07-12")
    assert (found.recorded_by, found.confirmed_by) == ("fang", "ping")
    assert tampered(july) == set()


@both_kinds
def test_next_list_recovers_only_what_is_left_and_its_total_does_not_count_it(
    july: Office, kind: MoneyKind
) -> None:
    july.settle(kind, "H1", JUNE, 200_00, "2005-7")
    july.at("2005-09-15T09:00")
    july.prepare("2005Q3")
    (first, second) = july.lines("2005Q3")
    assert [(i.month, i.amount_fen) for i in first.items if i.amount_fen < 0] == [(MAY, -200_00)]
    assert (first.amount_fen, second.amount_fen) == (400_00, 600_00)
    assert july.run("2005Q3").total_fen == 1_000_00
    with july.relief.reading() as work:
        for run in queries.all_runs(work):
            assert verify_run(work, run) == []


def test_write_off_never_makes_anything_due(july: Office) -> None:
    july.settle(WRITE_OFF, "H1", JUNE, 200_00, "2005-7")
    back = {"change": "join", "effective_on": "2005-04-20", "id_number": PERSONS[3]}
    july.change({"household_no": "H1", "name": "试乙", "relation": "child", **back})
    assert (stands(july).balance.due_fen, stands(july).over_fen) == (0, 0)


def test_repayment_is_owed_again_when_the_member_had_not_left(july: Office) -> None:
    july.settle(REPAYMENT, "H1", JUNE, 200_00, "2005-7")
    back = {"change": "join", "effective_on": "2005-04-20", "id_number": PERSONS[3]}
    july.change({"household_no": "H1", "name": "试乙", "relation": "child", **back})
    assert stands(july).balance.due_fen == 200_00


@both_kinds
@pytest.mark.parametrize(
    ("no", "month", "fen", "codes"),
    [
        ("H1", JUNE, 200_01, {"over_paid.exceeded"}),
        ("H2", JUNE, 1, {"over_paid.exceeded"}),
        ("H1", APRIL, 1, {"over_paid.exceeded"}),
        ("H1", JUNE, 0, {"over_paid.nothing"}),
        ("H1", JUNE + 2, 1, {"over_paid.month"}),
        ("H1", APRIL - 1, 1, {"over_paid.month"}),
        ("H9", JUNE, 1, {"household.unknown"}),
    ],
)
def test_more_than_is_over_paid_or_another_month_or_household_is_refused(
    july: Office, kind: MoneyKind, no: str, month: int, fen: int, codes: set[str]
) -> None:
    assert refused(lambda: july.record_money(kind, no, month, fen, "2005-7")) == codes
    with july.relief.reading() as work:
        assert list_money(work, kind) == []


def test_everything_that_cannot_be_read_is_told_at_once(july: Office) -> None:
    def typed() -> None:
        with july.relief.work() as work:
            record_money(
                work, FANG, REPAYMENT, household_no="H9", month="June", amount="-5", paper_no="7"
            )

    assert refused(typed) == {"household.unknown", "month.unreadable", "money.unreadable"}
    assert refused(lambda: july.record_money(REPAYMENT, "H1", JUNE, 1, " ")) == {"field.missing"}


def test_two_that_wait_together_never_exceed_what_is_over_paid(july: Office) -> None:
    july.record_money(REPAYMENT, "H1", JUNE, 120_00, "2005-7")
    another = partial(july.record_money, WRITE_OFF, "H1", JUNE, 80_01, "2005-8")
    assert refused(another) == {"over_paid.exceeded"}
    july.record_money(WRITE_OFF, "H1", JUNE, 80_00, "2005-8")
    july.record_money(REPAYMENT, "H1", MAY, 200_00, "2005-7")
    for no in ("W2005-0001", "M2005-0001", "M2005-0002"):
        july.money_step(no, "confirm", PING)
    assert (stands(july).over_fen, stands(july, MAY).over_fen) == (0, 0)


@both_kinds
def test_what_changed_since_the_recording_is_judged_again(july: Office, kind: MoneyKind) -> None:
    no = july.record_money(kind, "H1", JUNE, 200_00, "2005-7")
    july.at("2005-07-12T09:00")
    july.prepare("2005Q2", "supplementary")  # nothing is due: no recovery in it
    july.change({"household_no": "H1", "change": "join", "effective_on": "2005-05-20",
                 "id_number": PERSONS[3], "name": "试乙", "relation": "child"})  # fmt: skip
    assert refused(lambda: july.money_step(no, "confirm", PING)) == {"over_paid.exceeded"}
    july.money_step(no, "decline", PING, reason="the child came back in May")
    assert refused(lambda: july.money_step(no, "confirm", PING)) == {"step.wrong_state"}
    assert (stands(july).balance.paid_fen, stands(july).waiting_fen) == (400_00, 0)


@both_kinds
def test_who_recorded_does_not_confirm_nor_their_deputy(july: Office, kind: MoneyKind) -> None:
    with july.relief.work() as work:
        add_user(work, AN, BOTH.username, sorted(BOTH.roles), PASSWORD)
        work.commit()
    own = july.record_money(kind, "H1", JUNE, 1_00, "2005-7", actor=BOTH)
    assert refused(lambda: july.money_step(own, "confirm", BOTH)) == {"step.kept_apart"}
    how = {"override": "nobody else is there"}
    assert refused(lambda: july.money_step(own, "confirm", BOTH, **how)) == {"step.kept_apart"}
    for recorder, confirmer in ((FANG, DEPUTY), (DEPUTY, Actor("fang", BOTH.roles))):
        no = july.record_money(kind, "H1", MAY, 1_00, f"by {recorder}", actor=recorder)
        step = partial(july.money_step, no, "confirm", confirmer)
        assert refused(step) == {"step.kept_apart"}
    assert refused(lambda: july.money_step(own, "confirm", GAO)) == {"step.role"}
    july.money_step(own, "confirm", PING)


@both_kinds
def test_only_finance_records_and_who_recorded_takes_back(july: Office, kind: MoneyKind) -> None:
    by_ping = partial(july.record_money, kind, "H1", JUNE, 1, "7", actor=PING)
    assert refused(by_ping) == {"step.role"}
    no = july.record_money(kind, "H1", JUNE, 200_00, "2005-7")
    why = {"reason": "another household"}
    assert refused(lambda: july.money_step(no, "take_back", GAO, **why)) == {"over_paid.not_yours"}
    assert refused(lambda: july.money_step(no, "take_back", FANG)) == {"reason.missing"}
    july.money_step(no, "take_back", GAO_FOR_FANG, **why)
    with july.relief.reading() as work:
        assert [each.state for each in list_money(work, kind)] == ["taken_back"]
    again = july.record_money(kind, "H1", JUNE, 200_00, "2005-7")  # the paper is free again
    twice = partial(july.record_money, kind, "H1", MAY, 1_00, "2005-7")
    assert refused(twice) == set()  # one paper may be for several months
    july.money_step(again, "confirm", PING)
    assert refused(lambda: july.money_step(again, "take_back", FANG, **why)) >= {"step.wrong_state"}


@settings(max_examples=settings.default.max_examples // 6)
@given(
    acts=st.lists(
        st.tuples(
            st.sampled_from(("record", "confirm", "decline", "take_back")),
            st.sampled_from(tuple(KINDS.values())),
            st.sampled_from((MAY, JUNE)),
            st.integers(1, 130_00),
        ),
        max_size=12,
    )
)
def test_never_more_than_was_over_paid_whatever_the_order(
    new_office: Callable[[], Office], acts: list[tuple[str, MoneyKind, int, int]]
) -> None:
    office = over_paid(new_office())
    who = {"confirm": PING, "decline": PING, "take_back": FANG}
    for number, (act, kind, month, fen) in enumerate(acts):
        with office.relief.reading() as work:
            waiting = [each.reference for each in list_money(work, kind, waiting=True)]
        if act == "record":
            refused(lambda: office.record_money(kind, "H1", month, fen, f"{number}"))  # noqa: B023
        elif waiting:
            why = {} if act == "confirm" else {"reason": "wrong"}
            office.money_step(waiting[fen % len(waiting)], act, who[act], **why)
        for each in (MAY, JUNE):
            now = stands(office, each)
            assert 0 <= now.waiting_fen <= now.over_fen <= 200_00
            assert now.balance.due_fen == 0
    assert tampered(office) == set()
