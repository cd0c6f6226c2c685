"""The picture of a workflow: whatever the workflow, everything is on it, and nothing in the way."""

from __future__ import annotations

import re
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relief.engine.definitions.definition import Action, Definition, State, Titles
from relief.engine.definitions.picture.layout import picture_of
from relief.engine.definitions.picture.parts import (
    BOX_WIDTH,
    LABEL_PX,
    NOTE_PX,
    TITLE_PX,
    Arrow,
    Picture,
    Rect,
)
from relief.engine.definitions.picture.ways import START, Ways, ways_of
from relief.engine.definitions.picture.words import broken, width_of

_POINT = re.compile(r"(-?\d+) (-?\d+)")
_WORDS = st.text(st.sampled_from("接待受理处理反馈。（） abcWXyz-09"), min_size=1, max_size=30)
_TITLE = st.builds(lambda zh, en: {"zh": zh, "en": en}, _WORDS, _WORDS)


@st.composite
def workflows(draw: st.DrawFn) -> Definition:
    """A workflow of some states and steps, sense or nonsense."""
    names = [f"s{number}" for number in range(draw(st.integers(1, 9)))]
    state = st.sampled_from(names)
    states = [
        State(name, draw(_TITLE), final=draw(st.booleans()), pauses=draw(st.booleans()))
        for name in names
    ]
    opening = Action("open", draw(_TITLE), ("clerk",), to=draw(state), opens=True)
    steps = draw(
        st.lists(
            st.builds(
                Action,
                st.sampled_from([f"a{number}" for number in range(6)]),
                _TITLE,
                st.just(("clerk",)),
                st.lists(state, min_size=1, max_size=4, unique=True).map(tuple),
                state,
            ),
            max_size=14,
        )
    )
    late = Action("late", draw(_TITLE), ("clerk",), to=draw(state), opens=True)
    return Definition("any", draw(_TITLE), states=tuple(states), actions=(opening, late, *steps))


def line_of(definition: Definition) -> list[str]:
    """From where a case begins by the first step that leads elsewhere, and so on."""
    line = [definition.actions[0].to]
    while found := [each.to for each in definition.actions_from(line[-1]) if each.to != line[-1]]:
        if found[0] in line:
            return line
        line.append(found[0])
    return line


def chinese(titles: Titles) -> str:
    return titles["zh"]


def drawn(definition: Definition) -> tuple[Ways, Picture]:
    ways = ways_of(definition, line_of(definition))
    notes = {state.id: ("12 件", "逾期 3", "中位 21 天") for state in definition.states[::2]}
    return ways, picture_of(ways, chinese, notes)


def points_of(arrow: Arrow) -> list[tuple[int, int]]:
    return [(int(x), int(y)) for x, y in _POINT.findall(arrow.path)]


def touches(place: Rect, point: tuple[int, int]) -> bool:
    """True for a point on the border of a rectangle."""
    x, y = point
    inside = place.x <= x <= place.right and place.y <= y <= place.bottom
    return inside and (x in (place.x, place.right) or y in (place.y, place.bottom))


@settings(max_examples=settings.default.max_examples // 3)
@given(workflows())
def test_each_state_has_one_box_and_each_way_one_arrow_from_box_to_box(
    definition: Definition,
) -> None:
    ways, picture = drawn(definition)
    places = {box.state.id: box.place for box in picture.boxes}
    assert sorted(box.state.id for box in picture.boxes) == sorted(definition.state_by_id)
    meant = {
        (action.id, source, target)
        for action in definition.actions
        for source, target in [*action.edges, *([(START, action.to)] if action.opens else [])]
        if source != target
    }
    found = [(each.way.action, each.way.source, each.way.target) for each in picture.arrows]
    assert sorted(found) == sorted(meant)
    for arrow in picture.arrows:
        first, *_between, last = points_of(arrow)
        assert touches(places[arrow.way.target], last)
        if arrow.way.source != START:
            assert touches(places[arrow.way.source], first)
    assert sorted(found) == sorted((each.action, each.source, each.target) for each in ways.all)


@settings(max_examples=settings.default.max_examples // 3)
@given(workflows())
def test_no_two_boxes_meet_and_no_words_lie_under_a_box(definition: Definition) -> None:
    _ways, picture = drawn(definition)
    for one, other in combinations(picture.boxes, 2):
        assert not one.place.meets(other.place)
    for label in picture.labels:
        assert not any(label.place.meets(box.place) for box in picture.boxes), label


@settings(max_examples=settings.default.max_examples // 3)
@given(workflows())
def test_no_arrow_runs_through_a_box(definition: Definition) -> None:
    _ways, picture = drawn(definition)
    for arrow in picture.arrows:
        points = points_of(arrow)
        for (x1, y1), (x2, y2) in pairwise(points):
            line = Rect(min(x1, x2), min(y1, y2), abs(x1 - x2), abs(y1 - y2))
            for box in picture.boxes:
                place = box.place
                inner = Rect(place.x + 1, place.y + 1, place.width - 2, place.height - 2)
                assert not inner.meets(line), (arrow, box)


@settings(max_examples=settings.default.max_examples // 3)
@given(workflows())
def test_words_stay_in_their_box_and_everything_in_the_frame(definition: Definition) -> None:
    _ways, picture = drawn(definition)
    frame = Rect(0, 0, picture.width, picture.height)
    for box in picture.boxes:
        for line, size in [
            *((each, TITLE_PX) for each in box.title),
            *((each, NOTE_PX) for each in box.notes),
        ]:
            assert width_of(line.text, size) <= BOX_WIDTH
            assert box.place.y < line.y - size
            assert line.y < box.place.bottom
        assert "".join(each.text for each in box.title).replace(" ", "") == chinese(
            box.state.title
        ).replace(" ", "")
    points = [point for arrow in picture.arrows for point in points_of(arrow)]
    for place in [
        *(box.place for box in picture.boxes),
        *(label.place for label in picture.labels),
        *(Rect(x, y, 0, 0) for x, y in points),
    ]:
        assert place.x >= frame.x, place
        assert place.y >= frame.y, place
        assert place.right <= frame.right, place
        assert place.bottom <= frame.bottom, place


@settings(max_examples=settings.default.max_examples // 3)
@given(workflows())
def test_the_same_workflow_is_always_drawn_alike(definition: Definition) -> None:
    assert drawn(definition) == drawn(definition)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Serve the written opinion", ("Serve the", "written", "opinion")),
        ("转送有权处理机关", ("转送有权处", "理机关")),
        ("", ("",)),
        ("Donaudampfschiff", ("Donau", "dampf", "schiff")),
    ],
)
def test_lines_break_between_words_and_between_characters(
    text: str, lines: tuple[str, ...]
) -> None:
    assert broken(text, 66, LABEL_PX) == lines
