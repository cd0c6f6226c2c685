"""The clocks of a case, run by the office's calendar: its deadline, and what a step's own terms say
against the step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace

from relief.engine.clocks.course import clocked_state, course_of
from relief.engine.clocks.reckoning import reckon
from relief.engine.clocks.terms import Reckoned
from relief.engine.definitions.definition import TERM_DAYS_MAX, Action, Definition, Term
from relief.engine.journal.passages import Passage, as_recorded, last_taken
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


def deadline_after(
    work: Work,
    definition: Definition,
    action: Action,
    passages: Sequence[Passage],
    at: dt.datetime,
) -> Reckoned | None:
    """The deadline that a case would have after an action taken at an instant."""
    state = passages[-1].to_state
    taken = Passage(action.id, frozenset(), state, action.to or state, at, at)
    return reckoned_deadline(work, definition, [*passages, taken])


def open_until(
    work: Work, definition: Definition, action: Action, state: str, passages: Sequence[Passage]
) -> Reckoned | None:
    """Until when an action may be taken that is refused when its term has run; None where it has no
    such term, or the term has not begun."""
    term = action.not_after
    return _reckoned(work, definition, term, state, passages) if term else None


def _reckoned(
    work: Work,
    definition: Definition,
    term: Term,
    state: str,
    passages: Sequence[Passage],
    *,
    told_on: dt.date | None = None,
) -> Reckoned | None:
    """What a term comes to; where a later day is told from which it runs, counted from that."""
    zone = work.clock.zone
    course = course_of(definition, term, state, passages, zone)
    if course is not None and told_on is not None:
        told_at = dt.datetime.combine(told_on, dt.time(), zone).astimezone(dt.UTC)
        course = replace(course, started_at=max(course.started_at, told_at))
    return reckon(term, course, work.calendar, zone) if course else None


def clock_problems(
    work: Work, definition: Definition, action: Action, step: Step, passages: Sequence[Passage]
) -> Iterator[Problem]:
    """What a step's own terms say against taking it now, or a second time."""
    before = last_taken(passages, action.id) if action.once else None
    if before:
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
    known = as_recorded(passages)
    runs = _reckoned(work, definition, action.not_before, step.state, known)
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
    told_on = _told_day(action.not_after, step)
    runs = _reckoned(work, definition, action.not_after, step.state, passages, told_on=told_on)
    if runs is not None and runs.has_run(step.happened_at):
        text = _(
            '"{action}" could be done up to {day}: {arithmetic}.',
            action=action.title,
            day=runs.due_on,
            arithmetic=list(runs.lines),
        )
        yield Problem("step.too_late", text)


def _told_day(term: Term, step: Step) -> dt.date | None:
    """The day from which a term runs by the words of the step; None where it says none, or none
    that is one."""
    try:
        return dt.date.fromisoformat(step.fields.get(term.since_day, ""))
    except ValueError:
        return None


def _nothing_to_extend(
    work: Work, definition: Definition, action: Action, step: Step, passages: Sequence[Passage]
) -> Iterator[Problem]:
    runs = reckoned_deadline(work, definition, passages)
    if runs is None:
        text = _('"{action}": there is no deadline that runs.', action=action.title)
        yield Problem("step.no_deadline", text)
    elif runs.has_run(step.at):  # entered afterwards it would only take the mark away
        text = _(
            '"{action}" comes too late: the deadline, {day}, has passed.',
            action=action.title,
            day=runs.due_on,
        )
        yield Problem("step.deadline_passed", text)
    elif runs.due_on and runs.due_on - work.today > dt.timedelta(days=TERM_DAYS_MAX):
        text = _(
            '"{action}": the deadline, {day}, is more than ten years away already.',
            action=action.title,
            day=runs.due_on,
        )
        yield Problem("step.deadline_far", text)
