"""Lines with rounded corners, as SVG writes them."""

from __future__ import annotations

from collections.abc import Sequence

Point = tuple[int, int]
_RADIUS = 9


def path(points: Sequence[Point]) -> str:
    """A line through points, each straight beside or above the one before it; corners are round."""
    bends = [each for place, each in enumerate(points) if not place or each != points[place - 1]]
    drawn = [f"M{bends[0][0]} {bends[0][1]}"]
    for before, here, after in zip(bends, bends[1:], bends[2:], strict=False):
        radius = min(_RADIUS, _length(before, here) // 2, _length(here, after) // 2)
        into, out = _towards(here, before, radius), _towards(here, after, radius)
        drawn.append(f"L{into[0]} {into[1]}Q{here[0]} {here[1]} {out[0]} {out[1]}")
    drawn.append(f"L{bends[-1][0]} {bends[-1][1]}")
    return "".join(drawn)


def _length(one: Point, other: Point) -> int:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def _towards(here: Point, there: Point, by: int) -> Point:
    return here[0] + by * _sign(there[0] - here[0]), here[1] + by * _sign(there[1] - here[1])


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)
