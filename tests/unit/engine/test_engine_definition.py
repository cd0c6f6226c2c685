from __future__ import annotations

import json

import pytest
from little_office import Office, defined, permit_table

from relief.engine.definitions.definition import sha256_of
from relief.engine.definitions.loader import definition_of
from relief.engine.definitions.machine import CaseMachine
from relief.engine.kinds import SubjectKind
from relief.engine.work import Workflows
from relief.kernel.errors import Invalid
from relief.kernel.text import as_json


def test_definition_comes_back_the_same_from_its_canonical_json() -> None:
    definition = defined(permit_table())
    assert definition_of(definition.body) == definition
    assert definition_of(definition.body).sha256 == definition.sha256
    assert definition.body == as_json(json.loads(definition.body))
    assert definition.sha256 == sha256_of(definition.body)


def test_definition_keeps_its_address_when_a_default_is_written_out() -> None:
    spelled = permit_table()
    for state in spelled["state"]:
        state.setdefault("final", False)
    for action in spelled["action"]:
        action.setdefault("reason", "none")
        action.setdefault("opens", False)
    assert defined(spelled).sha256 == defined(permit_table()).sha256


def test_definition_changes_its_address_when_anything_is_changed() -> None:
    bent = permit_table()
    bent["state"][0]["deadline"]["days"] = 16
    assert defined(bent).sha256 != defined(permit_table()).sha256


def test_machine_tells_where_each_step_leads() -> None:
    machine = CaseMachine(defined(permit_table()))
    assert machine.after("draft", "submit") == "submitted"
    assert machine.after("submitted", "inspect") == "submitted"
    assert machine.after("draft", "approve") is None
    assert machine.after("draft", "dance") is None
    assert machine.after("nowhere", "submit") is None
    assert [machine.knows(state) for state in ("draft", "nowhere", "initial")] == [
        True, False, False,
    ]  # fmt: skip


def test_machine_has_no_ways_but_the_listed_ones() -> None:
    definition = defined(permit_table())
    machine = CaseMachine(definition)
    listed = {(s, a.id): t for a in definition.actions for s, t in a.edges}
    names = {action.id for action in definition.actions} | {"to_done", "to_draft", "trigger"}
    for state in definition.state_by_id:
        for name in names:
            assert machine.after(state, name) == listed.get((state, name))


def test_workflows_are_refused_when_guards_effects_or_kinds_do_not_match(office: Office) -> None:
    definition = defined(permit_table())
    other = SubjectKind("licence", office.permits, "reference")
    with pytest.raises(Invalid) as refusal:
        Workflows(
            {"permit": definition},
            [other],
            {},
            {},
            lambda _work, _roles: [],
            lambda _w: frozenset(),
        )
    assert sorted({(p.sheet, p.code) for p in refusal.value.problems}) == [
        ("licence.toml", "workflow.file_missing"),
        ("permit.toml", "workflow.effect_unknown"),
        ("permit.toml", "workflow.guard_unknown"),
        ("permit.toml", "workflow.kind_unknown"),
    ]
