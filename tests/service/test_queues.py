"""Queues: what stands in each for whom, with what is asked beside; counts are those of the rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest

from relief.accounts.absences import AbsenceForm, record_absence
from relief.accounts.service import disable_user
from relief.engine.actors import Actor
from relief.flows.waiting import waiting_for
from relief.kernel.errors import TransitionRefused
from relief.petitions.lists.pages import cases_count, cases_page
from relief.petitions.lists.queues import (
    QUEUES,
    Asked,
    _left_by_their_workers,
    cases_in,
    queue_counts,
)
from relief.petitions.queries import CASE
from tests.matters import do, fields_of, opened, walk
from tests.office import AN, CHEN, FANG, PING, WEN, Office

pytestmark = pytest.mark.postgresql_slow

CLERK_TOO = Actor("ping", frozenset({"clerk", "approver"}))
GAO_AS_APPROVER = Actor("gao", frozenset({"approver"}))
GAO_AS_CLERK = Actor("gao", frozenset({"clerk"}))
FOR_CHEN = Actor("fang", CHEN.roles, "chen")


def found(office: Office, identities: Sequence[Actor], asked: Asked) -> list[str]:
    with office.relief.reading() as work:
        page = cases_page(work, identities[0], cases_in(work, identities, asked), size=200)
    return [row.reference for row in page.rows]


def in_queue(office: Office, queue: str, *identities: Actor, **more: object) -> set[str]:
    return set(found(office, identities, Asked(queue=queue, **more)))  # type: ignore[arg-type]


@pytest.fixture
def two(office: Office) -> tuple[Office, str, str]:
    """A petition of chen's and one of ping's, both received on the first of June."""
    office.at("2005-06-01T09:00")
    return office, opened(office), opened(office, actor=CLERK_TOO, name="李试乙", id_number="")


def test_mine_are_those_of_the_reader_and_of_whom_they_act_for(
    two: tuple[Office, str, str],
) -> None:
    office, of_chen, of_ping = two
    assert in_queue(office, "mine", CHEN) == {of_chen}
    assert in_queue(office, "mine", PING) == {of_ping}
    assert in_queue(office, "mine", FANG) == set()
    assert in_queue(office, "mine", FANG, FOR_CHEN) == {of_chen}
    assert in_queue(office, "all", FANG) == {of_chen, of_ping}


def test_cases_of_who_works_here_no_more_are_unassigned(two: tuple[Office, str, str]) -> None:
    office, of_chen, of_ping = two
    assert in_queue(office, "unassigned", PING) == set()
    with office.relief.work() as work:
        disable_user(work, AN, "chen")
        work.commit()
    assert in_queue(office, "unassigned", PING) == {of_chen}
    with office.relief.work() as work:  # of nobody, as a file that was brought may say
        work.connection.execute(CASE.update().values(case_worker=""))
        work.commit()
    assert in_queue(office, "unassigned", PING) == {of_chen, of_ping}
    assert in_queue(office, "mine", PING) == set()


def test_due_soon_and_overdue_are_apart(two: tuple[Office, str, str]) -> None:
    office, *both = two
    assert in_queue(office, "soon", WEN) == in_queue(office, "overdue", WEN) == set()
    office.at("2005-06-13T09:00")  # they are due on the sixteenth
    assert in_queue(office, "soon", WEN) == set(both)
    assert in_queue(office, "overdue", WEN) == set()
    office.at("2005-06-17T09:00")
    assert in_queue(office, "soon", WEN) == set()
    assert in_queue(office, "overdue", WEN) == set(both)


def test_a_case_waits_for_a_second_person_until_one_of_them_took_the_step(
    two: tuple[Office, str, str],
) -> None:
    office, of_chen, _of_ping = two
    assert in_queue(office, "second", PING) == set()
    walk(office, of_chen, "accept")
    assert in_queue(office, "second", PING) == {of_chen}
    assert in_queue(office, "second", CHEN) == set()  # who accepted it
    assert in_queue(office, "second", WEN) == set()  # who has no role for it
    assert in_queue(office, "second", FANG, FOR_CHEN) == set()  # acts for who accepted it
    walk(office, of_chen, "handle")
    assert in_queue(office, "second", PING) == set()  # the next step is for anybody
    walk(office, of_chen, "implement")
    assert in_queue(office, "second", CHEN) == {of_chen}
    assert in_queue(office, "second", PING) == set()


def test_who_took_the_step_the_last_time_is_who_counts(two: tuple[Office, str, str]) -> None:
    office, of_chen, _of_ping = two
    walk(office, of_chen, "accept", "handle")
    do(office, of_chen, "return", PING, reason="再查")
    assert in_queue(office, "second", PING) == {of_chen}
    do(office, of_chen, "handle", GAO_AS_CLERK, fields_of(office, of_chen, "handle"))
    walk(office, of_chen, "implement")
    assert in_queue(office, "second", PING) == {of_chen}  # whose opinion it is no more
    assert in_queue(office, "second", GAO_AS_CLERK) == set()


def test_who_stands_aside_is_no_second_person(two: tuple[Office, str, str]) -> None:
    office, of_chen, _of_ping = two
    walk(office, of_chen, "accept")
    do(office, of_chen, "recuse", PING, reason="亲戚")
    assert in_queue(office, "second", PING) == set()
    assert in_queue(office, "all", PING) >= {of_chen}


def test_a_case_whose_worker_stands_aside_is_nobodys(two: tuple[Office, str, str]) -> None:
    office, of_chen, of_ping = two
    assert waits(office, CHEN) == 2  # any clerk may accept either
    do(office, of_chen, "recuse", CHEN, reason="邻居")
    assert in_queue(office, "mine", CHEN) == set()
    assert in_queue(office, "mine", FANG, FOR_CHEN) == set()
    assert in_queue(office, "unassigned", CLERK_TOO) == {of_chen}
    assert waits(office, CHEN) == 1
    assert waits(office, CLERK_TOO) == 2
    with pytest.raises(TransitionRefused, match="stands aside"):
        do(office, of_chen, "assign", PING, {"case_worker": "chen"})
    do(office, of_chen, "assign", CLERK_TOO, {"case_worker": "ping"})
    assert in_queue(office, "unassigned", CLERK_TOO) == set()
    assert in_queue(office, "mine", CLERK_TOO) == {of_chen, of_ping}


def test_who_comes_back_has_their_cases_again(two: tuple[Office, str, str]) -> None:
    office, of_chen, _of_ping = two
    do(office, of_chen, "recuse", CHEN, reason="邻居")
    do(office, of_chen, "end_recusal", PING, {"colleague": "chen"}, reason="搬走了")
    assert in_queue(office, "mine", CHEN) == {of_chen}
    assert in_queue(office, "unassigned", CLERK_TOO) == set()


def test_a_closed_case_whose_worker_stood_aside_is_left_by_nobody(
    two: tuple[Office, str, str],
) -> None:
    office, of_chen, _of_ping = two
    do(office, of_chen, "recuse", CHEN, reason="邻居")
    with office.relief.reading() as work:
        assert len(_left_by_their_workers(work)) == 1
    do(office, of_chen, "withdraw", CLERK_TOO, reason="和解")
    with office.relief.reading() as work:
        assert _left_by_their_workers(work) == []


def test_what_waits_is_counted_without_what_one_stands_aside_in(
    two: tuple[Office, str, str],
) -> None:
    office, of_chen, of_ping = two
    walk(office, of_chen, "accept")
    walk(office, of_ping, "accept")
    assert waits(office, PING) == 2
    do(office, of_chen, "recuse", PING, reason="亲戚")
    assert waits(office, PING) == 1
    do(office, of_ping, "recuse", CHEN, reason="亲戚")
    do(office, of_ping, "recuse", PING, reason="亲戚")
    assert waits(office, PING) == 0


def test_what_was_returned_waits_for_who_took_the_step_before(two: tuple[Office, str, str]) -> None:
    office, of_chen, _of_ping = two
    walk(office, of_chen, "accept", "handle")
    do(office, of_chen, "return", GAO_AS_APPROVER, reason="再查")
    assert waits(office, PING) == 1


def waits(office: Office, *identities: Actor) -> int:
    with office.relief.reading() as work:
        return sum(each.count for each in waiting_for(work, identities))


def test_filters_hold_together(office: Office) -> None:
    office.at("2005-06-01T09:00")
    first = opened(office, urgent="yes", name="吴试甲")
    office.at("2005-06-02T09:00")
    second = opened(office, "relief", name="李试乙", id_number="", collective="yes")
    office.at("2005-06-03T09:00")
    third = opened(office, restricted="yes", name="梅试丁", id_number="")
    day = dt.date(2005, 6, 2)
    for asked, expected in (
        ({"from_on": day}, {second, third}),
        ({"until_on": day}, {first, second}),
        ({"from_on": day, "until_on": day}, {second}),
        ({"urgent": True}, {first}),
        ({"collective": True}, {second}),
        ({"restricted": True}, {third}),
        ({"urgent": True, "collective": True}, set()),
        ({"kind": "relief"}, {second}),
        ({"state": "received"}, {first, second, third}),
        ({"person": "lsy"}, {second}),
        ({"person": "试"}, {first, second, third}),
        ({"case_worker": "ping"}, set()),
    ):
        assert in_queue(office, "all", CHEN, **asked) == expected, asked
        assert in_queue(office, "mine", CHEN, **asked) == expected, asked
        assert in_queue(office, "all", PING, **asked) == expected - {third}, asked


def test_closed_ones_are_among_the_others_where_that_is_asked(
    two: tuple[Office, str, str],
) -> None:
    office, of_chen, of_ping = two
    do(office, of_chen, "withdraw", CHEN, reason="和解")
    assert in_queue(office, "all", CHEN) == {of_ping}
    assert in_queue(office, "all", CHEN, closed=True) == {of_chen, of_ping}
    assert in_queue(office, "mine", CHEN, closed=True) == {of_chen}


def test_order_is_the_queues_own_unless_another_is_asked(office: Office) -> None:
    office.at("2005-06-01T09:00")
    first = opened(office)
    office.at("2005-06-02T09:00")
    aid = opened(office, "legal_aid", id_number="")
    by_due, latest = Asked(queue="mine", latest_first=False), Asked(queue="mine", latest_first=True)
    assert found(office, [CHEN], by_due) == found(office, [CHEN], Asked(queue="mine"))
    assert found(office, [CHEN], latest) == [aid, first]
    assert found(office, [CHEN], Asked(queue="mine", closed=True)) == [aid, first]


def test_counts_are_those_of_the_rows(two: tuple[Office, str, str]) -> None:
    office, of_chen, _of_ping = two
    walk(office, of_chen, "accept")
    for identities in ([CHEN], [PING], [WEN], [FANG, FOR_CHEN]):
        with office.relief.reading() as work:
            counts = queue_counts(work, identities)
        assert counts == {key: len(in_queue(office, key, *identities)) for key in QUEUES}


def test_a_count_ends_at_one_more_than_the_most(
    two: tuple[Office, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    office, *_both = two
    opened(office, name="梅试丁", id_number="")
    monkeypatch.setattr("relief.petitions.lists.queues.COUNTED_MAX", 1)
    with office.relief.reading() as work:
        every = cases_in(work, [CHEN], Asked())
        assert [cases_count(work, CHEN, every, most) for most in (1, 2, 3, 4)] == [2, 3, 3, 3]
        assert queue_counts(work, [CHEN])["all"] == 2  # of three


def test_a_deputy_sees_what_is_unassigned_and_mine_of_who_was_disabled(
    two: tuple[Office, str, str],
) -> None:
    office, of_chen, _of_ping = two
    with office.relief.work() as work:
        record_absence(work, CHEN, AbsenceForm("chen", work.today, work.today, "fang"))
        work.commit()
    assert in_queue(office, "unassigned", FANG, FOR_CHEN) == set()
    assert in_queue(office, "mine", FANG, FOR_CHEN) == {of_chen}
