"""The workflows that come with the program, as an office reads them."""

from __future__ import annotations

import pytest

from relief.engine.definitions.definition import Definition
from relief.engine.definitions.loader import load_definitions, read_folders
from relief.engine.definitions.machine import CaseMachine
from relief.kernel.resources import shipped_folder
from relief.petitions.rules import AWAITING_PAPERS, FIVE_STEPS, SHIPPED, SIDE_EXITS


@pytest.fixture(scope="module")
def shipped() -> dict[str, Definition]:
    return load_definitions([shipped_folder("workflows")])


def walk(definition: Definition, *actions: str) -> str | None:
    """Where a row of steps leads from the opening, the first of them."""
    opening = definition.opening(actions[0])
    assert opening is not None
    machine = CaseMachine(definition)
    state: str | None = opening.opening_state
    for action in actions[1:]:
        assert state is not None
        state = machine.after(state, action)
    return state


def test_shipped_workflows_have_no_faults() -> None:
    definitions, problems = read_folders([shipped_folder("workflows")])
    assert [str(problem.located()) for problem in problems] == []
    assert {"household", "payout_run", *SHIPPED} <= definitions.keys()


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        (("open_file", "survey", "publish", "approve"), "active"),
        (("open_file", "survey", "publish", "wait"), "waiting"),
        (("open_file", "survey", "publish", "publish"), "published"),
        (("open_file", "survey", "publish", "wait", "publish"), "published"),
        (("open_file", "survey", "publish", "object", "publish"), None),
        (("open_file", "survey", "refuse"), "refused"),
        (("open_file", "survey", "survey", "publish", "wait", "approve", "recheck"), "active"),
        (("open_file", "survey", "publish", "wait", "refuse", "apply_again"), "applied"),
        (("open_file", "survey", "publish", "object"), "objection"),
        (("open_file", "survey", "publish", "object", "dismiss_objection"), "published"),
        (("open_file", "survey", "publish", "object", "uphold_objection"), "surveyed"),
        (("open_file", "survey", "publish", "object", "take_over"), "active"),
        (("open_file", "survey", "publish", "object", "approve"), None),
        (("open_file", "survey", "publish", "object", "refuse"), None),
        (("take_over", "exit", "apply_again", "resume", "survey", "publish"), "published"),
        (("take_over", "suspend", "recheck", "exit"), "exited"),
        (("take_over", "apply_again"), None),
        (("open_file", "take_over"), "active"),
        (("take_over", "suspend", "resume", "exit"), "exited"),
        (("take_over", "suspend", "exit", "resume", "take_over"), "active"),
        (("take_over", "exit", "suspend", "take_over", "keep_suspended"), "suspended"),
        (("take_over", "correct", "exit", "correct"), "exited"),
        (("take_over", "survey"), None),
        (("take_over", "take_over"), None),
        (("open_file", "approve"), None),
        (("open_file", "exit"), None),
    ],
)
def test_household_walks_its_life(
    shipped: dict[str, Definition], steps: tuple[str, ...], state: str | None
) -> None:
    assert walk(shipped["household"], *steps) == state


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        (("prepare", "prepare", "submit", "approve", "release", "settle"), "settled"),
        (("prepare", "submit", "approve", "release", "settle", "record_results"), "settled"),
        (("prepare", "submit", "return", "submit", "approve", "return"), "draft"),
        (("prepare", "submit", "withdraw", "approve", "withdraw"), "approved"),
        (("prepare", "cancel"), "cancelled"),
        (("prepare", "submit", "approve", "cancel"), "cancelled"),
        (("prepare", "submit", "approve", "release", "cancel"), None),
        (("prepare", "submit", "approve", "release", "return"), None),
        (("prepare", "submit", "prepare"), None),
        (("prepare", "approve"), None),
        (("prepare", "submit", "release"), None),
    ],
)
def test_payout_run_walks_its_life(
    shipped: dict[str, Definition], steps: tuple[str, ...], state: str | None
) -> None:
    assert walk(shipped["payout_run"], *steps) == state


def test_payout_run_keeps_preparer_approver_and_releaser_apart(
    shipped: dict[str, Definition],
) -> None:
    actions = {action.id: action for action in shipped["payout_run"].actions}
    assert actions["approve"].not_by_actor_of == ("prepare",)
    assert actions["release"].not_by_actor_of == ("prepare", "approve")
    assert shipped["payout_run"].stand_ins("prepare") == {"submit"}


def test_household_keeps_who_surveys_and_publishes_from_approving(
    shipped: dict[str, Definition],
) -> None:
    (approve,) = shipped["household"].actions_named("approve")
    assert set(approve.not_by_actor_of) == {"survey", "publish"}
    assert not approve.overridable
    for action in ("approve", "wait"):
        (named,) = shipped["household"].actions_named(action)
        assert named.not_before is not None
        assert (named.not_before.days, named.not_before.counting) == (5, "working")
        assert named.not_before.since == "publish"


@pytest.mark.parametrize("action", ["suspend", "resume"])
def test_household_has_the_same_words_wherever_a_hold_is_taken(
    shipped: dict[str, Definition], action: str
) -> None:
    named = shipped["household"].actions_named(action)
    assert len(named) == 2
    assert named[0].title == named[1].title


STRAIGHT = ("receive", "accept", "handle", "implement", "feedback")


@pytest.mark.parametrize("kind", SHIPPED)
@pytest.mark.parametrize(
    ("steps", "state"),
    [
        (STRAIGHT, "feedback"),
        (("receive", "decline"), "not_accepted"),
        (("receive", "refer"), "transferred_out"),
        (("receive", "withdraw"), "withdrawn"),
        (("receive", "accept", "handle", "implement", "withdraw"), "withdrawn"),
        (("receive", "merge"), "merged"),
        (("receive", "accept", "merge"), "merged"),
        (("receive", "accept", "handle", "return", "handle", "implement", "return"), "handled"),
        (("receive", "add_contact", "note", "supervise", "assign", "recuse"), "received"),
        (("receive", "handle"), None),
        (("receive", "accept", "accept"), None),
        (("receive", "accept", "decline"), None),
        (("receive", "accept", "feedback"), None),
        (("receive", "accept", "handle", "merge"), None),
        ((*STRAIGHT, "withdraw"), None),
        ((*STRAIGHT, "add_contact"), None),
        ((*STRAIGHT, "return"), None),
        ((*STRAIGHT, "note"), "feedback"),
        (("receive", "merge", "add_contact"), None),
        (("receive", "withdraw", "accept"), None),
    ],
)
def test_every_kind_walks_the_five_steps(
    shipped: dict[str, Definition], kind: str, steps: tuple[str, ...], state: str | None
) -> None:
    assert walk(shipped[kind], *steps) == state


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        (("receive", "accept", "extend", "handle"), "handled"),
        (("receive", "object_to_transfer"), "transferred_out"),
        (("receive", "accept", "object_to_transfer"), None),
        (("receive", "accept", "handle", "request_review", "conclude_review"), "reviewed"),
        ((*STRAIGHT, "request_review", "conclude_review", "implement", "feedback"), "feedback"),
        ((*STRAIGHT, "request_review", "conclude_review", "request_re_review", "begin_hearing",
          "end_hearing", "conclude_re_review"), "re_reviewed"),
        ((*STRAIGHT, "request_review", "conclude_review", "request_re_review",
          "conclude_re_review", "request_review"), None),
        (("receive", "extend"), None),
        (("receive", "accept", "request_review"), None),
        ((*STRAIGHT, "request_review", "begin_hearing"), None),
    ],
)  # fmt: skip
def test_petition_walks_its_reviews(
    shipped: dict[str, Definition], steps: tuple[str, ...], state: str | None
) -> None:
    assert walk(shipped["petition"], *steps) == state


@pytest.mark.parametrize("kind", ["relief", "legal_aid"])
def test_missing_papers_stop_the_clock_and_no_other_state_does(
    shipped: dict[str, Definition], kind: str
) -> None:
    assert walk(shipped[kind], "receive", "await_papers", "papers_arrived", "accept") == "accepted"
    pausing = {state.id for state in shipped[kind].states if state.pauses}
    assert pausing == {AWAITING_PAPERS}


@pytest.mark.parametrize("kind", SHIPPED)
def test_closed_cases_end_there_and_keep_two_pairs_of_eyes(
    shipped: dict[str, Definition], kind: str
) -> None:
    definition = shipped[kind]
    states = definition.state_by_id
    assert {*FIVE_STEPS, *SIDE_EXITS} <= states.keys()
    assert all(states[state].final for state in {"feedback", *SIDE_EXITS})
    assert definition.actions_named("handle")[0].not_by_actor_of == ("accept",)
    assert definition.actions_named("feedback")[0].not_by_actor_of == ("handle",)


@pytest.mark.parametrize("kind", SHIPPED)
def test_matter_takes_contacts_and_other_cases_until_it_is_closed(
    shipped: dict[str, Definition], kind: str
) -> None:
    """A review that was answered closes nothing: work on it may go on."""
    definition = shipped[kind]
    closed = {state.id for state in definition.states if state.final} - {"reviewed"}
    for action in ("add_contact", "take_in", "assign", "identify", "supervise", "report_upward",
                   "recuse", "end_recusal"):  # fmt: skip
        (named,) = definition.actions_named(action)
        assert set(named.sources) == definition.state_by_id.keys() - closed


@pytest.mark.parametrize("kind", SHIPPED)
def test_supervision_is_not_called_as_the_petitioners_chase_up(
    shipped: dict[str, Definition], kind: str
) -> None:
    (named,) = shipped[kind].actions_named("supervise")
    assert named.title == {"en": "Supervise", "zh": "督办"}


@pytest.mark.parametrize("kind", SHIPPED)
def test_every_local_term_and_every_law_is_named(shipped: dict[str, Definition], kind: str) -> None:
    terms = [state.deadline for state in shipped[kind].states if state.deadline]
    assert terms
    assert all(term.source for term in terms)
