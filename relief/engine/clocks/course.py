"""Which clock runs in a case, read off its journal (pure), and what a step's own terms refuse."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from relief.engine.clocks.reckoning import reckon
from relief.engine.clocks.terms import Course, Pause, Reckoned
from relief.engine.definitions.definition import Action, Definition, Term
from relief.engine.journal.passages import Passage, last_taken
from relief.engine.step import Step
from relief.engine.work import Work
from relief.kernel.errors import Problem
from relief.kernel.text import _


def reckoned_deadline(
    work: Work, definition: Definition, passages: Sequence[Passage]
) -> Reckoned | None:
    """The deadline of the state that a case stands in; of one that pauses the clock, that of the
    state it came from. None where there is none, or where it has not begun."""
    state = clocked_state(definition, passages)
    term = definition.state_by_id[state].deadline if state else None
    return _reckoned(work, definition, term, state, passages) if term else None


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


def _reckoned(
    work: Work, definition: Definition, term: Term, state: str, passages: Sequence[Passage]
) -> Reckoned | None:
    zone = work.clock.zone
    course = course_of(definition, term, state, passages, zone)
    return reckon(term, course, work.calendar, zone) if course else None


def clock_problems(
    work: Work, definition: Definition, action: Action, step: Step, passages: Sequence[Passage]
) -> Iterator[Problem]:
    """What a step's own terms say against taking it now, or a second time."""
    before = last_taken(passages, action.id)
    if action.once and before:
        taken_on = work.clock.day_of(before.happened_at)
        text = _(
            '"{action}" can be done once only; it was done on {day}.',
            action=action.title,
            day=taken_on,
        )
        yield Problem("step.once", text)
    if action.not_before:
        yield from _too_early(work, definition, action, step, passages)
    if action.not_after:
        yield from _too_late(work, definition, action, step, passages)
    if action.extends_days:
        yield from _nothing_to_extend(work, definition, action, step, passages)


def _too_early(
    work: Work, definition: Definition, action: Action, step: Step, passages: Sequence[Passage]
) -> Iterator[Problem]:
    assert action.not_before is not None
    runs = _reckoned(work, definition, action.not_before, step.state, passages)
    if runs is not None and runs.has_run(step.happened_at):
        return
    if runs is None or runs.due_on is None:
        text = _('"{action}" has to wait: its time is not running.', action=action.title)
    else:
        text = _(
            '"{action}" has to wait until {day} is over: {arithmetic}.',
            action=action.title,
            day=runs.due_on,
            arithmetic=list(runs.lines),
        )
    yield Problem("step.too_early", text)


def _too_late(
    work: Work, definition: Definition, action: Action, step: Step, passages: Sequence[Passage]
) -> Iterator[Problem]:
    assert action.not_after is not None
    runs = _reckoned(work, definition, action.not_after, step.state, passages)
    if runs is not None and runs.has_run(step.happened_at):
        text = _(
            '"{action}" could be done up to {day}: {arithmetic}.',
            action=action.title,
            day=runs.due_on,
            arithmetic=list(runs.lines),
        )
        yield Problem("step.too_late", text)


def _nothing_to_extend(
    work: Work, definition: Definition, action: Action, step: Step, passages: Sequence[Passage]
) -> Iterator[Problem]:
    runs = reckoned_deadline(work, definition, passages)
    if runs is None:
        text = _('"{action}": there is no deadline that runs.', action=action.title)
        yield Problem("step.no_deadline", text)
    elif runs.has_run(step.happened_at):
        text = _(
            '"{action}" comes too late: the deadline, {day}, has passed.',
            action=action.title,
            day=runs.due_on,
        )
        yield Problem("step.deadline_passed", text)
