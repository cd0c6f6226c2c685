"""Which ways a workflow has, and where each state stands: on the line, or beside a part of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from relief.engine.definitions.definition import Definition, Titles

# Where a case comes from: no state, the dot that the first arrow leaves.
START = ""


@dataclass(frozen=True)
class Way:
    """A step that leads from one state to another, or begins a case (from `START`)."""

    action: str
    source: str
    target: str
    title: Titles = field(compare=False)


@dataclass(frozen=True)
class Ways:
    """The ways of a workflow. `column` has the states of the line, the first is 0; `beside` all
    others, each by the column that it hangs under: the first from which a way leads there."""

    definition: Definition
    all: tuple[Way, ...]
    column: Mapping[str, int]

    def steps(self, drawn: Callable[[Way], bool]) -> list[tuple[Way, ...]]:
        """Some of the ways: those of one step into one state together, which are drawn as one."""
        found: dict[tuple[str, str], list[Way]] = {}
        for way in filter(drawn, self.all):
            found.setdefault((way.action, way.target), []).append(way)
        return [tuple(step) for step in found.values()]

    @cached_property
    def beside(self) -> dict[str, int]:
        """The states that are not on the line."""
        others = [state.id for state in self.definition.states if state.id not in self.column]
        found: dict[str, int] = {}
        for _round in others:
            near = {state: self._nearest(state, found) for state in others if state not in found}
            found |= {state: place for state, place in near.items() if place is not None}
        last = max(self.column.values())
        return {state: min(found.get(state, 0), last) for state in others}

    def _nearest(self, state: str, found: Mapping[str, int]) -> int | None:
        from_line = [
            max(0, self.column[way.source])
            for way in self.all
            if way.target == state and way.source in self.column
        ]
        from_beside = [
            found[way.source] + 1
            for way in self.all
            if way.target == state and way.source in found and way.source != state
        ]
        return min((*from_line, *from_beside), default=None)


def ways_of(definition: Definition, line: Sequence[str]) -> Ways:
    """The ways of a workflow, and the states by which its cases go on; steps that leave a case
    where it stands are none."""
    column = {START: -1} | {state: place for place, state in enumerate(line)}
    return Ways(definition, tuple(_ways(definition)), column)


def _ways(definition: Definition) -> list[Way]:
    begin = [
        Way(action.id, START, action.opening_state, action.title)
        for action in definition.actions
        if action.opens
    ]
    lead = [
        Way(action.id, source, target, action.title)
        for action in definition.actions
        for source, target in action.edges
        if source != target
    ]
    return list({(way.action, way.source, way.target): way for way in (*begin, *lead)}.values())
