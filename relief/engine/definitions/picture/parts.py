"""What a picture is made of: boxes and arrows with their words, in whole pixels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from relief.engine.definitions.definition import State, Titles
from relief.engine.definitions.picture.ways import Way
from relief.engine.definitions.picture.words import all_broken, broken, width_of

TITLE_PX, NOTE_PX, LABEL_PX = 14, 12, 12
LABEL_LINE = 14
BOX_WIDTH = 132
_TITLE_LINE, _NOTE_LINE = 18, 16
_INSET, _PADDING = 8, 20
# The word for something in the reader's language.
Word = Callable[[Titles], str]
# Short lines below a state's title, by its id.
Notes = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Rect:
    """A rectangle; its edges belong to it."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """Where it ends."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The same, downwards."""
        return self.y + self.height

    def meets(self, other: Rect) -> bool:
        """True where the two have a point in common."""
        across = self.x <= other.right and other.x <= self.right
        return across and self.y <= other.bottom and other.y <= self.bottom


@dataclass(frozen=True)
class Line:
    """A line of words; `y` is what its letters stand on."""

    y: int
    text: str


@dataclass(frozen=True)
class Box:
    """A state, with its title and the notes below, centred on `middle`."""

    state: State
    place: Rect
    title: tuple[Line, ...]
    notes: tuple[Line, ...]

    @property
    def middle(self) -> int:
        """Halfway between left and right."""
        return self.place.x + self.place.width // 2


@dataclass(frozen=True)
class Label:
    """The words of a step, beside its arrow. anchor: start | middle."""

    x: int
    anchor: str
    lines: tuple[Line, ...]

    @property
    def place(self) -> Rect:
        """The room that it takes."""
        width = max(width_of(line.text, LABEL_PX) for line in self.lines)
        left = self.x - width // 2 if self.anchor == "middle" else self.x
        top = self.lines[0].y - LABEL_PX
        return Rect(left, top, width, self.lines[-1].y + 3 - top)


@dataclass(frozen=True)
class Arrow:
    """A way, as a path of SVG."""

    way: Way
    path: str


@dataclass(frozen=True)
class Picture:
    """A whole picture; `start` is the middle of the dot that cases come from."""

    width: int
    height: int
    start: tuple[int, int]
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    labels: tuple[Label, ...]


def label(x: int, bottom: int, lines: Sequence[str], anchor: str = "start") -> Label:
    """A label of which the last line stands on `bottom`."""
    top = bottom - LABEL_LINE * (len(lines) - 1)
    stacked = tuple(Line(top + row * LABEL_LINE, text) for row, text in enumerate(lines))
    return Label(x, anchor, stacked)


@dataclass(frozen=True)
class Words:
    """The words in a box, broken into lines."""

    state: State
    title: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def height(self) -> int:
        """How high a box with these words is at least."""
        return len(self.title) * _TITLE_LINE + len(self.notes) * _NOTE_LINE + _PADDING

    def boxed(self, place: Rect) -> Box:
        """A box with these words in the middle of its height."""
        top = place.y + (place.height - self.height + _PADDING) // 2
        after = top + len(self.title) * _TITLE_LINE
        return Box(
            self.state,
            place,
            tuple(Line(top + row * _TITLE_LINE + 14, text) for row, text in enumerate(self.title)),
            tuple(Line(after + row * _NOTE_LINE + 12, text) for row, text in enumerate(self.notes)),
        )


def words_in(state: State, word: Word, notes: Sequence[str]) -> Words:
    """The words in the box of a state."""
    width = BOX_WIDTH - 2 * _INSET
    return Words(
        state,
        broken(word(state.title), width, TITLE_PX),
        all_broken(notes, width, NOTE_PX),
    )
