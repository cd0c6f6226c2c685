"""Random steps on the workflows that come with the program: nothing but what they list happens."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from little_office import SCHEDULER, Actor, Office

from relief.engine.clocks.deadlines import DEADLINE, deadline_of
from relief.engine.definitions.definition import Action, Definition
from relief.engine.definitions.loader import load_definitions
from relief.engine.journal.chain import JOURNAL
from relief.engine.journal.seals import seal_day
from relief.engine.journal.verification import verify_journal
from relief.engine.steps import recusal
from relief.engine.steps.advance import available
from relief.engine.steps.standing import available_of_many
from relief.kernel.clock import RehearsalClock
from relief.kernel.errors import Problem, ReliefError
from relief.kernel.resources import shipped_folder
from relief.kernel.text import _

EXAMPLES = settings.default.max_examples // 4  # each opens a database; the profile decides

CAST = (
    Actor("mei", frozenset({"clerk"})),
    Actor("bao", frozenset({"clerk"})),
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


def kinds() -> list[str]:
    """Every workflow that comes with the program."""
    return sorted(definitions())


@contextmanager
def an_office() -> Iterator[Office]:
    """An office whose guards say no to whatever the word "no" is written on."""
    ours = list(definitions().values())
    actions = [action for definition in ours for action in definition.actions]

    def says_no(_work: object, step: Any) -> list[Problem]:
        return [Problem("guard.no", _("No."))] if step.facts.get("say") == "no" else []

    guards = {name: says_no for action in actions for name in action.guards}
    effects = {name: lambda _work, _step: None for action in actions for name in action.effects}
    effects |= recusal.EFFECTS
    with tempfile.TemporaryDirectory() as folder:
        office = Office(Path(folder) / "o.db", *ours, guards=guards, effects=effects)
        yield office
        office.database.dispose()


ANSWERS = {
    "text": ["ding", "some words"],
    "date": ["2005-06-30"],
    "number": ["12.5"],
    "amount": ["150.00"],
    "whole": ["3"],
    "yes_no": ["yes", "no"],
}


def filled_in(definition: Definition, action: Action, data: st.DataObject) -> dict[str, str]:
    """The fields that a step asks for, now and then with one missing or one too many."""
    fields = {}
    for name in action.fields:
        asked = definition.field_by_id[name]
        options = ANSWERS.get(asked.type) or [option.id for option in asked.options]
        fields[name] = data.draw(st.sampled_from(options))
    mistake = data.draw(st.sampled_from(["", "", "", "", "missing", "unknown"]))
    if mistake == "missing" and fields:
        fields.pop(next(iter(fields)))
    if mistake == "unknown":
        fields["mood"] = "grey"
    return fields


def some_step(definition: Definition, state: str, data: st.DataObject) -> dict[str, Any]:
    """A step that is tried: mostly one that starts here, by anybody."""
    anywhere = sorted({action.id for action in definition.actions})
    here = [action.id for action in definition.actions_from(state)] or anywhere
    name = data.draw(st.sampled_from(here * 3 + anywhere))
    action = definition.action_from(state, name) or definition.actions_named(name)[0]
    mute = st.sampled_from(["", "because"])
    needed = st.sampled_from(["because", "because", "because", ""])
    return {
        "action": name,
        "actor": data.draw(st.sampled_from(CAST)),
        "fields": filled_in(definition, action, data),
        "reason": data.draw(needed if action.reason == "required" else mute),
        "override": data.draw(st.sampled_from(["", "", "we are two today"])),
        "facts": data.draw(st.sampled_from([{}, {}, {}, {"say": "no"}])),
    }


def stands(office: Office, kind: str) -> list[Any]:
    """All that a refusal must leave as it is: the case, its deadline, who stands aside, and the
    whole journal."""
    tables = (office.tables[kind], DEADLINE, recusal.RECUSAL, JOURNAL)
    return [office.rows(table) for table in tables]


def hands(entry: dict[str, Any]) -> set[str]:
    return {entry["actor"], entry["on_behalf_of"]} - {None}


def kept_apart_from(
    definition: Definition, action: Action, journal: list[dict[str, Any]]
) -> dict[str, set[str]]:
    """Counted anew from the journal: whose hands were in the steps that this one is kept apart
    from, the last time each was taken; of the program's own, who stood in for it."""
    found: dict[str, set[str]] = {}
    for apart in action.not_by_actor_of:
        taken = [entry for entry in journal if entry["action"] == apart]
        if not taken:
            continue
        found[apart] = hands(taken[-1])
        if found[apart] & {"scheduler", "system"}:
            later = [e for e in journal if e["number"] > taken[-1]["number"]]
            stood_in = [e for e in later if e["action"] in definition.stand_ins(apart)]
            found[apart] = hands(stood_in[-1]) if stood_in else set()
    return found


@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data(), kind=st.sampled_from(kinds()))
def test_a_step_is_taken_whole_as_listed_or_leaves_no_trace(data: st.DataObject, kind: str) -> None:
    definition = definitions()[kind]
    opening = data.draw(st.sampled_from([a for a in definition.actions if a.opens]))
    opener = next(actor for actor in CAST if actor.roles & set(opening.roles))
    clock = RehearsalClock(dt.datetime(2005, 3, 1, 9, tzinfo=dt.UTC), ZoneInfo("Asia/Shanghai"))
    with an_office() as office:
        office.clock = clock
        fields = {name: answer(definition, name) for name in opening.fields}
        reason = "because" if opening.reason == "required" else ""
        case = office.begin(opening.id, opener, kind=kind, fields=fields, reason=reason)
        for _turn in range(data.draw(st.integers(0, 14))):
            days = data.draw(st.sampled_from([0, 0, 1, 7, 40]))
            clock.put_forward(clock.now() + dt.timedelta(days=days))
            before = stands(office, kind)
            ((row,), _deadlines, aside, journal) = before
            step = some_step(definition, row["state"], data)
            try:
                entry = office.advance(case, kind=kind, **step)
            except ReliefError:
                assert stands(office, kind) == before
                continue
            ((after,), deadlines, _aside, entries) = stands(office, kind)
            action = definition.action_from(row["state"], step["action"])
            assert action is not None
            assert step["actor"].roles & set(action.roles)
            assert not step["actor"].people & {each["username"] for each in aside}
            assert after["state"] == (action.to or row["state"])
            assert after["version"] == row["version"] + 1 == entry.number
            assert entries[:-1] == journal
            assert len(entries) == len(journal) + 1
            lifted = set(entry.facts.get("kept_apart_from", ()))
            assert not lifted or (step["override"] and action.overridable)
            for apart, people in kept_apart_from(definition, action, journal).items():
                assert apart in lifted or not people & step["actor"].people
            with office.work(writes=False) as work:
                runs = deadline_of(work, kind, case)
            assert [each["due_at"] for each in deadlines] == ([runs.due_at] if runs else [])
        with office.work() as work:
            seal_day(work, work.today)
            assert verify_journal(work) == []


def answer(definition: Definition, name: str) -> str:
    """One right answer to a field."""
    asked = definition.field_by_id[name]
    return next(iter(ANSWERS.get(asked.type, ()))) if not asked.options else asked.options[0].id


@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data())
def test_no_one_person_ever_prepares_approves_and_releases(data: st.DataObject) -> None:
    """Whatever is tried, with overrides too: a released run has seen two persons at least."""
    order = ("prepare", "submit", "return", "submit", "approve", "release")
    with an_office() as office:
        case = office.begin(
            "prepare", data.draw(st.sampled_from((CAST[3], SCHEDULER))), kind="payout_run"
        )
        for action in order + order[1:]:
            actor = data.draw(st.sampled_from(CAST[2:]))
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
@given(data=st.data(), kind=st.sampled_from(kinds()))
def test_what_is_available_is_what_can_be_taken(data: st.DataObject, kind: str) -> None:
    definition = definitions()[kind]
    opening = next(a for a in definition.actions if a.opens)
    with an_office() as office:
        opener = next(a for a in CAST if a.roles & set(opening.roles))
        fields = {name: answer(definition, name) for name in opening.fields}
        case = office.begin(opening.id, opener, kind=kind, fields=fields)
        for _turn in range(5):
            actor = data.draw(st.sampled_from(CAST))
            with office.work(writes=False) as work:
                choices = available(work, kind, case, actor)
                at_once = available_of_many(work, kind, [case, case + 1], actor)
            assert at_once == {case: choices}
            if not choices:
                return
            choice = data.draw(st.sampled_from(choices))
            told = tuple(refusal.problem for refusal in choice.refusals)
            assert told == reasons_against(office, kind, case, choice.action, actor)


def reasons_against(
    office: Office, kind: str, case: int, action: Action, actor: Actor
) -> tuple[Problem, ...]:
    """What a step is refused with when its form is filled in; none where it was taken."""
    fields = {name: answer(definitions()[kind], name) for name in action.fields}
    reason = "because" if action.reason == "required" else ""
    try:
        office.advance(case, action.id, actor, kind=kind, fields=fields, reason=reason)
    except ReliefError as refusal:
        return refusal.problems
    return ()
