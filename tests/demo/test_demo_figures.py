"""The figures that people hold on to (INTERFACES), read from the demo's database."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict

import sqlalchemy as sa

from relief.engine.journal.history import history
from relief.engine.journal.verification import verify_journal
from relief.households.tables import Household
from relief.kernel.columns import table_of
from relief.kernel.months import Quarter
from relief.payouts import queries
from relief.payouts.bank.answers import reconcile
from relief.payouts.explanation import explain_line
from relief.payouts.verification.known import known_households
from relief.payouts.verification.verify import verify_run
from relief.scheduler.tables import JobRun
from tests.demo.conftest import Played

QUARTER = Quarter(2005, 2)


def test_demo_settles_the_figures_of_the_founding_report(played: Played) -> None:
    story = played.story
    assert story.households_enrolled == 50
    assert story.households_settled == 35
    assert story.amount_settled_fen == 42_000_00
    assert [(r.persons, r.months, r.rate_fen) for r in story.settled_by_rate] == [
        (40, 3, 200_00),
        (40, 3, 150_00),
    ]
    assert {reason: len(nos) for reason, nos in story.not_settled.items()} == {
        "on_hold": 4,
        "no_account": 4,
        "failed": 4,
        "not_yet": 3,
    }


def test_money_settled_is_that_of_items_in_the_tables_that_were_not_voided(played: Played) -> None:
    with played.relief.reading() as work:
        statement = sa.select(sa.func.sum(queries.ITEM.c.amount_fen), sa.func.count()).where(
            queries.ITEM.c.voided_at.is_(None)
        )
        total_fen, count = work.connection.execute(statement).one()
        kinds = set(work.connection.execute(sa.select(queries.ITEM.c.kind)).scalars())
    assert total_fen == played.story.amount_settled_fen
    assert count == 35 * 3
    assert kinds == {"regular"}


def test_eighty_people_count_in_settled_households_when_each_month_is_read_from_the_facts(
    played: Played,
) -> None:
    people: dict[tuple[int, int], Counter[int]] = defaultdict(Counter)
    with played.relief.reading() as work:
        run = queries.find_run(work, "2005Q2")
        paid = {line.household_no: line for line in queries.lines_of(work, run.id)}
        for household in known_households(work, run.as_of):
            line = paid.get(household.household_no)
            if line is None or line.state != "paid":
                continue
            for item in line.items:
                for member in household.memberships:
                    until = member.until_month or QUARTER.last_month + 1
                    if member.counted and member.from_month <= item.month < until:
                        people[item.month, item.rate_fen][member.person_id] += 1
    assert {key: len(counter) for key, counter in people.items()} == {
        (month, rate_fen): 40 for month in QUARTER.months for rate_fen in (150_00, 200_00)
    }
    assert len(set().union(*people.values())) == 80


def test_every_enrolled_household_can_be_explained_when_asked_why(played: Played) -> None:
    story = played.story
    with played.relief.reading() as work:
        run = queries.find_run(work, "2005Q2")
        numbers = sorted(
            work.connection.execute(sa.select(table_of(Household).c.household_no)).scalars()
        )
        explained = {no: explain_line(work, run, no) for no in numbers}
    settled = {no for no, e in explained.items() if e.state == "paid"}
    assert len(explained) == 50
    assert len(settled) == 35
    assert sum(explained[no].amount_fen for no in settled) == story.amount_settled_fen
    for reason, household_nos in story.not_settled.items():
        for no in household_nos:
            assert reason in (explained[no].reason, explained[no].state)
            assert len(explained[no].text) > 1


def test_child_who_moved_counts_once_when_both_slips_are_read(played: Played) -> None:
    with played.relief.reading() as work:
        run = queries.find_run(work, "2005Q2")
        left, joined = (
            [item.persons for item in queries.lines_of(work, run.id, no)[0].items]
            for no in ("H020", "H003")
        )
        text = "\n".join(map(str, explain_line(work, run, "H003").text))
    assert (left, joined) == ([2, 2, 1], [2, 2, 3])
    assert "2005-05-20" in text


def test_run_is_settled_and_balances_when_the_bank_has_answered_for_all(played: Played) -> None:
    with played.relief.reading() as work:
        run = queries.find_run(work, "2005Q2")
        balance = reconcile(work, run)
        states = queries.counts_by_state(work, run.id)
    assert run.state == "settled"
    assert balance.balances
    assert {state: count for state, (count, _fen) in states.items()} == {"paid": 35, "failed": 4}


def test_run_and_journal_verify_when_everything_is_computed_again(played: Played) -> None:
    with played.relief.reading() as work:
        assert verify_run(work, queries.find_run(work, "2005Q2")) == []
        assert verify_journal(work) == []


def test_four_hands_took_the_run_to_the_bank_when_the_journal_is_read(played: Played) -> None:
    with played.relief.reading() as work:
        run = queries.find_run(work, "2005Q2")
        steps = [(e.action, e.actor) for e in history(work, "payout_run", run.id)]
        jobs = work.rows(
            sa.select(table_of(JobRun)).where(table_of(JobRun).c.period == str(QUARTER))
        )
    assert steps == [
        ("prepare", "scheduler"),
        ("submit", "finance"),
        ("approve", "approver"),
        ("release", "cashier"),
        ("record_results", "finance"),
        ("record_results", "finance"),
        ("settle", "system"),
    ]
    zone = played.relief.settings.zone
    assert run.as_of.astimezone(zone).date() == dt.date(2005, 6, 15)
    assert [job.state for job in jobs] == ["done"]


def test_rehearsal_stands_on_the_last_day_when_the_database_is_opened_again(
    played: Played,
) -> None:
    assert played.relief.is_rehearsal
    assert played.relief.clock.today() == dt.date(2005, 6, 30) == played.story.ended_on
