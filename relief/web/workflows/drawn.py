"""A workflow drawn for the reader, and told in words beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from relief.engine.definitions.definition import Definition, State, Titles
from relief.engine.definitions.picture.layout import picture_of
from relief.engine.definitions.picture.parts import Picture
from relief.engine.definitions.picture.ways import Ways, ways_of
from relief.engine.work import Work
from relief.kernel.text import Text, _
from relief.web.language import say

_FEW_DAYS = 10


@dataclass(frozen=True)
class Told:
    """A state in words: the ways out of it (the step, and where it leads), and the steps after
    which a case still stands there."""

    state: State
    leads: Sequence[tuple[Titles, Titles]]
    stays: Sequence[Titles]


def drawn(work: Work, definition: Definition, notes: Mapping[str, Sequence[str]]) -> Picture:
    """The picture of a workflow, in the reader's language."""
    return picture_of(ways_in(work, definition), say, notes)


def ways_in(work: Work, definition: Definition) -> Ways:
    """The ways of a workflow, its line as cases go on by it."""
    return ways_of(definition, work.workflows.line(definition))


def told(definition: Definition) -> list[Told]:
    """A workflow in words: what a picture shows, for whoever cannot see it."""
    titles = {state.id: state.title for state in definition.states}
    return [
        Told(
            state,
            [
                (action.title, titles[action.to])
                for action in definition.actions_from(state.id)
                if action.to not in ("", state.id)
            ],
            [
                action.title
                for action in definition.actions_from(state.id)
                if action.to in ("", state.id)
            ],
        )
        for state in definition.states
    ]


def days_text(days: float) -> Text:
    """So many days: whole ones, or to a tenth where they are few."""
    return _("{days} d", days=plain_days(days))


def plain_days(days: float) -> str:
    """The same without the unit, for a column of days."""
    return f"{days:.1f}".removesuffix(".0") if days < _FEW_DAYS else f"{days:.0f}"
