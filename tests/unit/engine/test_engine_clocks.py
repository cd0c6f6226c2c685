"""Clocks of cases: what runs, stands still, is lengthened, waits, and is missed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from little_office import APPROVER, BOTH, CLERK, OTHER_CLERK, SCHEDULER, codes
from plea import PLEA, ZONE, Desk, at

from relief.engine.calendar.tables import CalendarDay
from relief.engine.clocks.deadlines import (
    DEADLINE,
    any_newly_overdue,
    mark_overdue,
    reckon_anew,
    verify_deadlines,
)
from relief.engine.journal.chain import JOURNAL
from relief.engine.journal.history import history
from relief.engine.journal.passages import passages_of, passages_of_all, passages_of_some
from relief.engine.steps.advance import available
from relief.engine.tables import DeadlineChange
from relief.kernel.columns import table_of
from relief.kernel.errors import NotAllowed, TransitionRefused


def test_deadline_of_a_state_runs_from_the_day_it_was_come_to(desk: Desk) -> None:
    assert desk.due_on() == dt.date(2005, 6, 16)
    desk.accepted("2005-06-10T10:00")
    assert desk.due_on() == dt.date(2005, 8, 9)


def test_deadline_runs_from_the_day_it_happened_when_it_was_entered_late(desk: Desk) -> None:
    desk.on("2005-06-20T09:00")
    entry = desk.do("accept", happened_at=at("2005-06-14T15:00"))
    assert entry.happened_at == at("2005-06-14T15:00")
    assert entry.entered_late(ZONE)
    assert desk.due_on() == dt.date(2005, 8, 15)  # the 13th is a Saturday
    with desk.office.work(writes=False) as work:
        first, second = history(work, "plea", desk.case)
    assert (first.entered_late(ZONE), second.entered_late(ZONE)) == (False, True)


@pytest.mark.parametrize(
    ("happened_at", "code"),
    [("2005-06-11T09:00", "step.in_future"), ("2005-05-31T09:00", "step.before_last_step")],
)
def test_step_is_refused_when_its_day_cannot_be(desk: Desk, happened_at: str, code: str) -> None:
    desk.on("2005-06-10T09:00")
    assert desk.refused("accept", happened_at=at(happened_at)) == [code]
    with pytest.raises(TransitionRefused) as raised:
        desk.do("accept", happened_at=at(happened_at))
    assert [fault.field for fault in raised.value.problems] == ["on"]
    told = {"step.in_future": "today is 2005-06-10", "step.before_last_step": "on 2005-06-01"}
    assert told[code] in str(raised.value)


def test_two_steps_of_one_day_may_be_entered_without_their_hours(desk: Desk) -> None:
    desk.on("2005-06-10T09:00")
    desk.do("accept", happened_at=at("2005-06-08T16:00"))
    desk.do("hear", happened_at=at("2005-06-08T00:00"))
    desk.do("close_hearing", happened_at=at("2005-06-10T00:00"))
    # The 8th, on which it began, never counts; of the hearing only the 9th is left out.
    assert desk.due_on() == dt.date(2005, 8, 8)


def test_time_runs_on_however_many_cases_are_read_at_once(desk: Desk) -> None:
    others = [desk.office.begin("receive", kind="plea") for _other in range(2)]
    desk.on("2005-06-10T09:00")
    desk.do("accept", happened_at=at("2005-06-08T16:00"))
    desk.do("hear", happened_at=at("2005-06-08T00:00"))
    wanted = [desk.case, others[1]]
    with desk.office.work(writes=False) as work:
        one_by_one = {case: passages_of(work, "plea", case) for case in [*wanted, others[0]]}
        some = dict(passages_of_some(work, "plea", wanted))
        everyone = dict(passages_of_all(work, "plea"))
        nobody = dict(passages_of_some(work, "plea", []))
    assert [each.happened_at for each in some[desk.case]][1:] == [at("2005-06-08T16:00")] * 2
    assert some == {case: one_by_one[case] for case in wanted}
    assert (everyone, nobody) == (one_by_one, {})


def test_end_has_no_deadline(desk: Desk) -> None:
    desk.accepted()
    desk.on("2005-06-07T09:00")
    desk.do("answer")
    assert desk.due_on() is None


def test_rework_goes_on_with_the_clock_of_the_acceptance(desk: Desk) -> None:
    desk.accepted()
    desk.on("2005-06-07T09:00")
    desk.do("answer")
    desk.on("2005-06-10T09:00")
    desk.do("return", APPROVER)
    assert desk.due_on() == dt.date(2005, 8, 1)  # 31 July is a Sunday


def test_hearing_stops_the_clock_and_its_days_are_added(desk: Desk) -> None:
    desk.accepted()
    desk.on("2005-06-20T09:00")
    desk.do("hear")
    assert desk.due_on() is None
    desk.on("2005-06-27T09:00")
    desk.do("close_hearing")
    assert desk.due_on() == dt.date(2005, 8, 8)  # 7 August is a Sunday


def test_deadline_is_extended_once_by_an_approver(desk: Desk) -> None:
    assert desk.refused("extend", APPROVER, reason="hard") == ["step.wrong_state"]
    desk.accepted()
    assert desk.refused("extend", reason="hard") == ["step.role"]
    assert desk.refused("extend", APPROVER) == ["reason.missing"]
    desk.do("extend", APPROVER, reason="hard")
    assert desk.due_on() == dt.date(2005, 8, 30)
    assert desk.refused("extend", BOTH, reason="harder") == ["step.once"]


def test_extension_is_refused_when_the_deadline_has_passed(desk: Desk) -> None:
    desk.accepted()
    desk.on("2005-08-02T09:00")
    assert desk.refused("extend", APPROVER, reason="late") == ["step.deadline_passed"]


def test_deadline_that_is_ten_years_away_is_extended_no_further(tmp_path: Path) -> None:
    far = PLEA.replace("days = 60", "days = 3000").replace(
        "extends_days = 30\nonce = true", "extends_days = 3650"
    )
    desk = Desk(tmp_path / "far.db", far)
    desk.accepted()
    desk.do("extend", APPROVER, reason="hard")
    assert desk.due_on() == dt.date(2023, 8, 16)
    assert desk.refused("extend", APPROVER, reason="harder") == ["step.deadline_far"]
    desk.office.database.dispose()


def test_extension_entered_late_is_refused_when_the_deadline_has_passed(desk: Desk) -> None:
    desk.accepted()
    desk.on("2005-08-02T09:00")
    before = at("2005-07-20T09:00")
    told = desk.refused("extend", APPROVER, reason="late", happened_at=before)
    assert told == ["step.deadline_passed"]


def test_waiting_begins_when_it_was_recorded_that_it_does(desk: Desk) -> None:
    """What nobody could see before it was entered cannot have been waited for."""
    desk.on("2005-06-10T09:00")  # a Friday
    desk.do("accept", happened_at=at("2005-06-02T09:00"))
    assert desk.refused("answer") == ["step.too_early"]
    desk.on("2005-06-15T00:00")
    assert desk.refused("answer", happened_at=at("2005-06-14T09:00")) == ["step.too_early"]
    desk.do("answer")


def test_deadline_that_was_changed_by_hand_is_named(desk: Desk) -> None:
    def faults() -> list[str]:
        with desk.office.work(writes=False) as work:
            return [str(fault.text) for fault in verify_deadlines(work)]

    assert faults() == []
    desk.office.tamper(sa.update(DEADLINE).values(due_at=at("2006-01-01T00:00")))
    assert faults() == ["The deadline of N-1 is not the one its journal gives."]
    desk.office.tamper(sa.delete(DEADLINE))
    assert len(faults()) == 1


def test_step_waits_until_its_term_has_run(desk: Desk) -> None:
    desk.accepted("2005-06-03T10:00")  # a Friday
    desk.on("2005-06-07T23:59")
    assert desk.refused("answer") == ["step.too_early"]
    with desk.office.work(writes=False) as work:
        told = [c for c in available(work, "plea", desk.case, CLERK) if c.action.id == "answer"]
    (refusal,) = told[0].refusals
    assert "until 2005-06-07 is over" in str(refusal.problem.text)
    assert "+ 2 working days" in str(refusal.problem.text)
    desk.on("2005-06-08T00:00")
    desk.do("answer")


def test_step_is_refused_when_its_time_is_over(desk: Desk) -> None:
    desk.accepted()
    desk.on("2005-06-07T09:00")
    desk.do("answer")
    desk.on("2005-06-18T00:00")
    assert desk.refused("return", APPROVER) == ["step.too_late"]


def test_overdue_is_marked_once_and_stays_listed(desk: Desk) -> None:
    def look() -> tuple[int, int]:
        with desk.office.work() as work:
            is_asked_for = any_newly_overdue(work)
            count, first = mark_overdue(work, named_max=1)
        assert is_asked_for == bool(count) == bool(first)
        return count, sum(each["overdue_at"] is not None for each in desk.office.rows(DEADLINE))

    desk.on("2005-06-16T23:59")
    assert look() == (0, 0)
    desk.on("2005-06-17T00:00")
    assert look() == (1, 1)
    assert look() == (0, 1)
    desk.do("recuse", reason="a cousin")  # a step that leaves the deadline leaves the mark
    assert look() == (0, 1)
    desk.do("accept", OTHER_CLERK)
    assert look() == (0, 0)


def test_all_that_is_overdue_is_marked_and_the_longest_overdue_named(desk: Desk) -> None:
    desk.on("2005-06-02T09:00")
    others = [desk.office.begin("receive", kind="plea") for _other in range(3)]
    desk.on("2005-07-01T09:00")
    with desk.office.work() as work:
        count, first = mark_overdue(work, named_max=2)
    assert count == 4
    assert [each.subject_id for each in first] == [desk.case, others[0]]


def test_calendar_that_changes_moves_the_deadline_and_says_so(desk: Desk) -> None:
    assert desk.due_on() == dt.date(2005, 6, 16)
    with desk.office.work() as work:
        assert reckon_anew(work) == []
        declared = {"day": dt.date(2005, 6, 16), "is_worked": False, "note": "", "document_no": ""}
        work.insert(CalendarDay, **declared, recorded_at=work.instant(), recorded_by="an")
        work.read_calendar_anew()
        (moved,) = reckon_anew(work)
        assert reckon_anew(work) == []
    assert (moved.before_on, moved.after_on) == (dt.date(2005, 6, 16), dt.date(2005, 6, 17))
    (change,) = desk.office.rows(table_of(DeadlineChange))
    assert (change["before_on"], change["after_on"]) == (moved.before_on, moved.after_on)
    assert change["before_version"] != change["after_version"]
    assert desk.due_on() == dt.date(2005, 6, 17)


def test_who_steps_aside_takes_no_step_any_more(desk: Desk) -> None:
    desk.do("recuse", reason="a cousin")
    with pytest.raises(NotAllowed) as raised:
        desk.do("accept")
    assert codes(raised.value.problems) == ["step.recused"]
    assert "mei has stepped aside" in str(raised.value)
    assert "It can be done by: bao, ding, lu." in str(raised.value)
    desk.do("accept", OTHER_CLERK)


def test_colleague_steps_aside_when_another_says_so_and_until_an_approver_ends_it(
    desk: Desk,
) -> None:
    assert desk.refused("recuse", APPROVER, fields={"colleague": "nobody"}, reason="a cousin") == [
        "recusal.colleague_unknown"
    ]
    desk.do("recuse", APPROVER, fields={"colleague": "mei"}, reason="a cousin")
    desk.do("recuse", APPROVER, fields={"colleague": "mei"}, reason="said again")
    assert desk.refused("recuse", reason="me") == ["step.recused"]
    desk.do("end_recusal", APPROVER, fields={"colleague": "mei"}, reason="a mistake")
    desk.do("accept")


def test_deputy_is_kept_away_when_who_is_away_stepped_aside(desk: Desk) -> None:
    desk.do("recuse", reason="a cousin")
    for_mei = type(OTHER_CLERK)("bao", frozenset({"clerk"}), on_behalf_of="mei")
    assert desk.refused("accept", for_mei) == ["step.recused"]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("amount", "12.345", "field.no_amount"),
        ("amount", "-1", "field.no_amount"),
        ("amount", "一百", "field.no_amount"),
        ("amount", "999999999999.99", "field.no_amount"),  # more than any amount may be
        ("persons", "2.5", "field.no_whole"),
        ("agreed", "maybe", "field.no_yes_no"),
        ("colleague", "mei", "field.unknown"),
        ("agreed", "y" * 5000, "field.no_yes_no"),
    ],
)
def test_value_is_refused_when_it_is_not_of_its_kind(
    desk: Desk, field: str, value: str, code: str
) -> None:
    desk.accepted()
    desk.on("2005-06-07T09:00")
    assert desk.refused("answer", fields={field: value}) == [code]


def test_every_fault_of_a_form_is_told_at_once(desk: Desk) -> None:
    desk.accepted()
    fields = {"amount": "x", "persons": "y", "agreed": "z", "mood": "grey"}
    assert desk.refused("answer", APPROVER, fields=fields, reason="why not") == [
        "field.no_amount", "field.no_whole", "field.no_yes_no", "field.unknown",
        "reason.not_asked", "step.too_early",
    ]  # fmt: skip


@pytest.mark.parametrize("reason", ["nul \x00", "turned \u202e words", "half \ud800"])
def test_reason_is_refused_when_it_holds_what_cannot_be_seen(desk: Desk, reason: str) -> None:
    assert desk.refused("recuse", reason=reason) == ["field.characters"]


ACTIONS = (
    "accept", "extend", "hear", "close_hearing", "answer", "return", "recuse", "end_recusal",
)  # fmt: skip


@settings(max_examples=settings.default.max_examples // 3, deadline=None)
@given(
    life=st.lists(
        st.tuples(
            st.integers(0, 20),
            st.sampled_from(ACTIONS),
            st.sampled_from([CLERK, OTHER_CLERK, APPROVER, BOTH, SCHEDULER]),
            st.sampled_from([0, 0, 0, 1, 5]),
        ),
        max_size=12,
    )
)
def test_stored_deadline_is_that_of_the_journal_after_any_life(
    tmp_path_factory: pytest.TempPathFactory,
    life: list[tuple[int, str, Any, int]],
) -> None:
    desk = Desk(tmp_path_factory.mktemp("life") / "desk.db")
    now = at("2005-06-01T09:00")
    for days, action, actor, late in life:
        now += dt.timedelta(days=days)
        desk.clock.put_forward(now)
        reason = "because" if action in ("extend", "recuse", "end_recusal") else ""
        fields = {"colleague": "lu"} if action == "end_recusal" else {}
        before = [*desk.office.everything(), desk.office.rows(DEADLINE)]
        entries = len(desk.office.rows(JOURNAL))
        try:
            happened = now - dt.timedelta(days=late)
            desk.do(action, actor, reason=reason, fields=fields, happened_at=happened)
        except (TransitionRefused, NotAllowed):
            assert [*desk.office.everything(), desk.office.rows(DEADLINE)] == before
        else:
            assert len(desk.office.rows(JOURNAL)) == entries + 1
        desk.due_on()
    with desk.office.work() as work:
        statement = sa.select(sa.func.count()).select_from(JOURNAL)
        count = work.connection.execute(statement.where(JOURNAL.c.action == "extend")).scalar_one()
    assert count <= 1
    desk.office.database.dispose()
