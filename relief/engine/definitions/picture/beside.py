"""The states beside the line, below it: each in a room of its own, which reaches as far as the
rails that lead to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from relief.engine.definitions.picture.columns import LABEL_WIDTH, Columns
from relief.engine.definitions.picture.parts import (
    BOX_WIDTH,
    LABEL_LINE,
    LABEL_PX,
    Box,
    Label,
    Rect,
    Word,
    Words,
    label,
)
from relief.engine.definitions.picture.ways import Way, Ways
from relief.engine.definitions.picture.words import broken

_AIR, _ABOVE_RAIL, _BELOW_RAIL, _LEAVES_ABOVE = 12, 5, 10, 9


@dataclass(frozen=True)
class Rail:
    """The ways of one step into one state: they share its words, and the last piece of line."""

    ways: tuple[Way, ...]
    y: int
    label: Label


@dataclass(frozen=True)
class Hung:
    """A state in its room."""

    box: Box
    rails: tuple[Rail, ...]
    room: Rect

    @property
    def leaves_y(self) -> int:
        """Where ways out of it leave, on the right."""
        return self.box.place.bottom - _LEAVES_ABOVE


def hang_all(
    ways: Ways, columns: Columns, word: Word, words: Mapping[str, Words], top: int
) -> list[Hung]:
    """Hang every state as high as those before it let it be."""
    hung: list[Hung] = []
    for state in ways.beside:
        y = top
        here = _hang(ways, columns, word, words[state], y)
        while in_its_way := [each.room for each in hung if each.room.meets(here.room)]:
            y = 1 + min(room.bottom for room in in_its_way)
            here = _hang(ways, columns, word, words[state], y)
        hung.append(here)
    return hung


def _hang(ways: Ways, columns: Columns, word: Word, words: Words, y: int) -> Hung:
    state = words.state.id
    steps = ways.steps(lambda way: way.target == state)
    titles = [broken(word(step[0].title), LABEL_WIDTH, LABEL_PX) for step in steps]
    apart = max((len(lines) for lines in titles), default=0) * LABEL_LINE + _BELOW_RAIL
    height = max(words.height, apart * len(steps) if len(steps) > 1 else 0)
    rails_at = [height * (2 * row + 1) // (2 * len(steps)) for row in range(len(steps))]
    head = max(0, apart - rails_at[0]) if steps else 0
    place = Rect(columns.beside_x(ways.beside[state]), y + head, BOX_WIDTH, height)
    rails = tuple(
        Rail(step, place.y + at, _label(ways, columns, step, place.y + at, lines))
        for step, at, lines in zip(steps, rails_at, titles, strict=True)
    )
    return Hung(words.boxed(place), rails, _room(columns, y, place, rails, state))


def _label(
    ways: Ways, columns: Columns, step: Sequence[Way], y: int, lines: Sequence[str]
) -> Label:
    """The words stand on the left, unless every way comes from the right."""
    column = ways.beside[step[0].target]
    left = any(columns.trunk[way.source] < columns.beside_x(column) for way in step)
    return label(columns.label_x(column if left else column + 1), y - _ABOVE_RAIL, lines)


def _room(columns: Columns, y: int, place: Rect, rails: Sequence[Rail], state: str) -> Rect:
    """All that a state, its words and its rails take."""
    trunks = [columns.trunk[way.source] for rail in rails for way in rail.ways]
    labels = [rail.label.place for rail in rails]
    own = columns.trunk.get(state, place.right)
    left = min([place.x, *trunks, *(each.x for each in labels)])
    right = max([place.right, own, *trunks, *(each.right for each in labels)])
    return Rect(left, y, right - left, place.bottom + _AIR - y)
