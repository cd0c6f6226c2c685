"""Where the columns of a picture stand: the boxes of the line, what hangs beside them, the trunks
by which ways come down and go out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from relief.engine.definitions.picture.parts import BOX_WIDTH
from relief.engine.definitions.picture.ways import START, Ways

EDGE, DOT = 12, 8
# The room between two boxes of the line; of words beside a rail.
BETWEEN, LABEL_WIDTH = 100, 100
_BESIDE_TRUNK, _HEAD, _TRUNKS_APART = 10, 16, 12


@dataclass(frozen=True)
class Columns:
    """Across the picture, in pixels. `middle`: of each column (-1 is the dot, the last one more
    than there are boxes); `trunk`: where ways come down from a state of the line, or leave one
    beside it."""

    middle: Mapping[int, int]
    trunk: Mapping[str, int]

    def label_x(self, column: int) -> int:
        """Where words beside a rail begin, in the room to the right of a column."""
        return self.middle[column] + _BESIDE_TRUNK

    def beside_x(self, column: int) -> int:
        """Where the states that hang in that room begin."""
        return self.label_x(column) + LABEL_WIDTH + _HEAD


def columns_of(ways: Ways) -> Columns:
    """Give every column its place, and the room that what hangs beside it needs."""
    middle = {-1: EDGE + DOT}
    middle[0] = middle[-1] + DOT + BETWEEN + BOX_WIDTH // 2
    trunk = {START: middle[-1]}
    for state, column in ways.column.items():
        if state == START:
            continue
        trunk[state] = middle[column]
        after = middle[column] + _BESIDE_TRUNK + LABEL_WIDTH + _HEAD + BOX_WIDTH
        hanging = [each for each, place in ways.beside.items() if place == column]
        leaving = [each for each in hanging if any(way.source == each for way in ways.all)]
        for number, each in enumerate(leaving, start=1):
            trunk[each] = after + number * _TRUNKS_APART
        beside = after + (len(leaving) + 1) * _TRUNKS_APART if hanging else 0
        middle[column + 1] = max(middle[column] + BOX_WIDTH + BETWEEN, beside)
    return Columns(middle, trunk)
