"""Long lists a page at a time: every row that somebody may see, once, in its order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from relief.desk import reserved
from relief.desk.queries import Sought, list_contacts
from relief.engine.actors import NOBODY, Actor
from relief.engine.listing import list_cases
from relief.kernel.errors import Invalid
from relief.petitions.lists.pages import CasesSought, Page, cases_page, contacts_page
from relief.petitions.queries import CASE
from relief.petitions.rules import RELIEF, SHIPPED
from relief.petitions.seeing import (
    cases_of_contacts,
    may_see,
    only_seers,
    readable_contacts,
    seers_of_many,
)
from tests.life import id_number
from tests.matters import MEI, added, answered, do, opened, walk
from tests.office import CHEN, FANG, PING, Office

pytestmark = pytest.mark.postgresql_slow

EVERY_CASE = CasesSought()
READERS = (CHEN, PING, FANG, NOBODY)
# What restricted cases are called by chance.
SECRET = ["P2005-500002", "P2005-100003", "P2005-900004"]


@pytest.fixture
def busy(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Open and closed cases of every kind, some restricted, one merged, one stepped aside from."""
    office.at("2005-06-01T09:00")
    for kind in SHIPPED:
        known = {"id_number": id_number(7)} if kind == RELIEF else {"id_number": ""}
        opened(office, kind, name="李试乙", **known)
    walk(office, "R2005-0001", "accept", "handle", "implement", "feedback")
    office.at("2005-06-10T09:00")
    do(office, "P2005-0001", "accept", CHEN, {"matter_class": "appeal"})
    chances = {"P": iter(SECRET), "C": iter(f"C2005-70000{n}" for n in range(9))}
    monkeypatch.setattr(reserved, "drawn_number", lambda letter, *_more: next(chances[letter]))
    secret = [
        opened(office, "petition", restricted=True, name=f"举报{number}", id_number="")
        for number in range(3)
    ]
    assert secret == SECRET
    for no in secret:
        do(office, no, "name_readers", CHEN, {"readers": "ping"})
    do(office, secret[0], "merge", CHEN, {"merge_into": secret[2]})
    do(office, secret[1], "recuse", PING, reason="认识他")
    office.at("2005-06-15T09:00")
    answered(office, name="吴试甲", restricted=True)
    answered(office, on="2005-05-02", channel="call", name="吴试甲", phone="13800000017")
    added(office, "L2005-0001")
    opened(office, "legal_aid", id_number=MEI, name="梅试丁", actor=PING_AS_CLERK)
    return office


PING_AS_CLERK = Actor("ping", frozenset({"clerk", "approver"}))


def all_pages(office: Office, turn: Callable[[Any, str | None], Page[Any]]) -> list[Any]:
    rows: list[Any] = []
    after: str | None = None
    with office.relief.reading() as work:
        while True:
            page = turn(work, after)
            rows += page.rows
            after = page.after
            if not after:
                return rows


def cases(
    office: Office, actor: Actor, sought: CasesSought = EVERY_CASE, size: int = 2
) -> list[str]:
    rows = all_pages(office, lambda work, after: cases_page(work, actor, sought, after, size))
    return [row.reference for row in rows]


def seen(office: Office, actor: Actor) -> set[str]:
    with office.relief.reading() as work:
        return {case.reference for case in list_cases(work, actor, SHIPPED)}


@pytest.mark.parametrize("actor", READERS, ids=lambda actor: actor.username or "nobody")
@pytest.mark.parametrize("size", [1, 2, 25])
def test_pages_hold_the_cases_that_somebody_may_see_once_each(
    busy: Office, actor: Actor, size: int
) -> None:
    for sought in (CasesSought(), CasesSought(latest_first=True)):
        found = cases(busy, actor, sought, size)
        assert len(found) == len(set(found))
        assert set(found) == seen(busy, actor)


def test_restricted_and_merged_cases_are_for_their_readers(busy: Office) -> None:
    of_chen, of_ping, of_fang = (set(cases(busy, actor)) for actor in (CHEN, PING, FANG))
    assert of_chen - of_fang == set(SECRET)
    assert of_ping - of_fang == {SECRET[0], SECRET[2]}


@pytest.mark.parametrize("actor", READERS, ids=lambda actor: actor.username or "nobody")
def test_who_may_see_many_cases_is_who_may_see_each(busy: Office, actor: Actor) -> None:
    with busy.relief.reading() as work:
        rows = [dict(row) for row in work.connection.execute(sa.select(CASE)).mappings()]
        seers = seers_of_many(work, rows)
        assert len(rows) == len(seers) > len(SECRET)
        for row in rows:
            named = seers[row["id"]]
            assert (named is None or actor.username in named) == may_see(work, row, actor)
            assert named == only_seers(work, row)


def test_next_due_come_first_and_those_without_a_day_last_latest_first(busy: Office) -> None:
    rows = all_pages(busy, lambda work, after: cases_page(work, CHEN, after=after, size=3))
    due = [row.due_on for row in rows if row.due_on]
    without = [row.id for row in rows if not row.due_on]
    assert due == sorted(due)
    assert len(due) > 3
    assert without == sorted(without, reverse=True)
    assert len(without) == 2  # the one that is closed, the one that was merged
    assert [row.due_on is None for row in rows] == sorted(row.due_on is None for row in rows)


def test_latest_received_come_first_where_that_is_asked(busy: Office) -> None:
    sought = CasesSought(latest_first=True)
    rows = all_pages(busy, lambda work, after: cases_page(work, CHEN, sought, after, 2))
    days = [(row.received_on, row.id) for row in rows]
    assert days == sorted(days, reverse=True)


@pytest.mark.parametrize(
    ("sought", "expected"),
    [
        (CasesSought(kind="relief"), {"R2005-0001"}),
        (CasesSought(state="accepted"), {"P2005-0001"}),
        (CasesSought(state="feedback"), {"R2005-0001"}),
        (CasesSought(state="merged"), {SECRET[0]}),
        (CasesSought(case_worker="ping"), {"L2005-0002"}),
        (CasesSought(case_worker="nobody"), set()),
        (CasesSought(kind="petition", is_open=True), {"P2005-0001", *SECRET[1:]}),
    ],
)
def test_cases_are_listed_by_kind_state_and_case_worker(
    busy: Office, sought: CasesSought, expected: set[str]
) -> None:
    for order in (False, True):
        wanted = CasesSought(**{**vars(sought), "latest_first": order})
        assert set(cases(busy, CHEN, wanted, 1)) == expected


@pytest.mark.parametrize("now", ["2005-06-15T09:00", "2005-07-02T09:00"])
def test_overdue_cases_are_those_whose_instant_has_come(busy: Office, now: str) -> None:
    busy.at(now)
    with busy.relief.reading() as work:
        known, listed = work.as_known_now(), list(list_cases(work, CHEN, SHIPPED))
    expected = {case.reference for case in listed if case.is_overdue(known)}
    assert 0 < len(expected) < len(listed)
    assert set(cases(busy, CHEN, CasesSought(overdue=True), 1)) == expected


def test_row_of_a_case_says_what_its_list_shows(busy: Office) -> None:
    with busy.relief.reading() as work:
        page = cases_page(work, CHEN, CasesSought(state="accepted"))
        (listed,) = (c for c in list_cases(work, CHEN, ["petition"]) if c.state == "accepted")
    (row,) = page.rows
    assert listed.deadline
    assert (row.reference, row.petitioner_name, row.case_worker) == ("P2005-0001", "李试乙", "chen")
    assert (row.due_on, row.due_at) == (listed.deadline.due_on, listed.deadline.due_at)
    assert row.days_left(dt.date(2005, 6, 15)) == listed.days_left(dt.date(2005, 6, 15))
    assert (page.after, page.total) == ("", 1)


@pytest.mark.parametrize("actor", READERS, ids=lambda actor: actor.username or "nobody")
def test_pages_hold_the_contacts_that_somebody_may_see_latest_first(
    busy: Office, actor: Actor
) -> None:
    readable = readable_contacts(actor.username)
    rows = all_pages(
        busy, lambda work, after: contacts_page(work, Sought(), readable, after, size=2)
    )
    with busy.relief.reading() as work:
        listed = list_contacts(work, Sought(), readable)
        of = cases_of_contacts(work, actor.username)
    assert [row.reference for row in rows] == [each.reference for each in reversed(listed)]
    assert {row.id: row.case for row in rows if row.case} == {
        each.id: of[each.id] for each in listed if each.id in of
    }


@pytest.mark.parametrize(
    "sought",
    [
        Sought(channel="call"),
        Sought(outcome="opened"),
        Sought(from_on=dt.date(2005, 6, 10), until_on=dt.date(2005, 6, 14)),
        Sought(person="wsj"),
        Sought(person="试"),
        Sought(person="0017"),
        Sought(person="\x00"),
        Sought(channel="visit", person="李", until_on=dt.date(2005, 6, 1)),
    ],
)
def test_contacts_are_paged_as_they_are_listed(busy: Office, sought: Sought) -> None:
    readable = readable_contacts("chen")
    rows = all_pages(busy, lambda work, after: contacts_page(work, sought, readable, after, 1))
    with busy.relief.reading() as work:
        listed = list_contacts(work, sought, readable)
    assert [row.reference for row in rows] == [each.reference for each in reversed(listed)]


def test_total_is_told_where_one_page_holds_all(busy: Office) -> None:
    readable = readable_contacts("fang")
    with busy.relief.reading() as work:
        whole = contacts_page(work, Sought(), readable)
        part = contacts_page(work, Sought(), readable, size=3)
        rest = contacts_page(work, Sought(), readable, part.after)
    assert whole.total == len(whole.rows)
    assert (part.total, rest.total) == (None, None)
    assert len(part.rows) + len(rest.rows) == whole.total


@given(after=st.text(max_size=30) | st.from_regex(r"[dnl]?[0-9T]{0,20}\.[0-9]{0,20}"))
def test_page_that_nobody_was_given_is_refused_or_empty(sqlite_office: Office, after: str) -> None:
    readable = readable_contacts("chen")
    with sqlite_office.relief.reading() as work:
        for turn in (
            lambda: cases_page(work, CHEN, after=after),
            lambda: contacts_page(work, Sought(), readable, after),
        ):
            try:
                rows = list(turn().rows)
            except Invalid as refused:
                rows = [problem.code for problem in refused.problems if problem.field != "after"]
            assert rows == []
