"""Where everything of a picture stands.

The line of steps is a row of boxes, with an arrow from each to the next. Ways between them that go
back, or leave one out, are arcs above. Below, each state beside the line hangs in the room to the
right of its column: ways to it come down a trunk from the middle of a box of the line, and along a
rail into its side; ways out of it leave on the right by a trunk of its own, back to the line by a
lane between the line and what hangs below.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from relief.engine.definitions.picture.above import arcs_of, drawn_above, height_of, is_arc
from relief.engine.definitions.picture.beside import Hung, hang_all
from relief.engine.definitions.picture.columns import BETWEEN, DOT, EDGE, Columns, columns_of
from relief.engine.definitions.picture.lanes import Lane, lanes_of
from relief.engine.definitions.picture.parts import (
    BOX_WIDTH,
    LABEL_LINE,
    LABEL_PX,
    Arrow,
    Box,
    Label,
    Notes,
    Picture,
    Rect,
    Word,
    Words,
    label,
    words_in,
)
from relief.engine.definitions.picture.paths import Point, path
from relief.engine.definitions.picture.ways import START, Way, Ways
from relief.engine.definitions.picture.words import broken

_AIR, _ABOVE_ARROW = 12, 6


def picture_of(ways: Ways, word: Word, notes: Notes | None = None) -> Picture:
    """Draw a workflow. `word` chooses the reader's language; `notes` stand below the titles."""
    said = notes or {}
    words = {
        state.id: words_in(state, word, said.get(state.id, ())) for state in ways.definition.states
    }
    columns = columns_of(ways)
    arcs = arcs_of(ways, columns, word)
    row = _row(ways, columns, words, height_of(arcs) + EDGE, word)
    above = drawn_above(arcs, row.top, row.middle - DOT, row.clear)
    lanes = lanes_of(ways, columns, word, row.bottom)
    hung = hang_all(ways, columns, word, words, max([row.bottom, *(lane.y for lane in lanes)]) + 20)
    arrows = [*row.arrows, *above[0], *_arrows_below(columns, row, lanes, hung)]
    labels = [
        *row.labels,
        *above[1],
        *(lane.label(columns) for lane in lanes),
        *(rail.label for each in hung for rail in each.rails),
    ]
    boxes = [*row.boxes, *(each.box for each in hung)]
    return _framed((columns.middle[-1], row.middle), boxes, arrows, labels, lanes, hung)


@dataclass(frozen=True)
class _Row:
    """The line of steps; `clear` above it is taken by words."""

    top: int
    bottom: int
    clear: int
    boxes: Sequence[Box]
    arrows: Sequence[Arrow]
    labels: Sequence[Label]

    @property
    def middle(self) -> int:
        return (self.top + self.bottom) // 2

    def trunk_top(self, state: str) -> int:
        """Where a trunk begins."""
        return self.middle + DOT if state == START else self.bottom


def _row(ways: Ways, columns: Columns, words: Mapping[str, Words], arcs: int, word: Word) -> _Row:
    line = [state for state in ways.column if state != START]
    height = max(words[state].height for state in line)
    steps = _steps_along(ways)
    titles = {
        pair: broken(" / ".join(word(way.title) for way in step), BETWEEN - 12, LABEL_PX)
        for pair, step in steps.items()
    }
    highest = max((len(lines) for lines in titles.values()), default=0) * LABEL_LINE
    clear = max(0, highest + 2 * _ABOVE_ARROW - height // 2)
    top = arcs + clear
    middle = (top + top + height) // 2
    arrows, labels = [], []
    for (source, target), step in steps.items():
        left, right = _gap(columns, ways.column[source], ways.column[target])
        arrows += [Arrow(way, path([(left, middle), (right, middle)])) for way in step]
        at = middle - _ABOVE_ARROW
        labels.append(label((left + right) // 2, at, titles[source, target], "middle"))
    boxes = [
        words[state].boxed(Rect(columns.trunk[state] - BOX_WIDTH // 2, top, BOX_WIDTH, height))
        for state in line
    ]
    return _Row(top, top + height, clear, boxes, arrows, labels)


def _steps_along(ways: Ways) -> dict[tuple[str, str], list[Way]]:
    """The ways from each state of the line to the next."""
    steps: dict[tuple[str, str], list[Way]] = defaultdict(list)
    for way in ways.all:
        if way.source in ways.column and way.target in ways.column and not is_arc(ways, way):
            steps[way.source, way.target].append(way)
    return steps


def _gap(columns: Columns, left: int, right: int) -> Point:
    begins = columns.middle[left] + (DOT if left < 0 else BOX_WIDTH // 2)
    return begins, columns.middle[right] - BOX_WIDTH // 2


def _arrows_below(
    columns: Columns, row: _Row, lanes: Sequence[Lane], hung: Sequence[Hung]
) -> list[Arrow]:
    places = {each.box.state.id: each for each in hung}

    def begins(state: str) -> list[Point]:
        """From a box, to its trunk."""
        x = columns.trunk[state]
        if state not in places:
            return [(x, row.trunk_top(state))]
        here = places[state]
        return [(here.box.place.right, here.leaves_y), (x, here.leaves_y)]

    back = [
        Arrow(
            way,
            path([*begins(way.source), (x, lane.y), (lane.port, lane.y), (lane.port, row.bottom)]),
        )
        for lane in lanes
        for way in lane.ways
        for x in (columns.trunk[way.source],)
    ]
    down = [
        Arrow(way, path([*begins(way.source), (x, rail.y), (_side(each, x), rail.y)]))
        for each in hung
        for rail in each.rails
        for way in rail.ways
        for x in (columns.trunk[way.source],)
    ]
    return [*back, *down]


def _side(hung: Hung, x: int) -> int:
    """On which side of a box a rail from there comes in."""
    place = hung.box.place
    return place.x if x < place.x else place.right


def _framed(
    start: Point,
    boxes: Sequence[Box],
    arrows: Sequence[Arrow],
    labels: Sequence[Label],
    lanes: Sequence[Lane],
    hung: Sequence[Hung],
) -> Picture:
    rooms = [
        *(each.place for each in boxes),
        *(each.place for each in labels),
        *(each.room for each in hung),
    ]
    bottom = max([*(room.bottom for room in rooms), *(lane.y for lane in lanes)])
    return Picture(
        width=max(room.right for room in rooms) + EDGE,
        height=bottom + EDGE,
        start=start,
        boxes=tuple(boxes),
        arrows=tuple(arrows),
        labels=tuple(labels),
    )
