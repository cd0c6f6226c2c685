from __future__ import annotations

from dataclasses import replace

import pytest
from little_office import (
    APPROVER,
    BOTH,
    CLERK,
    OTHER_CLERK,
    SCHEDULER,
    Actor,
    Office,
    codes,
    defined,
    permit_table,
)

from relief.engine.actors import SYSTEM
from relief.engine.journal.history import history
from relief.engine.journal.passages import passages_of, passages_of_all
from relief.engine.steps.advance import available
from relief.engine.steps.separation import Taken, people_of
from relief.kernel.errors import NotAllowed, TransitionRefused


def submitted(office: Office, preparer: Actor, submitter: Actor) -> int:
    case = office.begin(actor=preparer)
    office.advance(case, "submit", submitter)
    return case


def test_approval_is_refused_when_the_preparer_approves(office: Office) -> None:
    case = submitted(office, BOTH, CLERK)
    before = office.everything()
    with pytest.raises(NotAllowed) as raised:
        office.advance(case, "approve", BOTH)
    assert codes(raised.value.problems) == ["step.kept_apart"]
    assert 'On N-1 "Prepare" is the work of lu;' in str(raised.value)
    assert "It can be done by: ding." in str(raised.value)
    assert office.everything() == before


def test_approval_is_taken_when_another_person_approves(office: Office) -> None:
    assert office.advance(submitted(office, CLERK, BOTH), "approve", BOTH).to_state == "approved"


def test_approval_is_refused_when_the_approver_acts_for_the_preparer(office: Office) -> None:
    case = submitted(office, CLERK, OTHER_CLERK)
    with pytest.raises(NotAllowed):
        office.advance(case, "approve", replace(APPROVER, on_behalf_of=CLERK.username))


def test_approval_is_refused_when_the_preparer_acted_for_the_approver(office: Office) -> None:
    case = submitted(office, replace(CLERK, on_behalf_of=BOTH.username), OTHER_CLERK)
    with pytest.raises(NotAllowed):
        office.advance(case, "approve", BOTH)


def test_the_last_preparer_counts_when_it_was_prepared_anew(office: Office) -> None:
    case = office.begin(actor=BOTH)
    office.advance(case, "prepare", CLERK)
    office.advance(case, "submit", CLERK)
    assert office.advance(case, "approve", BOTH).action == "approve"


@pytest.mark.parametrize("program", [SCHEDULER, SYSTEM])
def test_who_submits_counts_as_preparer_when_the_program_prepared(
    office: Office, program: Actor
) -> None:
    case = submitted(office, program, BOTH)
    with pytest.raises(NotAllowed) as raised:
        office.advance(case, "approve", BOTH)
    assert codes(raised.value.problems) == ["step.kept_apart"]
    assert office.advance(case, "approve", APPROVER).action == "approve"


def test_the_last_submitter_counts_when_the_program_prepared_and_it_was_returned(
    office: Office,
) -> None:
    case = submitted(office, SCHEDULER, BOTH)
    office.advance(case, "return", APPROVER, reason="look again")
    office.advance(case, "submit", CLERK)
    assert office.advance(case, "approve", BOTH).action == "approve"


def test_an_earlier_submitter_does_not_count_when_the_program_prepared_anew(
    office: Office,
) -> None:
    case = submitted(office, SCHEDULER, BOTH)
    office.advance(case, "return", APPROVER, reason="look again")
    office.advance(case, "prepare", SCHEDULER)
    office.advance(case, "submit", CLERK)
    assert office.advance(case, "approve", BOTH).action == "approve"


def test_nobody_is_kept_apart_when_the_step_was_never_taken() -> None:
    assert people_of("prepare", frozenset({"submit"}), []) == frozenset()
    lone = [Taken("submit", frozenset({"mei"}))]
    assert people_of("prepare", frozenset({"submit"}), lone) == frozenset()


def test_override_lifts_the_separation_and_is_recorded(office: Office) -> None:
    case = submitted(office, BOTH, BOTH)
    entry = office.advance(case, "approve", BOTH, override=" we are two today ")
    assert entry.facts == {"override": True, "kept_apart_from": ["prepare"]}
    assert entry.override == "we are two today"
    with office.work(writes=False) as work:
        assert history(work, "permit", case)[-1] == entry


def test_override_leaves_no_trace_when_it_lifts_nothing(office: Office) -> None:
    entry = office.advance(submitted(office, CLERK, CLERK), "approve", BOTH, override="just so")
    assert (entry.facts, entry.override) == ({}, "")


def test_override_lifts_nothing_when_it_is_blank(office: Office) -> None:
    with pytest.raises(NotAllowed):
        office.advance(submitted(office, BOTH, BOTH), "approve", BOTH, override="  ")


def test_override_lifts_nothing_when_the_action_does_not_allow_it(office: Office) -> None:
    case = submitted(office, BOTH, BOTH)
    with pytest.raises(NotAllowed) as raised:
        office.advance(case, "inspect", BOTH, override="we are two today")
    assert codes(raised.value.problems) == ["step.kept_apart"]
    assert "override" not in str(raised.value)


def test_override_never_lifts_the_role(office: Office) -> None:
    case = submitted(office, CLERK, CLERK)
    with pytest.raises(NotAllowed) as raised:
        office.advance(case, "approve", CLERK, override="we are two today")
    assert codes(raised.value.problems) == ["step.role"]


def test_override_lets_one_of_two_persons_release(office: Office) -> None:
    case = submitted(office, CLERK, CLERK)
    office.advance(case, "approve", BOTH)
    with pytest.raises(NotAllowed) as raised:
        office.advance(case, "release", BOTH)
    assert "An office of two may override" in str(raised.value)
    entry = office.advance(case, "release", BOTH, override="we are two today")
    assert entry.facts["kept_apart_from"] == ["approve"]


def test_override_never_lets_one_person_take_every_step(office: Office) -> None:
    case = submitted(office, BOTH, BOTH)
    office.advance(case, "approve", BOTH, override="we are two today")
    before = office.everything()
    with pytest.raises(NotAllowed) as raised:
        office.advance(case, "release", BOTH, override="we are one today")
    assert "not even with an override" in str(raised.value)
    assert office.everything() == before


def test_separation_stands_beside_the_other_reasons(office: Office) -> None:
    case = submitted(office, BOTH, BOTH)
    with pytest.raises(TransitionRefused) as raised:
        office.advance(case, "approve", BOTH, reason="because", fields={"mood": "x"})
    assert codes(raised.value.problems) == ["field.unknown", "reason.not_asked", "step.kept_apart"]


def test_available_tells_who_else_could_when_steps_are_kept_apart(office: Office) -> None:
    case = submitted(office, BOTH, BOTH)
    with office.work(writes=False) as work:
        choices = {c.action.id: c for c in available(work, "permit", case, BOTH)}
    assert [actor.username for actor in choices["approve"].refusals[0].who] == ["ding"]
    assert choices["return"].allowed


def with_step(office: Office, action: str, **changes: object) -> None:
    """The office works by a workflow in which one step is another."""
    table = permit_table()
    next(each for each in table["action"] if each["id"] == action).update(changes)
    office.workflows = office.works_by(defined(table))


def test_step_is_refused_to_everybody_while_the_one_before_was_not_taken(office: Office) -> None:
    with_step(office, "release", **{"from": ["submitted", "approved"]})
    case = submitted(office, CLERK, CLERK)
    with pytest.raises(TransitionRefused) as raised:
        office.advance(case, "release", APPROVER)
    assert codes(raised.value.problems) == ["step.nobody_before"]
    assert '"Release" comes after Approve, which another person has to do first on N-1.' in str(
        raised.value
    )
    with office.work(writes=False) as work:
        choices = available(work, "permit", case, APPROVER)
    release = next(choice for choice in choices if choice.action.id == "release")
    assert [refusal.problem.code for refusal in release.refusals] == ["step.nobody_before"]


def test_no_override_stands_for_a_step_that_was_not_taken(office: Office) -> None:
    with_step(office, "release", **{"from": ["submitted", "approved"]})
    case = submitted(office, CLERK, CLERK)
    with pytest.raises(TransitionRefused) as raised:
        office.advance(case, "release", CLERK, override="we are two today")
    assert "step.nobody_before" in codes(raised.value.problems)


def test_step_that_the_program_took_was_taken(office: Office) -> None:
    case = submitted(office, SCHEDULER, CLERK)
    assert office.advance(case, "approve", APPROVER).to_state == "approved"


def test_no_override_makes_one_of_all_whatever_else_a_file_keeps_apart(office: Office) -> None:
    with_step(office, "release", not_by_actor_of=["prepare", "approve", "inspect"])
    case = submitted(office, BOTH, BOTH)
    office.advance(case, "inspect", APPROVER)
    office.advance(case, "approve", BOTH, override="we are two today")
    with pytest.raises(NotAllowed) as raised:
        office.advance(case, "release", BOTH, override="we are two today")
    assert codes(raised.value.problems) == ["step.kept_apart"]


def test_hands_of_whoever_was_acted_for_are_in_what_was_done(office: Office) -> None:
    case = office.begin(actor=replace(OTHER_CLERK, on_behalf_of=CLERK.username))
    with office.work(writes=False) as work:
        (passage,) = passages_of(work, "permit", case)
        ((_id, (same,)),) = passages_of_all(work, "permit")
    assert passage.people == {"bao", "mei"}
    assert same == passage
