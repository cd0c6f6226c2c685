"""Random steps on the workflows that come with the program: nothing but what they list happens."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from little_office import SCHEDULER, Actor, Office

from relief.engine.advance import available
from relief.engine.chain import JOURNAL
from relief.engine.definition import Action, Definition
from relief.engine.journal import seal_day, verify_journal
from relief.engine.loader import load_definitions
from relief.kernel.errors import Problem, ReliefError
from relief.kernel.resources import shipped_folder
from relief.kernel.text import _

EXAMPLES = settings.default.max_examples // 4  # each opens a database; the profile decides

KINDS = ("household", "payout_run")
CAST = (
    Actor("mei", frozenset({"clerk"})),
    Actor("ding", frozenset({"approver"})),
    Actor("fang", frozenset({"finance"})),
    Actor("lu", frozenset({"approver", "finance"})),
    Actor("lu", frozenset({"approver"}), on_behalf_of="fang"),
    Actor("qian", frozenset({"auditor"})),
    SCHEDULER,
)


@cache
def definitions() -> dict[str, Definition]:
    return load_definitions([shipped_folder("workflows")])


@contextmanager
def an_office() -> Iterator[Office]:
    """An office whose guards say no to whatever the word "no" is written on."""
    ours = [definitions()[kind] for kind in KINDS]
    actions = [action for definition in ours for action in definition.actions]

    def says_no(_work: object, step: Any) -> list[Problem]:
        return [Problem("guard.no", _("No."))] if step.facts.get("say") == "no" else []

    guards = {name: says_no for action in actions for name in action.guards}
    effects = {name: lambda _work, _step: None for action in actions for name in action.effects}
    with tempfile.TemporaryDirectory() as folder:
        office = Office(Path(folder) / "o.db", *ours, guards=guards, effects=effects)
        yield office
        office.database.dispose()


def steps(kind: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    definition = definitions()[kind]
    step = st.fixed_dictionaries(
        {
            "action": st.sampled_from(sorted({action.id for action in definition.actions})),
            "actor": st.sampled_from(CAST),
            "reason": st.sampled_from(["", "because"]),
            "override": st.sampled_from(["", "we are two today"]),
            "fields": st.sampled_from([{}, {}, {"household_no": "H1"}, {"mood": "grey"}]),
            "facts": st.sampled_from([{}, {}, {}, {"say": "no"}]),
        }
    )
    return st.lists(step, max_size=14)


@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data(), kind=st.sampled_from(KINDS))
def test_a_step_is_taken_whole_as_listed_or_leaves_no_trace(data: st.DataObject, kind: str) -> None:
    definition = definitions()[kind]
    opening = data.draw(st.sampled_from([a for a in definition.actions if a.opens]))
    opener = next(actor for actor in CAST if actor.roles & set(opening.roles))
    with an_office() as office:
        case = office.begin(opening.id, opener, kind=kind)
        for step in data.draw(steps(kind)):
            cases, journal = office.rows(office.tables[kind]), office.rows(JOURNAL)
            (before,) = cases
            try:
                entry = office.advance(case, kind=kind, **step)
            except ReliefError:
                assert office.rows(office.tables[kind]) == cases
                assert office.rows(JOURNAL) == journal
                continue
            (after,) = office.rows(office.tables[kind])
            action = definition.action_from(before["state"], step["action"])
            assert action is not None
            assert step["actor"].roles & set(action.roles)
            assert after["state"] == (action.to or before["state"])
            assert after["version"] == before["version"] + 1 == entry.number
            assert [row["id"] for row in office.rows(JOURNAL)][:-1] == [r["id"] for r in journal]
            assert office.rows(JOURNAL)[:-1] == journal
        with office.work() as work:
            seal_day(work, work.today)
            assert verify_journal(work) == []


@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data())
def test_no_one_person_ever_prepares_approves_and_releases(data: st.DataObject) -> None:
    """Whatever is tried, with overrides too: a released run has seen two persons at least."""
    order = ("prepare", "submit", "return", "submit", "approve", "release")
    with an_office() as office:
        case = office.begin(
            "prepare", data.draw(st.sampled_from((CAST[2], SCHEDULER))), kind="payout_run"
        )
        for action in order + order[1:]:
            actor = data.draw(st.sampled_from(CAST[1:]))
            reason = "because" if action == "return" else ""
            try:
                office.advance(
                    case,
                    action,
                    actor,
                    kind="payout_run",
                    reason=reason,
                    override="we are two today",
                )
            except ReliefError:
                continue
        (row,) = office.rows(office.tables["payout_run"])
        if row["state"] != "released":
            return
        latest = {entry["action"]: entry for entry in office.rows(JOURNAL)}
        preparer = (
            latest["prepare"] if latest["prepare"]["actor"] != "scheduler" else latest["submit"]
        )
        steps_taken = (preparer, latest["approve"], latest["release"])
        hands = [{e["actor"], e["on_behalf_of"]} - {None} for e in steps_taken]
        assert not set.intersection(*hands)


@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data(), kind=st.sampled_from(KINDS))
def test_what_is_available_is_what_can_be_taken(data: st.DataObject, kind: str) -> None:
    definition = definitions()[kind]
    opening = next(a for a in definition.actions if a.opens)
    with an_office() as office:
        case = office.begin(
            opening.id, next(a for a in CAST if a.roles & set(opening.roles)), kind=kind
        )
        for _turn in range(5):
            actor = data.draw(st.sampled_from(CAST))
            with office.work(writes=False) as work:
                choices = available(work, kind, case, actor)
            if not choices:
                return
            choice = data.draw(st.sampled_from(choices))
            told = tuple(refusal.problem for refusal in choice.refusals)
            assert told == reasons_against(office, kind, case, choice.action, actor)


def reasons_against(
    office: Office, kind: str, case: int, action: Action, actor: Actor
) -> tuple[Problem, ...]:
    """What a step is refused with when its form is filled in; none where it was taken."""
    fields = dict.fromkeys(action.fields, "H1")
    reason = "because" if action.reason == "required" else ""
    try:
        office.advance(case, action.id, actor, kind=kind, fields=fields, reason=reason)
    except ReliefError as refusal:
        return refusal.problems
    return ()
