"""Which clock runs in a case, and from when: read off what it has been through. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from relief.engine.clocks.terms import Course, Pause
from relief.engine.definitions.definition import Definition, Term
from relief.engine.journal.passages import Passage


def clocked_state(definition: Definition, passages: Sequence[Passage]) -> str:
    """The state whose clock it is: the last that does not pause it."""
    states = (passage.to_state for passage in reversed(passages))
    return next((state for state in states if not definition.state_by_id[state].pauses), "")


def course_of(
    definition: Definition,
    term: Term,
    state: str,
    passages: Sequence[Passage],
    zone: dt.tzinfo,
) -> Course | None:
    """From when a term runs, when it stood still, and how it was extended."""
    begun = _beginning(definition, term, state, passages)
    if begun is None:
        return None
    since = passages[begun:]
    return Course(
        since[0].happened_at,
        tuple(_pauses(definition, since)),
        tuple(_extensions(definition, since[1:], zone)),
    )


def _beginning(
    definition: Definition, term: Term, state: str, passages: Sequence[Passage]
) -> int | None:
    """The position of the passage that the term counts from."""
    begun = None
    for position, passage in enumerate(passages):
        if term.since:
            if passage.action == term.since:
                begun = position
        elif passage.to_state == state and _comes_anew(definition, passage):
            begun = position
    return begun


def _comes_anew(definition: Definition, passage: Passage) -> bool:
    """Coming back from a pause is no new coming, and staying is none."""
    before = definition.state_by_id.get(passage.from_state)
    return before is None or not (before.pauses or passage.from_state == passage.to_state)


def _pauses(definition: Definition, since: Sequence[Passage]) -> Iterator[Pause]:
    standing: dt.datetime | None = None
    for passage in since:
        pauses = definition.state_by_id[passage.to_state].pauses
        if pauses and standing is None:
            standing = passage.happened_at
        if not pauses and standing is not None:
            yield Pause(standing, passage.happened_at)
            standing = None
    if standing is not None:
        yield Pause(standing)


def _extensions(
    definition: Definition, since: Sequence[Passage], zone: dt.tzinfo
) -> Iterator[tuple[dt.date, int]]:
    for passage in since:
        action = definition.action_from(passage.from_state, passage.action)
        if action is not None and action.extends_days:
            yield passage.happened_at.astimezone(zone).date(), action.extends_days
