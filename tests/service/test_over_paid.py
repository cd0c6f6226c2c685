"""Money that came back, and money given up: two people, never more than is over-paid."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from relief.accounts.service import add_user
from relief.engine.actors import Actor
from relief.engine.journal.chain import JOURNAL
from relief.engine.journal.verification import verify_journal
from relief.kernel.database import table_of
from relief.kernel.errors import ReliefError
from relief.payouts import queries
from relief.payouts.over_paid.kinds import KINDS, REPAYMENT, WRITE_OFF, MoneyKind
from relief.payouts.over_paid.queries import find_money, list_money
from relief.payouts.over_paid.service import record_money
from relief.payouts.over_paid.standing import Standing, standing_of
from relief.payouts.tables import Repayment
from relief.payouts.verification.verify import verify_run
from tests.life import PERSONS
from tests.office import AN, FANG, GAO, PASSWORD, PING, Office
from tests.service.test_audited_money import by_hand

APRIL, MAY, JUNE = (2005 * 12 + month for month in (3, 4, 5))
BOTH = Actor("both", frozenset({"finance", "approver"}))
GAO_FOR_FANG = Actor("gao", frozenset({"finance"}), "fang")
DEPUTY = Actor("ping", frozenset({"approver", "finance"}), "fang")


def over_paid(office: Office) -> Office:
    """H1, two persons, was paid 400.00 a month; that one left in April is recorded in July: of May
    and June 200.00 each came too much. H2 was paid rightly."""
    office.at("2005-01-04T09:00")
    office.scheme(go_live="2005-04")
    office.rates(("deep", "2005-01", 20_000))
    office.at("2005-03-25T09:00")
    row = {"grade": "deep", "approved_on": "2005-03-10", "applicant_name": "试甲"}
    office.register(
        [
            row
            | {"household_no": no, "applicant_id": who, "account_no": f"622848000000000000{no[1]}"}
            for no, who in zip(("H1", "H2"), PERSONS, strict=False)
        ],
        [{"household_no": "H1", "name": "试乙", "id_number": PERSONS[3], "relation": "child"}],
    )
    office.at("2005-06-15T09:00")
    office.prepare("2005Q2")
    office.release("2005Q2")
    office.answer("2005Q2", {"H1": "success", "H2": "success"})
    office.at("2005-07-08T09:00")
    left = {"change": "leave", "effective_on": "2005-04-20", "id_number": PERSONS[3]}
    office.change({"household_no": "H1", **left})
    office.at("2005-07-11T09:00")
    return office


@pytest.fixture
def july(office: Office) -> Office:
    return over_paid(office)


def stands(office: Office, month: int = JUNE, no: str = "H1") -> Standing:
    with office.relief.reading() as work:
        household_id = work.session.execute(
            sa.select(queries.HOUSEHOLD.c.id).where(queries.HOUSEHOLD.c.household_no == no)
        ).scalar_one()
        return standing_of(work, work.as_known_now(), household_id, month)


def refused(act: Callable[[], object]) -> set[str]:
    """The codes of a refusal; none where it was taken."""
    try:
        act()
    except ReliefError as fault:
        return {problem.code for problem in fault.problems}
    return set()


def tampered(office: Office) -> set[str]:
    with office.relief.reading() as work:
        return {problem.code for problem in verify_journal(work)}


both_kinds = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


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
    another = lambda: july.record_money(WRITE_OFF, "H1", JUNE, 80_01, "2005-8")  # noqa: E731
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
        step = lambda: july.money_step(no, "confirm", confirmer)  # noqa: B023, E731
        assert refused(step) == {"step.kept_apart"}
    assert refused(lambda: july.money_step(own, "confirm", GAO)) == {"step.role"}
    july.money_step(own, "confirm", PING)


@both_kinds
def test_only_finance_records_and_who_recorded_takes_back(july: Office, kind: MoneyKind) -> None:
    by_ping = lambda: july.record_money(kind, "H1", JUNE, 1, "7", actor=PING)  # noqa: E731
    assert refused(by_ping) == {"step.role"}
    no = july.record_money(kind, "H1", JUNE, 200_00, "2005-7")
    why = {"reason": "another household"}
    assert refused(lambda: july.money_step(no, "take_back", GAO, **why)) == {"over_paid.not_yours"}
    assert refused(lambda: july.money_step(no, "take_back", FANG)) == {"reason.missing"}
    july.money_step(no, "take_back", GAO_FOR_FANG, **why)
    with july.relief.reading() as work:
        assert [each.state for each in list_money(work, kind)] == ["taken_back"]
    again = july.record_money(kind, "H1", JUNE, 200_00, "2005-7")  # the paper is free again
    twice = lambda: july.record_money(kind, "H1", MAY, 1_00, "2005-7")  # noqa: E731
    assert refused(twice) == set()  # one paper may be for several months
    july.money_step(again, "confirm", PING)
    assert refused(lambda: july.money_step(again, "take_back", FANG, **why)) >= {"step.wrong_state"}


@both_kinds
def test_one_paper_counts_once_for_a_household_and_month(july: Office, kind: MoneyKind) -> None:
    july.record_money(kind, "H1", JUNE, 1_00, "2005-7")
    twice = lambda: july.record_money(kind, "H1", JUNE, 1_00, " 2005-7 ")  # noqa: E731
    assert refused(twice) == {"over_paid.paper_twice"}


def said(act: Callable[[], object]) -> list[str]:
    with pytest.raises(ReliefError) as fault:
        act()
    return [str(problem.text) for problem in fault.value.problems]


def test_receipt_of_another_household_is_refused_and_says_where_it_was_used(
    july: Office,
) -> None:
    left = {"change": "exit", "effective_on": "2005-04-20", "reason": "moved away"}
    july.change({"household_no": "H2", **left})
    first = july.record_money(REPAYMENT, "H1", JUNE, 1_00, "2005-7")
    again = lambda: july.record_money(REPAYMENT, "H2", MAY, 1_00, "２００５-7")  # noqa: E731
    assert said(again) == [
        f"2005-7 was recorded for household H1 already, as {first}; one receipt is the money of "
        f"one household: enter this household's own, or, if {first} is the mistake, take it back "
        "first"
    ]
    july.money_step(first, "confirm", PING)
    assert "is confirmed; one receipt" in said(again)[0]
    july.record_money(REPAYMENT, "H2", MAY, 1_00, "2005-8")


def test_receipt_that_was_taken_back_is_free_for_another_household(july: Office) -> None:
    left = {"change": "exit", "effective_on": "2005-04-20", "reason": "moved away"}
    july.change({"household_no": "H2", **left})
    wrong = july.record_money(REPAYMENT, "H1", JUNE, 1_00, "2005-7")
    july.money_step(wrong, "take_back", FANG, reason="it was H2")
    july.record_money(REPAYMENT, "H2", JUNE, 1_00, "2005-7")


def test_further_part_on_one_receipt_is_told_the_way_on(july: Office) -> None:
    first = july.record_money(REPAYMENT, "H1", JUNE, 50_00, "2005-7")
    part = lambda: july.record_money(REPAYMENT, "H1", JUNE, 70_00, "2005-7")  # noqa: E731
    assert said(part) == [
        f"2005-7 was recorded for household H1 and 2005-06 already, as {first}; if that is only a "
        "part, take it back and record the whole amount, or enter the number of this part's own "
        "paper"
    ]
    july.money_step(first, "take_back", FANG, reason="only a part")
    whole = july.record_money(REPAYMENT, "H1", JUNE, 120_00, "2005-7")
    july.money_step(whole, "confirm", PING)
    assert said(part) == [
        f"2005-7 was recorded for household H1 and 2005-06 already, as {whole}, and is confirmed; "
        "if this is a further part, enter the number of its own paper"
    ]


def test_minutes_may_decide_about_several_households(july: Office) -> None:
    left = {"change": "exit", "effective_on": "2005-04-20", "reason": "moved away"}
    july.change({"household_no": "H2", **left})
    for no in ("H1", "H2"):
        july.record_money(WRITE_OFF, no, JUNE, 200_00, "2005-7")


CHANGES = {
    "amount": {"amount_fen": REPAYMENT.table.c.amount_fen - 1_00},
    "month": {"month": MAY},
    "household": {"household_id": 2},
    "paper": {"receipt_no": "8"},
    "recorder": {"recorded_by": "gao"},
    "instant": {"confirmed_at": REPAYMENT.table.c.recorded_at},
    "unconfirmed": {"confirmed_at": None, "confirmed_by": ""},
    "confirmer": {"confirmed_by": "fang"},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_row_changed_by_hand_is_found(july: Office, change: dict[str, object]) -> None:
    no = july.record_money(REPAYMENT, "H1", JUNE, 150_00, "2005-7")
    july.at("2005-07-12T09:00")
    july.money_step(no, "confirm", PING)
    assert tampered(july) == set()
    by_hand(july, sa.update(table_of(Repayment)).values(**change))
    assert tampered(july) == {"repayment.altered"}


@pytest.mark.parametrize("facts", ["[nothing", "[]", '"试"'])
def test_row_whose_entry_was_written_over_is_found(july: Office, facts: str) -> None:
    july.record_money(REPAYMENT, "H1", JUNE, 150_00, "2005-7")
    entry = sa.and_(JOURNAL.c.subject_kind == "repayment", JOURNAL.c.action == "record")
    by_hand(july, sa.update(JOURNAL).where(entry).values(facts=facts))
    assert tampered(july) == {"journal.entry_changed", "repayment.altered"}


@both_kinds
def test_money_is_not_recorded_before_it_is_said_when_the_lists_began(
    new_office: Callable[[], Office], kind: MoneyKind
) -> None:
    office = new_office()
    office.register([{"household_no": "H1", "applicant_name": "试甲", "applicant_id": PERSONS[0]}])
    record = lambda: office.record_money(kind, "H1", JUNE, 150_00, "2005-7")  # noqa: E731
    assert "scheme.no_go_live" in refused(record)


def test_row_changed_by_hand_is_not_confirmed(july: Office) -> None:
    no = july.record_money(REPAYMENT, "H1", JUNE, 150_00, "2005-7")
    by_hand(july, sa.update(table_of(Repayment)).values(amount_fen=-1_00))
    assert refused(lambda: july.money_step(no, "confirm", PING)) == {"over_paid.altered"}


def test_confirmed_by_hand_or_put_in_by_hand_is_found(july: Office) -> None:
    july.record_money(REPAYMENT, "H1", JUNE, 150_00, "2005-7")
    table = table_of(Repayment)
    confirmed = {"confirmed_at": table.c.recorded_at, "confirmed_by": "ping"}
    by_hand(july, sa.update(table).values(**confirmed))
    assert tampered(july) == {"repayment.altered"}
    row = sa.select(*(c for c in table.c if c.name not in ("id", "reference")), sa.literal("M2"))
    names = [c.name for c in table.c if c.name not in ("id", "reference")]
    by_hand(july, sa.insert(table).from_select([*names, "reference"], row))
    assert "journal.entry_missing" in tampered(july)


@both_kinds
def test_larger_than_what_was_over_paid_at_its_confirmation_is_named(
    july: Office, kind: MoneyKind
) -> None:
    july.settle(kind, "H1", JUNE, 150_00, "2005-7")
    july.settle(kind, "H1", JUNE, 50_00, "2005-8")
    assert tampered(july) == set()
    item = queries.ITEM
    gone = sa.update(item).where(item.c.household_id == 1, item.c.month == JUNE)
    by_hand(july, gone.values(amount_fen=item.c.amount_fen - 10_00))
    with july.relief.reading() as work:
        said = [str(problem.text) for problem in verify_journal(work)]
    assert said == [
        f"{kind.letter}2005-0002 is of 50.00, but 40.00 was over-paid in 2005-06 when it was "
        "confirmed."
    ]


@both_kinds
def test_confirmed_before_its_household_was_recorded_is_named(
    july: Office, kind: MoneyKind
) -> None:
    """As where somebody put the household's own row forward by hand."""
    july.settle(kind, "H1", JUNE, 150_00, "2005-7")
    assert tampered(july) == set()
    forward = dt.datetime(2005, 8, 1, tzinfo=dt.UTC)
    by_hand(july, sa.update(queries.HOUSEHOLD).values(recorded_at=forward))
    with july.relief.reading() as work:
        said = [str(problem.text) for problem in verify_journal(work)]
    assert said == [
        f"{kind.letter}2005-0001 is of 150.00, but 0.00 was over-paid in 2005-06 when it was "
        "confirmed."
    ]


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
