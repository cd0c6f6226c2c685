"""Shipped files with one thing worse, whichever: none of them is taken."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relief.engine.actors import ROLES
from relief.engine.definitions.kept import Kept, Must
from relief.engine.definitions.loader import read_definition
from relief.engine.kinds import SubjectKind
from relief.kernel.resources import shipped_folder
from relief.procedures.features import KINDS
from tests.legible import codes_of

KIND = {kind.key: kind for kind in KINDS}
A_TITLE = {"en": "Quick", "zh": "快办"}
LISTS = ("guards", "effects", "not_by_actor_of", "fields")
Table = dict[str, Any]


@cache
def _shipped(kind: str) -> str:
    return (shipped_folder("workflows") / f"{kind}.toml").read_text(encoding="utf-8")


def shipped(kind: str) -> Table:
    """A shipped file, to be changed."""
    return tomllib.loads(_shipped(kind))


def kept_by(kind: SubjectKind) -> Kept:
    assert kind.kept is not None
    return kind.kept


def faults(kind: str, table: Table) -> list[str]:
    """What is said against a file, in form or because something is gone."""
    definition, problems = read_definition(table)
    return codes_of((*problems, *KIND[kind].taken_from(definition)))


def named(table: Table, name: str) -> list[Table]:
    return [action for action in table["action"] if action["id"] == name]


def allowed_roles(kind: str, must: Must, name: str, number: int) -> set[str]:
    """Who may take a step as it is shipped; all, where nothing is said of it."""
    sources = named(shipped(kind), name)[number].get("from", [])
    fewer = [set(must.roles_from.get(source, ROLES)) for source in sources]
    return set(must.roles or ROLES).intersection(*fewer)


def worse(kind: str) -> Iterator[tuple[str, Table]]:
    """Every file that has one thing less than the shipped one, of all that is kept."""
    kept = kept_by(KIND[kind])
    for name, must in kept.must.items():
        for number in range(len(named(shipped(kind), name))):
            for key in LISTS:
                for item in getattr(must, key):
                    table = shipped(kind)
                    named(table, name)[number][key].remove(item)
                    yield f"{name} without {key} {item}", table
            for role in set(ROLES) - set(allowed_roles(kind, must, name, number)):
                table = shipped(kind)
                named(table, name)[number]["roles"].append(role)
                yield f"{name} by {role}", table
            for key in ("once", "stands_in_for", "not_before", "reason"):
                if getattr(must, key):
                    table = shipped(kind)
                    del named(table, name)[number][key]
                    yield f"{name} without {key}", table
    yield from worse_states(kind, kept)


def worse_states(kind: str, kept: Kept) -> Iterator[tuple[str, Table]]:
    """The same of the deadlines and of where the clock stands still."""
    for number, state in enumerate(shipped(kind)["state"]):
        if state["id"] in kept.terms:
            table = shipped(kind)
            del table["state"][number]["deadline"]
            yield f"{state['id']} without deadline", table
            table = shipped(kind)
            table["state"][number]["deadline"]["days"] += 1
            yield f"{state['id']} a day later", table
        if kept.pausing is not None and not state.get("deadline"):
            table = shipped(kind)
            table["state"][number]["pauses"] = not state.get("pauses", False)
            yield f"{state['id']} with another clock", table


@pytest.mark.parametrize("kind", KIND)
def test_shipped_file_has_all_that_is_kept(kind: str) -> None:
    assert faults(kind, shipped(kind)) == []


@pytest.mark.parametrize("kind", KIND)
def test_nothing_that_is_kept_can_be_left_out(kind: str) -> None:
    files = list(worse(kind))
    assert len(files) > 30
    assert [what for what, table in files if not faults(kind, table)] == []


def an_action(kind: str, data: st.DataObject) -> Table:
    """An action that an office makes up, of whatever the file and the program know."""
    definition, _problems = read_definition(shipped(kind))
    states = sorted(definition.state_by_id)
    effects = sorted({name for k in KINDS for m in kept_by(k).must.values() for name in m.effects})
    return {
        "id": data.draw(st.sampled_from(["quick", *sorted(kept_by(KIND[kind]).must)])),
        "title": A_TITLE,
        "from": data.draw(st.lists(st.sampled_from(states), min_size=1, max_size=3, unique=True)),
        "to": data.draw(st.sampled_from(states)),
        "roles": data.draw(st.lists(st.sampled_from([*ROLES]), min_size=1, unique=True)),
        "effects": data.draw(st.lists(st.sampled_from(effects), max_size=1)),
        "opens": data.draw(st.sampled_from([False, False, True])),
        "extends_days": data.draw(st.sampled_from([0, 0, 300])),
    }


@given(data=st.data(), kind=st.sampled_from(sorted(KIND)))
def test_action_that_is_added_leads_nowhere_unseen(data: st.DataObject, kind: str) -> None:
    table = shipped(kind)
    action = an_action(kind, data)
    table["action"].append(action)
    if faults(kind, table):
        return
    kept, ours = kept_by(KIND[kind]), kept_by(KIND[kind]).must.get(action["id"])
    moves = {(source, action["to"]) for source in action["from"] if source != action["to"]}
    known, _problems = read_definition(shipped(kind))
    if ours is None or not ours.ways:  # it is the office's own: it has no effect, and opens nothing
        assert not any(target in kept.guarded or source in kept.held for source, target in moves)
        assert not action["opens"]
    else:
        like = known.actions_named(action["id"])
        assert moves <= {edge for each in like for edge in each.edges}
        assert set(action["roles"]) <= {role for each in like for role in each.roles}
    assert set(action["effects"]) <= set(ours.effects if ours else ())
    assert not (action["extends_days"] and kept.terms.keys() & set(action["from"]))


@given(data=st.data(), kind=st.sampled_from(sorted(KIND)))
def test_several_faults_are_all_told(data: st.DataObject, kind: str) -> None:
    kept = kept_by(KIND[kind])
    keeps = [
        (n, key, item) for n, m in kept.must.items() for key in LISTS for item in getattr(m, key)
    ]
    gone = data.draw(st.sets(st.sampled_from(keeps), min_size=1, max_size=5))
    table = shipped(kind)
    for name, key, item in gone:
        for action in named(table, name):
            action[key].remove(item)
    definition, _problems = read_definition(table)
    told = {problem.field.replace("#2", "") for problem in KIND[kind].taken_from(definition)}
    assert told >= {f"action[{name}].{key}" for name, key, _item in gone}
