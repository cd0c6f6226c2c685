"""The day's list, what is left to do, and open work that goes over to another case worker."""

from __future__ import annotations

import datetime as dt

import pytest

from relief.engine.actors import Actor
from relief.kernel.errors import Invalid, ReliefError, TransitionRefused
from relief.petitions.day.contacts import day_list
from relief.petitions.day.handing_over import hand_over, hand_over_cases
from relief.petitions.rules import first_line
from tests.matters import added, answered, do, entries, opened, row, walk
from tests.office import CHEN, FANG, PING, Office

TODAY = dt.date(2005, 6, 15)


@pytest.fixture
def desk(office: Office) -> Office:
    office.at("2005-06-10T09:00")
    for _number in range(3):
        opened(office, name="李试乙", id_number="")
    opened(office, "relief", name="孙试丙", id_number="")
    office.at("2005-06-15T09:00")
    return office


def day(office: Office, actor: Actor = CHEN, on: dt.date = TODAY) -> list[tuple[str, str]]:
    with office.relief.reading() as work:
        return [(each.contact.reference, each.first_line) for each in day_list(work, actor, on)]


def test_day_list_holds_the_contacts_of_a_day_in_their_order(desk: Office) -> None:
    late = answered(desk, matter="工资\n第二行", at="08:50")
    early = answered(desk, matter="政策", at="08:10")
    answered(desk, on="2005-06-14")
    assert day(desk) == [(early, "政策"), (late, "工资")]
    assert len(day(desk, on=dt.date(2005, 6, 10))) == 4


def test_day_list_hides_what_is_restricted(desk: Office) -> None:
    secret = answered(desk, matter="举报", restricted=True)
    assert day(desk) == [(secret, "举报")]
    assert day(desk, FANG) == []


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("工资", "工资"),
        ("工资 \n二", "工资"),
        ("长" * 60, "长" * 60),
        ("长" * 61, "长" * 59 + "…"),
    ],
)
def test_first_line_is_short(words: str, line: str) -> None:
    assert first_line(words) == line


def test_hand_over_shows_open_cases_by_their_next_due_with_the_step_that_goes_on(
    desk: Office,
) -> None:
    walk(desk, "P2005-0001", "accept")
    do(desk, "P2005-0002", "assign", CHEN, {"case_worker": "ping"})
    with desk.relief.reading() as work:
        left = hand_over(work, CHEN)
        of_ping = hand_over(work, CHEN, "ping")
    assert left.case_worker == "chen"
    due = [each.case.due_on for each in left.cases]
    assert due == sorted(filter(None, due))
    assert {each.case.reference for each in left.cases} == {
        "P2005-0001",
        "P2005-0003",
        "R2005-0001",
    }
    steps = {each.case.reference: each.next_step and each.next_step.id for each in left.cases}
    assert steps == {"P2005-0001": "handle", "P2005-0003": "accept", "R2005-0001": "accept"}
    assert [each.case.reference for each in of_ping.cases] == ["P2005-0002"]


def test_hand_over_shows_who_chased_up_today_in_ones_own_cases(desk: Office) -> None:
    chased = added(desk, "P2005-0001", chase_up=True).contact.reference
    added(desk, "P2005-0001")
    added(desk, "P2005-0001", chase_up=True, on="2005-06-14")
    do(desk, "P2005-0002", "assign", CHEN, {"case_worker": "ping"})
    added(desk, "P2005-0002", chase_up=True)
    with desk.relief.reading() as work:
        left = hand_over(work, CHEN)
    assert [each.contact.reference for each in left.chase_ups] == [chased]


def give(office: Office, *references: str, to: str = "ping", actor: Actor = CHEN) -> None:
    with office.relief.work() as work:
        hand_over_cases(work, actor, "chen", to, references)
        work.commit()


def workers(office: Office) -> dict[str, str]:
    numbers = ("P2005-0001", "P2005-0002", "P2005-0003", "R2005-0001")
    return {no: row(office, no)["case_worker"] for no in numbers}


def test_open_work_goes_over_with_a_step_of_each_case(desk: Office) -> None:
    give(desk, "P2005-0001", "R2005-0001", "P2005-0001")
    assert workers(desk) == {
        "P2005-0001": "ping",
        "P2005-0002": "chen",
        "P2005-0003": "chen",
        "R2005-0001": "ping",
    }
    for no in ("P2005-0001", "R2005-0001"):
        last = entries(desk, no)[-1]
        assert (last.action, last.actor, dict(last.fields)) == (
            "assign",
            "chen",
            {"case_worker": "ping"},
        )
    assert [entry.action for entry in entries(desk, "P2005-0001")] == ["receive", "assign"]


def test_all_goes_over_or_nothing_and_every_reason_is_told(desk: Office) -> None:
    secret = opened(desk, restricted=True)
    do(desk, "P2005-0002", "assign", CHEN, {"case_worker": "ping"})
    before = workers(desk)
    with pytest.raises(TransitionRefused) as refused:
        give(desk, "P2005-0001", "P2005-0002", "P2005-0009", secret, "R2005-0001")
    told = [(problem.sheet, problem.code) for problem in refused.value.problems]
    assert told == [
        ("P2005-0002", "handover.not_theirs"),
        ("P2005-0009", "case.no_reference"),
        (secret, "petition.worker_blind"),
    ]
    assert workers(desk) == before
    assert len(entries(desk, "P2005-0001")) == 1


@pytest.mark.parametrize(
    ("references", "to", "codes"),
    [
        ((), "ping", ["handover.none"]),
        (("P2005-0001",), "nobody", ["handover.unknown"]),
        (("P2005-0001",), "chen", ["handover.same"]),
        ((), "", ["handover.none", "handover.unknown"]),
    ],
)
def test_hand_over_that_names_nothing_or_nobody_is_refused(
    desk: Office, references: tuple[str, ...], to: str, codes: list[str]
) -> None:
    with pytest.raises(Invalid) as refused:
        give(desk, *references, to=to)
    assert [problem.code for problem in refused.value.problems] == codes


def test_who_may_not_see_a_case_does_not_hand_it_over(desk: Office) -> None:
    secret = opened(desk, restricted=True)
    with pytest.raises(ReliefError) as refused:
        give(desk, secret, actor=PING)
    assert refused.value.problems[0].code == "case.no_reference"
    assert row(desk, secret)["case_worker"] == "chen"
