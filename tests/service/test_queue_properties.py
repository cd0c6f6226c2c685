"""Whatever is asked by whomever: a queue holds exactly the cases that a reader may see and of which
it is true, told here case by case; and it is counted as it is listed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from relief.engine.actors import Actor
from relief.engine.clocks.deadlines import DEADLINE
from relief.engine.definitions.definition import Action
from relief.engine.step import Choice
from relief.engine.steps.recusal import recused
from relief.engine.steps.standing import available_of_many
from relief.engine.work import Work
from relief.petitions.lists.pages import CaseRow, cases_count, cases_page
from relief.petitions.lists.queues import COUNTED_MAX, QUEUES, Asked, cases_in
from relief.petitions.queries import CASE
from relief.petitions.rules import SHIPPED
from relief.petitions.seeing import may_see
from tests.matters import do, opened, walk
from tests.office import AN, CHEN, FANG, PING, WEN, Office

FOR_PING, FOR_CHEN = (Actor("fang", each.roles, each.username) for each in (PING, CHEN))
CLERK_TOO = Actor("ping", frozenset({"clerk", "approver"}))
READERS = [[CHEN], [PING], [WEN], [AN], [FANG, FOR_CHEN], [FANG, FOR_PING], [CLERK_TOO]]
Row = Mapping[str, Any]


@pytest.fixture
def busy(office: Office) -> Office:
    """Cases of every kind at every step, some of them late, restricted, stepped aside from."""
    office.at("2005-04-01T09:00")
    late = opened(office, name="李试乙", id_number="", urgent="yes")
    walk(office, late, "accept")
    office.at("2005-06-10T09:00")
    for kind in SHIPPED:
        for number in range(3):
            no = opened(office, kind, name=f"吴试{'甲乙丙'[number]}", id_number="")
            if kind not in ("job_referral", "relief"):  # where nobody unknown goes further
                walk(office, no, *("accept", "handle")[:number])
    walk(office, opened(office, id_number=""), "accept", "handle", "implement")
    secret = [opened(office, restricted="yes", name="梅试丁", id_number="") for _number in range(3)]
    do(office, secret[0], "name_readers", CHEN, {"readers": "ping, fang"})
    do(office, secret[1], "name_readers", CHEN, {"readers": "ping"})
    do(office, secret[1], "recuse", PING, reason="认识")
    walk(office, secret[0], "accept")
    theirs = opened(office, actor=CLERK_TOO, collective="yes", name="", id_number="")
    do(office, theirs, "accept", CLERK_TOO, {"matter_class": "appeal"})
    do(office, opened(office, id_number=""), "recuse", PING, reason="亲戚")
    for_chen = opened(office, id_number="")
    do(office, for_chen, "accept", FOR_CHEN, {"matter_class": "appeal"})
    aside = opened(office, id_number="")
    walk(office, aside, "accept")
    do(office, aside, "recuse", PING, reason="亲戚")
    do(office, opened(office, id_number=""), "recuse", CHEN, reason="邻居")
    closed = opened(office, "legal_aid", id_number="")
    do(office, closed, "withdraw", CHEN, reason="和解")
    with office.relief.work() as work:
        nobodys = CASE.c.reference.in_([theirs, secret[2]])
        work.connection.execute(sa.update(CASE).where(nobodys).values(case_worker=""))
        work.commit()
    office.at("2005-06-20T09:00")
    return office


DAYS = st.none() | st.dates(dt.date(2005, 3, 28), dt.date(2005, 6, 25))
FILTERS: dict[str, st.SearchStrategy[Any]] = {
    "queue": st.sampled_from([*QUEUES]),
    "kind": st.sampled_from(["", "", "", *SHIPPED]),
    "state": st.sampled_from(["", "", "", "received", "accepted", "handled", "withdrawn", "none"]),
    "case_worker": st.sampled_from(["", "", "chen", "ping"]),
    "from_on": DAYS,
    "until_on": DAYS,
    "urgent": st.sampled_from([False, False, True]),
    "collective": st.sampled_from([False, False, True]),
    "restricted": st.sampled_from([False, False, True]),
    "person": st.sampled_from(["", "", "吴", "msd", "试"]),
    "closed": st.booleans(),
    "latest_first": st.sampled_from([None, True, False]),
}
ASKED = st.builds(Asked, **FILTERS)


def test_every_filter_is_asked_for_here() -> None:
    assert list(FILTERS) == [each.name for each in fields(Asked)]


@settings(max_examples=settings.default.max_examples // 3)
@given(asked=ASKED, identities=st.sampled_from(READERS), size=st.sampled_from([1, 4, 100]))
def test_queue_holds_what_is_true_of_it_and_no_more_than_one_may_see(
    busy: Office, asked: Asked, identities: list[Actor], size: int
) -> None:
    with busy.relief.reading() as work:
        sought = cases_in(work, identities, asked)
        listed = [row.reference for row in rows_of(work, identities[0], asked, identities, size)]
        expected = set(told_singly(work, identities, asked))
        assert sorted(listed) == sorted(expected)  # each once
        assert cases_count(work, identities[0], sought, COUNTED_MAX) == len(expected)


def test_every_queue_holds_the_same_for_everybody_and_something_for_somebody(busy: Office) -> None:
    """Else the property above could hold of empty lists alone."""
    with busy.relief.reading() as work:
        for queue in QUEUES:
            asked, found = Asked(queue=queue), []
            for each in READERS:
                expected = sorted(told_singly(work, each, asked))
                listed = [row.reference for row in rows_of(work, each[0], asked, each, 100)]
                assert sorted(listed) == expected, (queue, each)
                found += expected
            assert found, queue


def rows_of(
    work: Work, reader: Actor, asked: Asked, identities: Sequence[Actor], size: int
) -> Iterator[CaseRow]:
    after: str | None = None
    while True:
        page = cases_page(work, reader, cases_in(work, identities, asked), after, size)
        yield from page.rows
        after = page.after
        if not after:
            return


def told_singly(work: Work, identities: Sequence[Actor], asked: Asked) -> Iterator[str]:
    rows = list(work.connection.execute(sa.select(CASE)).mappings())
    there = standing(work, rows, identities, asked)
    for row in rows:
        if may_see(work, row, identities[0]) and row["reference"] in there and is_asked(row, asked):
            yield row["reference"]


def standing(
    work: Work, rows: Sequence[Row], identities: Sequence[Actor], asked: Asked
) -> set[str]:
    if asked.queue == "second":
        return {no for each in identities for no in for_a_second(work, rows, each)}
    return {row["reference"] for row in rows if stands_in(work, row, identities, asked)}


def stands_in(work: Work, row: Row, identities: Sequence[Actor], asked: Asked) -> bool:
    states = work.workflows.definitions[row["kind"]].state_by_id
    is_open, due_on, due_at = not states[row["state"]].final, *due(work, row)
    names = {name for each in identities for name in each.people}
    if not (is_open or asked.closed):
        return False
    if asked.queue in ("soon", "overdue"):
        over = due_at is not None and due_at <= work.as_known_now()
        soon = due_on is not None and due_on <= work.today + dt.timedelta(days=7)
        return over if asked.queue == "overdue" else soon and not over
    aside = row["case_worker"] in recused(work, row["kind"], row["id"])
    return {
        "mine": row["case_worker"] in names and not aside,
        "unassigned": row["case_worker"] == "" or (aside and is_open),
        "all": True,
    }[asked.queue]


def due(work: Work, row: Row) -> tuple[dt.date | None, dt.datetime | None]:
    of_case = sa.and_(DEADLINE.c.subject_kind == row["kind"], DEADLINE.c.subject_id == row["id"])
    for found in work.rows(sa.select(DEADLINE.c.due_on, DEADLINE.c.due_at).where(of_case)):
        return found.due_on, found.due_at
    return None, None


def for_a_second(work: Work, rows: Sequence[Row], actor: Actor) -> Iterator[str]:
    """The cases whose next step is kept apart from others that were taken, and against which
    nothing stands that is about this actor: as the engine tells of each step."""
    for kind in SHIPPED:
        of_kind = {row["id"]: row for row in rows if row["kind"] == kind}
        for case_id, choices in available_of_many(work, kind, list(of_kind), actor).items():
            step = work.workflows.next_step(kind, of_kind[case_id]["state"])
            if any(step and is_second(choice, step) for choice in choices):
                yield of_kind[case_id]["reference"]


def is_second(choice: Choice, step: Action) -> bool:
    """What stands against it is about the actor, or that nobody took the step before it."""
    against = [r for r in choice.refusals if r.personal or r.problem.code == "step.nobody_before"]
    return choice.action.id == step.id and bool(step.not_by_actor_of) and not against


def is_asked(row: Row, asked: Asked) -> bool:
    by_name = {"吴": "吴" in row["petitioner_name"], "msd": row["petitioner_name"] == "梅试丁",
               "试": "试" in row["petitioner_name"], "": True}  # fmt: skip
    same = ("kind", "state", "case_worker")
    return (
        by_name[asked.person]
        and all(getattr(asked, each) in ("", row[each]) for each in same)
        and (asked.from_on is None or asked.from_on <= row["received_on"])
        and (asked.until_on is None or row["received_on"] <= asked.until_on)
        and all(
            row[each] or not getattr(asked, each) for each in ("urgent", "collective", "restricted")
        )
    )
