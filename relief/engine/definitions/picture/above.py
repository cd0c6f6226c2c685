"""The arcs above the line: ways between its states that go back, or leave one out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from relief.engine.definitions.picture.columns import Columns
from relief.engine.definitions.picture.parts import (
    BOX_WIDTH,
    LABEL_LINE,
    LABEL_PX,
    Arrow,
    Label,
    Word,
    label,
)
from relief.engine.definitions.picture.paths import path
from relief.engine.definitions.picture.ways import START, Way, Ways
from relief.engine.definitions.picture.words import broken

_LOWEST, _AIR, _APART, _NARROWEST = 18, 14, 6, 90
_PORTS = BOX_WIDTH - 40


@dataclass(frozen=True)
class Arc:
    """One step above the line, from one place or several to another, on a level (0 is the
    lowest)."""

    ways: tuple[Way, ...]
    leaves: tuple[int, ...]
    lands: int
    lines: tuple[str, ...]
    level: int

    @property
    def left(self) -> int:
        """Where it begins."""
        return min(self.lands, *self.leaves)

    @property
    def right(self) -> int:
        """Where it ends."""
        return max(self.lands, *self.leaves)


def is_arc(ways: Ways, way: Way) -> bool:
    """True for a way between states of the line that does not lead to the next one."""
    source, target = ways.column.get(way.source), ways.column.get(way.target)
    return source is not None and target is not None and target != source + 1


def arcs_of(ways: Ways, columns: Columns, word: Word) -> list[Arc]:
    """The arcs, each as low as those below it let it be; the short ones are the lowest."""
    steps = ways.steps(lambda way: is_arc(ways, way))
    ports = _ports(steps, ways, columns)
    arcs: list[Arc] = []
    for step in sorted(steps, key=lambda each: _span(each, ways)):
        leaves = tuple(ports[way.source, (way,)] for way in step)
        lands = ports[step[0].target, step]
        across = max(lands, *leaves) - min(lands, *leaves)
        lines = broken(word(step[0].title), max(_NARROWEST, across - 20), LABEL_PX)
        level = _level(arcs, min(lands, *leaves), max(lands, *leaves))
        arcs.append(Arc(step, leaves, lands, lines, level))
    return arcs


def height_of(arcs: Sequence[Arc]) -> int:
    """How much room they need."""
    return _up(arcs, max((arc.level for arc in arcs), default=-1) + 1)


def drawn_above(
    arcs: Sequence[Arc], top: int, dot_top: int, clear: int
) -> tuple[list[Arrow], list[Label]]:
    """The arcs over a line of boxes that begins at `top`; `clear` above it stays free."""
    arrows, labels = [], []
    for arc in arcs:
        y = top - clear - _LOWEST - _up(arcs, arc.level)
        for way, x in zip(arc.ways, arc.leaves, strict=True):
            begins = dot_top if way.source == START else top
            arrows.append(Arrow(way, path([(x, begins), (x, y), (arc.lands, y), (arc.lands, top)])))
        labels.append(label((arc.left + arc.right) // 2, y - 5, arc.lines, "middle"))
    return arrows, labels


def _span(step: Sequence[Way], ways: Ways) -> int:
    return max(abs(ways.column[way.source] - ways.column[way.target]) for way in step)


def _up(arcs: Sequence[Arc], level: int) -> int:
    """How high the levels below this one are."""
    lines = [max(len(arc.lines) for arc in arcs if arc.level == each) for each in range(level)]
    return sum(LABEL_LINE * each + _AIR for each in lines)


def _level(arcs: Sequence[Arc], left: int, right: int) -> int:
    """The lowest level on which nothing is in the way."""
    there = {arc.level for arc in arcs if arc.left <= right + _APART and left - _APART <= arc.right}
    return next(level for level in range(len(there) + 1) if level not in there)


def _ports(
    steps: Sequence[tuple[Way, ...]], ways: Ways, columns: Columns
) -> Mapping[tuple[str, tuple[Way, ...]], int]:
    """Where each way leaves a state, and each step lands on one: side by side on top of its box, in
    the order in which the other ends stand, so that few cross."""
    ends: dict[str, list[tuple[int, tuple[Way, ...]]]] = defaultdict(list)
    for step in steps:
        for way in step:
            ends[way.source].append((ways.column[way.target], (way,)))
        target = step[0].target
        furthest = max(
            (ways.column[way.source] for way in step), key=lambda c: abs(c - ways.column[target])
        )
        ends[target].append((furthest, step))
    return {
        (state, which): x
        for state, found in ends.items()
        for (_column, which), x in zip(
            sorted(found, key=itemgetter(0)),
            _spread(columns.trunk[state], len(found), state),
            strict=True,
        )
    }


def _spread(middle: int, count: int, state: str) -> Iterator[int]:
    for number in range(1, count + 1):
        yield middle if state == START else middle - _PORTS // 2 + _PORTS * number // (count + 1)
