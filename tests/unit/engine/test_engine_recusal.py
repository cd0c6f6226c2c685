"""Who steps aside, who says so of whom, and who could do the work instead."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from little_office import (
    APPROVER,
    AUDITOR,
    BOTH,
    CLERK,
    OTHER_CLERK,
    Actor,
    Office,
    codes,
    defined,
)
from plea import PLEA, Desk

from relief.engine.step import Refusal
from relief.engine.steps.advance import available
from relief.engine.steps.recusal import EFFECTS, GUARDS, RECUSAL
from relief.engine.tables import Recusal
from relief.kernel.errors import NotAllowed, ReliefError


def faults(desk: Desk, action: str, actor: Actor, colleague: str) -> list[tuple[str, str]]:
    with pytest.raises(ReliefError) as raised:
        desk.do(action, actor, fields={"colleague": colleague}, reason="a cousin")
    return sorted((fault.code, fault.field) for fault in raised.value.problems)


def stands_aside(office: Office, case: int, actor: Actor) -> None:
    with office.work() as work:
        work.insert(
            Recusal, subject_kind="permit", subject_id=case, username=actor.username,
            recorded_at=work.instant(), recorded_by=actor.username,
        )  # fmt: skip


def refusals(office: Office, case: int, action: str, actor: Actor) -> dict[str, Refusal]:
    """What stands against somebody taking a step, by code."""
    with office.work(writes=False) as work:
        choices = available(work, "permit", case, actor)
    (choice,) = [choice for choice in choices if choice.action.id == action]
    return {refusal.problem.code: refusal for refusal in choice.refusals}


def who(refusal: Refusal) -> list[str]:
    return [actor.username for actor in refusal.who]


def test_clerk_names_no_colleague_and_nobody_names_who_is_not_there(desk: Desk) -> None:
    unknown = ("recusal.colleague_unknown", "colleague")
    not_yours = ("recusal.not_yours", "colleague")
    assert faults(desk, "recuse", APPROVER, "nobody") == [unknown]
    assert faults(desk, "recuse", CLERK, "bao") == [not_yours]
    assert faults(desk, "recuse", CLERK, "nobody") == [unknown, not_yours]


def test_recusal_is_of_one_case_and_one_person_and_is_kept_with_its_end(desk: Desk) -> None:
    other = desk.office.begin("receive", kind="plea")
    for colleague in (CLERK, OTHER_CLERK):
        desk.do("recuse", colleague, reason="a cousin")
    desk.office.advance(other, "recuse", CLERK, kind="plea", reason="a neighbour")
    desk.do("end_recusal", APPROVER, fields={"colleague": "mei"}, reason="a mistake")
    kept = [
        (row["subject_id"], row["username"], row["recorded_by"], row["ended_at"] is None)
        for row in desk.office.rows(RECUSAL)
    ]
    assert kept == [
        (desk.case, "mei", "mei", False), (desk.case, "bao", "bao", True),
        (other, "mei", "mei", True),
    ]  # fmt: skip


def test_recusal_is_of_one_kind_though_two_cases_have_one_number(tmp_path: Path) -> None:
    kinds = [defined({**tomllib.loads(PLEA), "key": key}) for key in ("plea", "appeal")]
    office = Office(tmp_path / "two.db", *kinds, guards=GUARDS, effects=EFFECTS)
    for kind in ("plea", "appeal"):
        assert office.begin("receive", kind=kind) == 1
        office.advance(1, "recuse", CLERK, kind=kind, reason="a cousin")
    end = {"fields": {"colleague": "mei"}, "reason": "a mistake"}
    office.advance(1, "end_recusal", APPROVER, kind="plea", **end)
    office.advance(1, "accept", CLERK, kind="plea")
    with pytest.raises(NotAllowed, match="has stepped aside"):
        office.advance(1, "accept", CLERK, kind="appeal")
    office.database.dispose()


def test_second_end_of_a_recusal_leaves_the_first_as_it_was(desk: Desk) -> None:
    end: dict[str, Any] = {"fields": {"colleague": "mei"}, "reason": "a mistake"}
    desk.do("recuse", reason="a cousin")
    desk.on("2005-06-02T09:00")
    desk.do("end_recusal", APPROVER, **end)
    (ended,) = desk.office.rows(RECUSAL)
    desk.on("2005-06-03T09:00")
    desk.do("end_recusal", APPROVER, **end)
    assert desk.office.rows(RECUSAL) == [ended]


def test_neither_who_stands_aside_nor_who_prepared_is_named_as_able(office: Office) -> None:
    case = office.begin(actor=BOTH)
    office.advance(case, "submit", CLERK)
    assert who(refusals(office, case, "approve", AUDITOR)["step.role"]) == ["ding"]
    assert who(refusals(office, case, "approve", BOTH)["step.kept_apart"]) == ["ding"]
    stands_aside(office, case, APPROVER)
    assert who(refusals(office, case, "approve", AUDITOR)["step.role"]) == []
    assert who(refusals(office, case, "approve", BOTH)["step.kept_apart"]) == []
    assert who(refusals(office, case, "approve", APPROVER)["step.recused"]) == []


def test_who_stands_aside_is_told_who_could(office: Office) -> None:
    case = office.begin(actor=CLERK)
    office.advance(case, "submit", CLERK)
    stands_aside(office, case, APPROVER)
    refusal = refusals(office, case, "approve", APPROVER)["step.recused"]
    assert (who(refusal), refusal.personal) == (["lu"], True)


def test_what_the_program_does_is_a_matter_of_persons(office: Office) -> None:
    case = office.begin()
    office.advance(case, "submit", CLERK)
    with pytest.raises(ReliefError) as raised:
        office.advance(case, "expire", BOTH)
    assert codes(raised.value.problems) == ["step.system_only"]
    assert refusals(office, case, "expire", BOTH)["step.system_only"].personal


def test_last_who_may_see_a_case_does_not_step_aside(tmp_path: Path) -> None:
    readers = {"mei"}
    office = Office(
        tmp_path / "office.db", defined(tomllib.loads(PLEA)), guards=GUARDS, effects=EFFECTS,
        visible={"plea": lambda _work, _row, actor: actor.username in readers},
    )  # fmt: skip
    office.begin("receive", kind="plea")
    with pytest.raises(ReliefError) as raised:
        office.advance(1, "recuse", CLERK, kind="plea", reason="a cousin")
    assert [(p.code, p.field) for p in raised.value.problems] == [
        ("recusal.last_reader", "colleague")
    ]
    readers.add("bao")
    office.advance(1, "recuse", CLERK, kind="plea", reason="a cousin")
    office.database.dispose()
