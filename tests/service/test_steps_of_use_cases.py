"""Steps that a use case records are taken by it alone: not by themselves, not on another day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from relief.engine.actors import Actor
from relief.engine.definitions.definition import Action
from relief.engine.journal.chain import JOURNAL
from relief.engine.only_with import OnlyWith
from relief.engine.steps.advance import advance, begin
from relief.kernel.errors import Problem, ReliefError
from tests.matters import opened
from tests.office import CHEN, FANG, PING, Office

ALL_ROLES = Actor("ping", frozenset({"clerk", "approver", "finance"}))
APPLICANT = "331002195406274937"
OF_A_CASE = {"receive", "add_contact", "take_in", "attach", "issue_letter", "rate"}
FOUND = {
    "household": {"open_file", "take_over", "correct", "choose_recovery"},
    "payout_run": {"prepare", "record_results"},
    "petition": OF_A_CASE,
    "relief": OF_A_CASE,
    "legal_aid": OF_A_CASE,
    "job_referral": OF_A_CASE,
}
LATE = dt.timedelta(minutes=30)


@pytest.fixture
def busy(sqlite_office: Office) -> Office:
    """One case of each kind, begun in this hour."""
    office = sqlite_office
    office.at("2005-01-04T09:00")
    office.scheme(go_live="2005-04")
    office.rates(("deep", "2005-01", 20_000))
    office.at("2005-06-15T09:00")
    household = {"household_no": "H1", "applicant_name": "吴试甲", "applicant_id": APPLICANT}
    office.register([household | {"grade": "deep", "approved_on": "2005-03-10"}])
    office.prepare("2005Q2", actor=FANG)
    for kind in ("petition", "relief", "legal_aid", "job_referral"):
        opened(office, kind)
    office.at("2005-06-15T10:00")
    return office


def by_use_case(office: Office, kind: str) -> list[tuple[Action, OnlyWith]]:
    workflows = office.relief.workflows
    return [
        (action, guard)
        for action in workflows.definitions[kind].actions
        for name in action.guards
        if isinstance(guard := workflows.guards[name], OnlyWith)
    ]


@pytest.mark.parametrize("kind", FOUND)
def test_step_of_a_use_case_is_refused_with_a_late_day_and_no_facts(
    busy: Office, kind: str
) -> None:
    found = by_use_case(busy, kind)
    assert {action.id for action, _guard in found} == FOUND[kind]
    entries = journal(busy)
    for action, guard in found:
        for state in action.sources:
            assert guard.problem in refusals(busy, kind, action, state)
        if action.opens:
            assert guard.problem in refusals(busy, kind, action, "")
    assert journal(busy) == entries


def refusals(office: Office, kind: str, action: Action, state: str) -> tuple[Problem, ...]:
    """Why a step is refused that happened half an hour ago; without a state it is to begin one."""
    subject = office.relief.workflows.kinds[kind]
    with office.relief.work() as work:
        how: dict[str, Any] = {
            "reason": "because" if action.reason == "required" else "",
            "happened_at": work.instant() - LATE,
        }
        mine = sa.select(subject.table.c.id).where(subject.mine)
        case_id = work.connection.execute(mine).scalars().first()
        work.connection.execute(sa.update(subject.table).where(subject.mine).values(state=state))
        try:
            if state:
                advance(work, kind, case_id or 0, action.id, ALL_ROLES, **how)
            else:
                begin(work, kind, action.id, ALL_ROLES, {subject.reference: "N1"}, **how)
        except ReliefError as refused:
            return refused.problems
    return ()


def journal(office: Office) -> int:
    with office.relief.reading() as work:
        return len(work.rows(sa.select(JOURNAL.c.id)))


@pytest.mark.parametrize(
    ("facts", "action", "actor"),
    [({"file": 1}, "prepare", FANG), ({"recovery": "wait"}, "correct", CHEN),
     ({"row": 1}, "choose_recovery", PING)],
)  # fmt: skip
def test_facts_of_one_use_case_open_no_other(
    busy: Office, facts: dict[str, Any], action: str, actor: Actor
) -> None:
    kind = "payout_run" if action == "prepare" else "household"
    reason = "because" if action == "choose_recovery" else ""
    with busy.relief.work() as work, pytest.raises(ReliefError) as refused:
        advance(work, kind, 1, action, actor, reason=reason, facts=facts)
    codes = {"prepare": "run.own_command", "correct": "household.facts_missing"}
    assert [p.code for p in refused.value.problems] == [codes.get(action, "household.own_command")]
