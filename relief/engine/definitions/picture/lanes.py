"""The lanes below the line: ways that lead back to it from a state beside it, a lane each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from relief.engine.definitions.picture.columns import Columns
from relief.engine.definitions.picture.parts import LABEL_LINE, LABEL_PX, Label, Word, label
from relief.engine.definitions.picture.ways import Way, Ways
from relief.engine.definitions.picture.words import broken

_AIR, _WORDS_WIDTH, _ABOVE_LINE = 12, 170, 5
# Ways come into a box from below left of its own trunk, side by side.
_FIRST_PORT, _PORTS_APART, _PORTS_MAX = 20, 10, 4


@dataclass(frozen=True)
class Lane:
    """One step back into one state: along a line across, then up into a box at `port`."""

    ways: tuple[Way, ...]
    y: int
    port: int
    lines: tuple[str, ...]

    def label(self, columns: Columns) -> Label:
        """Its words, above the line where it begins on the left."""
        left = min([self.port, *(columns.trunk[way.source] for way in self.ways)])
        return label(left + _AIR, self.y - _ABOVE_LINE, self.lines)


def lanes_of(ways: Ways, columns: Columns, word: Word, top: int) -> list[Lane]:
    """The lanes, one below the other."""
    lanes: list[Lane] = []
    into: Counter[str] = Counter()
    y = top
    for step in ways.steps(lambda way: way.source in ways.beside and way.target in ways.column):
        lines = broken(word(step[0].title), _WORDS_WIDTH, LABEL_PX)
        target = step[0].target
        y += len(lines) * LABEL_LINE + _AIR
        port = _FIRST_PORT + _PORTS_APART * (into[target] % _PORTS_MAX)
        into[target] += 1
        lanes.append(Lane(step, y, columns.trunk[target] - port, lines))
    return lanes
