from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from little_office import (
    APPROVER,
    AUDITOR,
    BOTH,
    CLERK,
    OTHER_CLERK,
    SCHEDULER,
    Office,
    codes,
    defined,
    permit_table,
)

from relief.engine.journal.chain import JOURNAL
from relief.engine.journal.history import history
from relief.engine.only_with import only_with
from relief.engine.steps.advance import advance, available, begin
from relief.engine.work import Work
from relief.kernel.errors import Conflict, NotAllowed, NotFound, ReliefError, TransitionRefused
from relief.kernel.text import Translator, _


def refusal(office: Office, case: int, action: str, actor: Any, **options: Any) -> ReliefError:
    """What a step is refused with; nothing may have been written."""
    before = office.everything()
    with pytest.raises(ReliefError) as raised:
        office.advance(case, action, actor, **options)
    assert office.everything() == before
    assert office.steps == []
    return raised.value


def test_advance_changes_state_version_and_journal_by_one(office: Office) -> None:
    case = office.begin()
    entry = office.advance(case, "submit", CLERK, facts={"lines": 3}, seen_version=1)
    (row,) = office.rows(office.permits)
    assert (row["state"], row["version"], row["journal_head"]) == ("submitted", 2, entry.hash)
    assert (entry.number, entry.from_state, entry.to_state) == (2, "draft", "submitted")
    assert entry.facts == {"lines": 3}
    with office.work(writes=False) as work:
        assert history(work, "permit", case)[1] == entry


def test_advance_keeps_the_state_and_runs_effects_in_order_when_the_case_stays(
    office: Office,
) -> None:
    case = office.begin()
    office.steps.clear()
    fields = {"opinion": "  lovely ", "colour": "red", "weight": "12.5", "noted_on": "2005-06-30"}
    entry = office.advance(case, "note", CLERK, fields=fields, reason=" why not ")
    assert [name for name, _step in office.steps] == ["count_note", "echo_note"]
    assert office.steps[0][1].fields["opinion"] == "lovely"
    assert (entry.to_state, entry.reason) == ("draft", "why not")
    assert entry.fields == {**fields, "opinion": "lovely"}


def test_advance_is_refused_when_another_version_was_seen(office: Office) -> None:
    case = office.begin()
    office.advance(case, "submit", CLERK)
    fault = refusal(office, case, "approve", APPROVER, seen_version=1)
    assert isinstance(fault, Conflict)
    assert [(p.code, p.field) for p in fault.problems] == [("case.stale", "version")]
    assert "by mei" in str(fault)


def test_advance_is_refused_when_somebody_was_quicker(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = office.begin()

    def guard_that_loses_the_race(work: Work, _step: object) -> list[object]:
        work.connection.execute(sa.update(office.permits).values(version=7))
        return []

    guards: dict[str, Any] = office.workflows.guards
    monkeypatch.setitem(guards, "office_is_open", guard_that_loses_the_race)
    fault = refusal(office, case, "note", CLERK, fields={"opinion": "fine"})
    assert isinstance(fault, Conflict)
    assert "version 7" in str(fault)


def test_advance_gives_every_reason_at_once_when_much_is_wrong(office: Office) -> None:
    case = office.begin()
    office.closed = True
    fields = {"opinion": "bad and ugly", "mood": "x", "noted_on": "30.6.2005", "colour": "green",
              "weight": "much"}  # fmt: skip
    fault = refusal(office, case, "note", AUDITOR, fields=fields)
    assert isinstance(fault, TransitionRefused)
    assert codes(fault.problems) == [
        "field.no_date", "field.no_number", "field.no_option", "field.unknown", "office.closed",
        "opinion.unkind", "opinion.unkind", "step.role",
    ]  # fmt: skip


@pytest.mark.parametrize("fields", [{}, {"opinion": ""}, {"opinion": " \t"}])
def test_advance_is_refused_when_a_required_field_is_blank(
    office: Office, fields: dict[str, str]
) -> None:
    fault = refusal(office, office.begin(), "note", CLERK, fields=fields)
    assert [(p.code, p.field) for p in fault.problems] == [("field.missing", "opinion")]


@pytest.mark.parametrize("day", ["2005-02-29", "20050630", "2005-6-30", "2005-06-30T00:00"])
def test_advance_is_refused_when_a_date_is_none(office: Office, day: str) -> None:
    fields = {"opinion": "fine", "noted_on": day}
    fault = refusal(office, office.begin(), "note", CLERK, fields=fields)
    assert codes(fault.problems) == ["field.no_date"]


def test_advance_is_refused_when_the_text_is_too_long(office: Office) -> None:
    fields = {"opinion": "x" * 4001}
    fault = refusal(office, office.begin(), "note", CLERK, fields=fields, reason="y" * 4001)
    assert [(p.code, p.field) for p in fault.problems] == [
        ("field.too_long", "opinion"), ("field.too_long", "reason"),
    ]  # fmt: skip


def test_advance_asks_for_the_reason_when_it_is_required(office: Office) -> None:
    case = office.begin()
    office.advance(case, "submit", CLERK)
    assert codes(refusal(office, case, "return", APPROVER, reason=" ").problems) == [
        "reason.missing"
    ]
    assert office.advance(case, "return", APPROVER, reason="too thin").reason == "too thin"


def test_advance_refuses_a_reason_when_none_is_asked(office: Office) -> None:
    fault = refusal(office, office.begin(), "submit", CLERK, reason="because")
    assert codes(fault.problems) == ["reason.not_asked"]


def test_advance_says_where_the_step_starts_when_the_state_is_wrong(office: Office) -> None:
    fault = refusal(office, office.begin(), "approve", AUDITOR)
    assert isinstance(fault, TransitionRefused)
    assert codes(fault.problems) == ["step.role", "step.wrong_state"]
    text = next(p.text for p in fault.problems if p.code == "step.wrong_state")
    assert str(text) == 'N-1 is "Draft"; "Approve" can be done only from: Submitted.'
    assert "草稿" in Translator("zh_Hans_CN")(text)


def test_advance_says_so_when_the_action_only_begins_cases(office: Office) -> None:
    table = permit_table()
    table["action"][0] |= {"id": "open", "from": [], "to": "draft"}
    table["action"][1]["stands_in_for"] = ""
    for action in table["action"]:
        action.update(not_by_actor_of=[], overridable=False)
    office.workflows = office.works_by(defined(table))
    fault = refusal(office, office.begin("open"), "open", CLERK)
    assert str(fault) == 'N-1 is "Draft"; "Prepare" is only for beginning a new case.'


def test_advance_names_who_could_when_the_role_is_missing(office: Office) -> None:
    fault = refusal(office, office.begin(), "submit", APPROVER)
    assert isinstance(fault, NotAllowed)
    assert str(fault) == (
        '"Submit" is for: clerk. ding is: approver. It can be done by: bao, lu, mei.'
    )


def test_advance_names_what_is_known_when_the_action_is_not(office: Office) -> None:
    fault = refusal(office, office.begin(), "dance", CLERK)
    assert isinstance(fault, NotFound)
    assert [(p.code, p.field) for p in fault.problems] == [("step.unknown", "action")]
    assert "prepare" in str(fault)


def test_advance_is_refused_when_there_is_no_such_case(office: Office) -> None:
    assert isinstance(refusal(office, 99, "submit", CLERK), NotFound)


def test_advance_is_refused_when_the_stored_state_is_unknown(office: Office) -> None:
    case = office.begin()
    office.tamper(sa.update(office.permits).values(state="limbo"))
    fault = refusal(office, case, "submit", CLERK)
    assert isinstance(fault, Conflict)
    assert codes(fault.problems) == ["case.state_unknown"]
    assert "limbo" in str(fault)


def test_advance_is_refused_when_the_program_alone_may(office: Office) -> None:
    case = office.begin()
    office.advance(case, "submit", CLERK)
    fault = refusal(office, case, "expire", BOTH)
    assert isinstance(fault, NotAllowed)
    assert str(fault) == '"Expire" is done by the program itself, by nobody else.'
    assert office.advance(case, "expire", SCHEDULER).to_state == "done"


def test_nothing_is_written_when_an_effect_fails(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = office.begin()
    before = office.everything()

    def fail(_work: Work, _step: object) -> None:
        raise RuntimeError("the printer is on fire")

    effects: dict[str, Any] = office.workflows.effects
    monkeypatch.setitem(effects, "echo_note", fail)
    with pytest.raises(RuntimeError):
        office.advance(case, "note", CLERK, fields={"opinion": "fine"})
    assert [name for name, _step in office.steps] == ["count_note"]
    assert office.everything() == before


def test_nothing_is_written_when_the_caller_does_not_commit(office: Office) -> None:
    case = office.begin()
    before = office.everything()
    with office.database.transaction(writes=True) as connection:
        work = Work(connection, office.clock, office.cipher, office.workflows)
        advance(work, "permit", case, "submit", CLERK)
    assert office.everything() == before


def test_effects_may_take_a_step_on_the_same_case(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = office.begin()

    def submit(work: Work, step: Any) -> None:
        advance(work, step.kind, step.subject_id, "submit", step.actor)

    effects: dict[str, Any] = office.workflows.effects
    monkeypatch.setitem(effects, "echo_note", submit)
    entry = office.advance(case, "note", CLERK, fields={"opinion": "fine"})
    (row,) = office.rows(office.permits)
    assert (entry.number, row["state"], row["version"]) == (2, "submitted", 3)


def test_steps_of_one_unit_of_work_follow_one_another(office: Office) -> None:
    with office.work() as work:
        case = begin(work, "permit", "prepare", CLERK, {"reference": "N-9"})
        advance(work, "permit", case, "submit", CLERK)
        advance(work, "permit", case, "approve", APPROVER)
        entries = history(work, "permit", case)
    assert [entry.action for entry in entries] == ["prepare", "submit", "approve"]


def test_available_gives_each_step_of_the_state_with_every_reason(office: Office) -> None:
    case = office.begin()
    office.closed = True
    with office.work(writes=False) as work:
        choices = {c.action.id: c for c in available(work, "permit", case, APPROVER)}
    assert list(choices) == ["prepare", "submit", "note"]
    note = choices["note"].refusals
    assert codes([refusal.problem for refusal in note]) == ["office.closed", "step.role"]
    who = choices["submit"].refusals[0].who
    assert [actor.username for actor in who] == ["bao", "lu", "mei"]
    assert not choices["submit"].allowed


def test_available_allows_what_advance_then_takes(office: Office) -> None:
    case = office.begin(actor=OTHER_CLERK)
    with office.work(writes=False) as work:
        allowed = [c.action.id for c in available(work, "permit", case, BOTH) if c.allowed]
    assert allowed == ["prepare", "submit", "note"]
    office.advance(case, "submit", BOTH)


def test_each_step_is_later_than_the_one_before_when_the_clock_stands_still(
    office: Office,
) -> None:
    office.clock = StandingClock()
    case = office.begin()
    office.advance(case, "prepare", CLERK)
    office.advance(case, "submit", CLERK)
    instants = [row["at"] for row in office.rows(JOURNAL)]
    assert instants == sorted(set(instants))


@pytest.mark.parametrize("name", ["happened_at", "override", "kept_apart_from"])
def test_nobody_hands_over_a_fact_that_the_engine_writes(office: Office, name: str) -> None:
    case = office.begin()
    before = office.everything()
    with pytest.raises(TransitionRefused) as refused:
        office.advance(case, "submit", CLERK, facts={name: "2005-06-01T00:00:00+00:00"})
    assert codes(refused.value.problems) == ["step.own_fact"]
    with pytest.raises(TransitionRefused):
        office.begin(facts={name: "2005-06-01T00:00:00+00:00"})
    assert office.everything() == before


def test_no_guard_asks_for_a_fact_that_every_late_step_has() -> None:
    with pytest.raises(AssertionError):
        only_with("happened_at", "x", _("x"))


def test_guards_know_whether_the_step_is_attempted(office: Office) -> None:
    case = office.begin()
    asked: list[bool] = []
    typed: list[object] = []

    def listens(_work: Work, step: Any) -> list[Any]:
        asked.append(step.attempted)
        typed.extend((step.fields, step.reason, step.override, step.facts))
        return []

    guards: dict[str, Any] = office.workflows.guards
    for name in list(guards):
        guards[name] = listens
    with office.work(writes=False) as work:
        available(work, "permit", case, CLERK)
    assert set(asked) == {False}
    assert not any(typed)
    asked.clear()
    office.advance(case, "note", CLERK, fields={"opinion": "fine"})
    assert set(asked) == {True}


class StandingClock:
    """It is always noon."""

    zone = ZoneInfo("Asia/Shanghai")
    behind_max = None

    def day_of(self, instant: dt.datetime) -> dt.date:
        return instant.astimezone(self.zone).date()

    def now(self) -> dt.datetime:
        return dt.datetime(2005, 6, 15, 12, tzinfo=dt.UTC)

    def today(self) -> dt.date:
        return self.now().date()
