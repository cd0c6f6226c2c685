"""Reminders: which are made, once each, and whom they are for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import suppress

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from relief.accounts.service import disable_user
from relief.engine.clocks.deadlines import DEADLINE
from relief.kernel.clock import RehearsalClock
from relief.kernel.errors import ReliefError
from relief.reminders.inbox import mark_read
from relief.reminders.queries import FOR, REMINDER, unread_count
from relief.reminders.rules import addressed
from relief.scheduler.jobs.reminders import MAKE_REMINDERS
from relief.scheduler.runner import tick
from tests.matters import do, opened, walk
from tests.office import AN, CHEN, FANG, PING, Office
from tests.reminders.readers import all_reminders, away, is_open_now, look, shown, told

pytestmark = pytest.mark.postgresql_slow

# A petition that is received on 2005-06-15 is due on 2005-06-30, a Thursday.
RECEIVED, DUE_ON = "2005-06-15T09:00", "2005-06-30"
SOON, LATE = "2005-06-27T09:00", "2005-07-01T09:00"


@pytest.fixture
def june(office: Office) -> Office:
    office.at(RECEIVED)
    return office


def test_reminder_is_made_three_working_days_before_and_not_earlier(june: Office) -> None:
    case = opened(june)
    june.at("2005-06-26T23:00")
    assert not look(june)
    june.at(SOON)
    assert look(june).made == 1
    assert told(june, "chen") == [(case, "due")]
    assert told(june, "ping") == []
    (each,) = shown(june, "chen")
    assert (each.due_on.isoformat(), each.days_left, each.is_read) == (DUE_ON, 3, False)


def test_second_look_makes_nothing_more(june: Office) -> None:
    opened(june)
    june.at(SOON)
    look(june)
    assert not look(june)
    june.at("2005-06-28T09:00")
    assert not look(june)
    assert len(all_reminders(june)) == 1


def test_what_is_overdue_is_told_as_such_and_no_more_as_due(june: Office) -> None:
    case = opened(june)
    june.at(SOON)
    look(june)
    june.at(LATE)
    assert (look(june).made, told(june, "chen")) == (1, [(case, "overdue")])
    assert [row[1:] for row in all_reminders(june)] == [
        ("due", "received", DUE_ON, False),
        ("overdue", "received", DUE_ON, True),
    ]


def test_step_that_leaves_the_state_ends_the_reminder(june: Office) -> None:
    case = opened(june)
    june.at(SOON)
    look(june)
    walk(june, case, "accept")
    look(june)
    assert told(june, "chen") == []
    assert all_reminders(june)[0][-1] is False


def test_deadline_that_moved_gives_a_new_one(june: Office) -> None:
    case = opened(june)
    walk(june, case, "accept")  # due on 2005-08-15
    june.at("2005-08-12T09:00")
    look(june)
    do(june, case, "extend", PING, {"notice_on": "2005-08-12"}, reason="等待鉴定结论")
    look(june)
    assert told(june, "chen") == []
    june.at("2005-09-12T09:00")
    look(june)
    assert told(june, "chen") == [(case, "due")]
    assert [row[3] for row in all_reminders(june)] == ["2005-08-15", "2005-09-13"]


def test_deadline_that_holds_again_has_the_same_reminder_and_is_not_told_twice(
    june: Office,
) -> None:
    case = opened(june)
    walk(june, case, "accept")
    june.at("2005-08-12T09:00")
    look(june)
    with june.relief.work() as work:
        assert mark_read(work, "chen") == 1
        work.commit()
    walk(june, case, "handle")
    look(june)
    assert told(june, "chen") == []
    do(june, case, "return", PING, reason="事实不清")  # the days go on from the acceptance
    assert look(june).made == 1
    (each,) = shown(june, "chen")
    assert each.is_read
    assert len(all_reminders(june)) == 1


def test_clock_that_stands_still_reminds_nobody(june: Office) -> None:
    case = opened(june, "relief")
    do(june, case, "await_papers", CHEN, {"papers_missing": "工伤认定书"})
    june.at("2005-12-01T09:00")
    assert not look(june)


def test_deputy_is_told_while_the_case_worker_is_away(june: Office) -> None:
    case = opened(june)
    away(june, CHEN, "2005-06-20", "2005-06-29", "gao")
    june.at(SOON)
    look(june)
    assert (told(june, "gao"), told(june, "chen")) == ([(case, "due")], [])
    june.at("2005-06-30T09:00")  # back again
    look(june)
    assert (told(june, "gao"), told(june, "chen")) == ([], [(case, "due")])


def test_approvers_are_told_where_nobody_else_is(june: Office) -> None:
    case = opened(june)
    away(june, CHEN, "2005-06-20", "2005-06-29")
    june.at(SOON)
    look(june)
    assert told(june, "ping") == [(case, "due")]


def test_approvers_are_told_of_the_cases_of_who_was_disabled(june: Office) -> None:
    case = opened(june)
    with june.relief.work() as work:
        disable_user(work, AN, "chen", 1)
        work.commit()
    june.at(SOON)
    look(june)
    assert (told(june, "ping"), told(june, "chen")) == ([(case, "due")], [])


def test_who_is_handed_the_case_is_told_and_who_had_it_no_more(june: Office) -> None:
    case = opened(june)
    june.at(SOON)
    look(june)
    do(june, case, "assign", CHEN, {"case_worker": "ping"})
    look(june)
    assert (told(june, "ping"), told(june, "chen")) == ([(case, "due")], [])


def test_who_stands_aside_is_not_told(june: Office) -> None:
    case = opened(june)
    do(june, case, "recuse", CHEN, reason="亲属")
    june.at(SOON)
    look(june)
    assert (told(june, "ping"), told(june, "chen")) == ([(case, "due")], [])


def test_restricted_matter_is_told_only_to_whom_it_is_named(june: Office) -> None:
    case = opened(june, restricted=True)
    away(june, CHEN, "2005-06-20", "2005-06-29", "gao")
    june.at(SOON)
    look(june)
    assert told(june, "gao") == told(june, "ping") == []
    june.at("2005-06-30T09:00")
    look(june)
    assert told(june, "chen") == [(case, "due")]


def test_what_came_to_be_restricted_is_told_no_more_even_before_the_next_look(
    june: Office,
) -> None:
    case = opened(june)
    do(june, case, "assign", CHEN, {"case_worker": "ping"})
    june.at(SOON)
    look(june)
    do(june, case, "accept", CHEN, {"matter_class": "accusation"})
    do(june, case, "assign", CHEN, {"case_worker": "chen"})
    do(june, case, "name_readers", CHEN, {"readers": "chen"})
    with june.relief.reading() as work:
        assert unread_count(work, "ping") == 0
    assert told(june, "ping") == []


def test_reading_one_leaves_the_others_and_nobody_elses(june: Office) -> None:
    first, second = opened(june), opened(june)
    june.at(SOON)
    look(june)
    ids = {each.reference: each.id for each in shown(june, "chen")}
    with june.relief.work() as work:
        assert mark_read(work, "ping", ids[first]) == 0
        assert mark_read(work, "chen", ids[first]) == 1
        assert mark_read(work, "chen", ids[first]) == 0
        assert unread_count(work, "chen") == 1
        work.commit()
    assert [each.is_read for each in shown(june, "chen")] == [True, False]
    assert second in ids


@pytest.mark.parametrize(
    ("instant", "is_open"),
    [
        ("2005-06-27T08:29", False),
        ("2005-06-27T08:30", True),
        ("2005-06-27T12:00", False),
        ("2005-06-27T14:00", True),
        ("2005-06-27T17:30", False),
        ("2005-07-03T10:00", False),  # a Sunday
        ("2005-10-03T10:00", False),  # a holiday
        ("2005-10-08T10:00", True),  # a Saturday that is worked instead
    ],
)
def test_scheduler_reminds_in_office_hours_alone(
    sqlite_office: Office, instant: str, is_open: bool
) -> None:
    sqlite_office.at(RECEIVED)
    opened(sqlite_office)
    sqlite_office.at(instant)
    assert is_open_now(sqlite_office) == is_open
    jobs = [each.job for each in tick(sqlite_office.relief)]
    assert (MAKE_REMINDERS.key in jobs) == is_open


def test_scheduler_tells_of_them_once_an_hour_at_most(june: Office) -> None:
    opened(june)
    june.at(SOON)
    first = [str(each.text) for each in tick(june.relief) if each.job == MAKE_REMINDERS.key]
    assert first == ["Reminders made: 1; ended: 0."]
    assert not [each for each in tick(june.relief) if each.job == MAKE_REMINDERS.key]


_TEN_DAYS = dt.timedelta(days=10)
STEPS = ("open", "accept", "handle", "return", "extend", "wait", "look", "look", "away", "assign")


@settings(max_examples=12)
@given(steps=st.lists(st.sampled_from(STEPS), min_size=4, max_size=14))
def test_each_deadline_is_told_once_each_whatever_happens(
    steps: list[str], sqlite_offices: Callable[[], Office]
) -> None:
    office = sqlite_offices()
    office.at(RECEIVED)
    cases = [opened(office)]
    for step in steps:
        _play(office, step, cases)
        look(office)
    rows = all_reminders(office)
    assert len({row[:4] for row in rows}) == len(rows)
    holding = [row[0] for row in rows if row[4]]
    assert len(set(holding)) == len(holding)  # one a case
    with office.relief.reading() as work:
        pairs = work.rows(sa.select(FOR.c.reminder_id, FOR.c.username))
        known = {tuple(pair) for pair in pairs}
        assert len(known) == len(pairs)
        stored = {
            (row.subject_id, row.state, row.due_on)
            for row in work.rows(sa.select(DEADLINE).where(DEADLINE.c.due_on.is_not(None)))
        }
        held = work.rows(sa.select(REMINDER).where(REMINDER.c.ended_at.is_(None)))
        assert {(row.case_id, row.state, row.due_on) for row in held} <= stored
    assert not look(office)


def _play(office: Office, step: str, cases: list[str]) -> None:
    """A step of somebody's, where it can be taken."""
    case, today = cases[-1], office.relief.clock.today().isoformat()
    clock = office.relief.clock
    assert isinstance(clock, RehearsalClock)
    deeds: dict[str, Callable[[], object]] = {
        "open": lambda: cases.append(opened(office)),
        "accept": lambda: walk(office, case, "accept"),
        "handle": lambda: walk(office, case, "handle"),
        "return": lambda: do(office, case, "return", PING, reason="事实不清"),
        "extend": lambda: do(office, case, "extend", PING, {"notice_on": today}, reason="鉴定"),
        "assign": lambda: do(office, case, "assign", CHEN, {"case_worker": "ping"}),
        "away": lambda: away(office, CHEN, today, today, "gao"),
        "wait": lambda: clock.put_forward(clock.now() + _TEN_DAYS),
        "look": lambda: None,
    }
    with suppress(ReliefError):  # where it does not start here
        deeds[step]()


def test_where_nobody_is_there_for_a_case_approvers_are_told_and_other_clerks_are_not() -> None:
    assert addressed("gone", [CHEN, FANG, PING], None, aside=()) == {"ping"}
    assert addressed("gone", [CHEN, FANG], None, aside=()) == frozenset()
    assert addressed("chen", [CHEN, PING], None, aside=["chen", "ping"]) == frozenset()
