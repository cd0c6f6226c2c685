"""Whether enough people are left to take a quarter's list to the bank: it needs a preparer, an
approver and a releaser, whose hands are kept apart as the workflow says.

The warning comes ten working days before the list is due, and stays until somebody is found, the
list is released, or the quarter is over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from relief.accounts.queries import absences_within, roles_by_name
from relief.accounts.rules import Away, who_acts
from relief.engine.actors import Actor
from relief.engine.definitions.definition import Action
from relief.engine.journal.passages import passages_of
from relief.engine.steps.separation import Separation, people_of, separation
from relief.engine.work import Work
from relief.households.scheme import scheme_terms
from relief.kernel.months import Quarter, first_day, month_of
from relief.kernel.text import Text, Username, _
from relief.payouts.queries import Run
from relief.payouts.runs.preparation import live_regular
from relief.payouts.runs.schedule import prepare_day

_KIND = "payout_run"
WARN_DAYS = 10  # working days before the list is due
_ONE_DAY = dt.timedelta(days=1)
# What is still to be done, by the state of the quarter's list ("": there is none yet).
_STEPS = ("submit", "approve", "release")
_STEPS_LEFT = {"": _STEPS, "draft": _STEPS, "submitted": _STEPS[1:], "approved": _STEPS[2:]}

Hands = Mapping[str, frozenset[str]]


class Presence(NamedTuple):
    """Somebody who can act, and on which days, in order."""

    actor: Actor
    days: tuple[dt.date, ...]


@dataclass(frozen=True)
class Shortage:
    """The step that nobody is left for; `override_would_do` where an office of two could go on."""

    action: Action
    override_would_do: bool


@dataclass(frozen=True)
class StaffingWarning:
    """What is worth a look before a list is due."""

    quarter: Quarter
    text: Text


def find_shortage(
    steps: Sequence[Action], hands: Hands, people: Sequence[Presence]
) -> Shortage | None:
    """The first of the steps that nobody could take, whoever takes those before it; None where all
    can be taken, each on its day or later, by people kept apart as the steps say.

    `hands`: who has taken the steps before, by action. Whoever submits counts as the preparer
    where nobody has prepared.
    """
    reached = _reach(steps, hands, people, may_override=False)
    if reached == len(steps):
        return None
    with_override = _reach(steps, hands, people, may_override=True)
    return Shortage(steps[reached], override_would_do=with_override == len(steps))


def _reach(
    steps: Sequence[Action],
    hands: Hands,
    people: Sequence[Presence],
    *,
    may_override: bool,
    not_before: dt.date = dt.date.min,
) -> int:
    """How many of the steps can be taken at most, one after the other."""
    if not steps:
        return 0
    best = 0
    for actor, on in _able(steps[0], hands, people, not_before, may_override=may_override):
        after = _after(steps[0], hands, actor)
        reached = _reach(steps[1:], after, people, may_override=may_override, not_before=on)
        best = max(best, 1 + reached)
        if best == len(steps):
            break
    return best


def _able(
    action: Action,
    hands: Hands,
    people: Sequence[Presence],
    not_before: dt.date,
    *,
    may_override: bool,
) -> Iterator[tuple[Actor, dt.date]]:
    """Who can take a step, and the first day on which they can."""
    apart = Separation(
        action, {step: hands.get(step, frozenset()) for step in action.not_by_actor_of}
    )
    for actor, days in people:
        if actor.roles.isdisjoint(action.roles):
            continue
        if apart.broken_by(actor) and not (may_override and apart.may_be_lifted_for(actor)):
            continue
        first = next((day for day in days if day >= not_before), None)
        if first is not None:
            yield actor, first


def _after(action: Action, hands: Hands, actor: Actor) -> Hands:
    """Whose hands are in the steps when this one is taken, too."""
    stands_in = action.stands_in_for
    taken = {action.id: actor.people}
    if stands_in and not hands.get(stands_in):
        taken[stands_in] = actor.people
    return {**hands, **taken}


def presences(
    roles_by_name: Mapping[str, frozenset[str]], absences: Sequence[Away], days: Sequence[dt.date]
) -> list[Presence]:
    """Everyone who can act on any of the days, themselves or for somebody away."""
    found: dict[Actor, list[dt.date]] = {}
    for day in days:
        for actor in who_acts(roles_by_name, absences, day):
            found.setdefault(actor, []).append(day)
    return [Presence(actor, tuple(there)) for actor, there in found.items()]


def staffing_warning(work: Work) -> StaffingWarning | None:
    """The warning that holds today, if one does."""
    quarter = Quarter.of(month_of(work.today))
    go_live_month = scheme_terms(work).go_live_month
    due_on = prepare_day(work.calendar, quarter).day
    warn_from = work.calendar.working_days_before(due_on, WARN_DAYS).day
    if go_live_month is None or quarter < Quarter.of(go_live_month) or work.today < warn_from:
        return None
    run = live_regular(work, quarter)
    steps = _steps_left(work, run)
    first, last = max(due_on, work.today), first_day(quarter.next().first_month) - _ONE_DAY
    absences = absences_within(work, first, last)
    people = presences(roles_by_name(work), absences, _working_days(work, first, last))
    shortage = find_shortage(steps, _hands(work, run, steps), people)
    if shortage is None:
        return None
    return StaffingWarning(quarter, _warning(quarter, due_on, shortage, absences))


def _steps_left(work: Work, run: Run | None) -> list[Action]:
    """By the workflow that the run began under; of one to come, today's."""
    left = _STEPS_LEFT.get(run.state if run else "", ())
    definition = work.workflows.current(_KIND).definition
    return [action for name in left for action in definition.actions_named(name)[:1]]


def _hands(work: Work, run: Run | None, steps: Sequence[Action]) -> Hands:
    """Who has taken the steps that those to come are kept apart from."""
    if run is None:
        return {}
    passages = passages_of(work, _KIND, run.id)
    if run.state == "draft":  # what was submitted or approved before a return is to be done anew
        return {"prepare": people_of("prepare", frozenset(), passages[::-1])}
    definition = work.workflows.current(_KIND).definition
    hands: dict[str, frozenset[str]] = {}
    for action in steps:
        hands |= separation(definition, action, passages).taken_by
    return hands


def _working_days(work: Work, first: dt.date, last: dt.date) -> list[dt.date]:
    days = (first + n * _ONE_DAY for n in range((last - first).days + 1))
    return [day for day in days if work.calendar.is_working_day(day).is_worked]


def _warning(
    quarter: Quarter, due_on: dt.date, shortage: Shortage, absences: Sequence[Away]
) -> Text:
    values = {"quarter": quarter, "day": due_on, "action": shortage.action.title}
    if shortage.override_would_do:
        text = _(
            "The list of {quarter} is due on {day}. Until the quarter ends three different people "
            'are not there to take it to the bank: "{action}" could be done only with an override.'
        )
    else:
        text = _(
            "The list of {quarter} is due on {day}. Until the quarter ends nobody is left who may "
            '"{action}"; name a deputy, or let an administrator give somebody the role.'
        )
    said = Text(text.msgid, values)
    if not absences:
        return said
    return _("{warning} Away: {who}.", warning=said, who=[_away(each) for each in absences])


def _away(away: Away) -> Text:
    return _(
        "{name} from {first} until {last}",
        name=Username(away.username),
        first=away.from_on,
        last=away.until_on,
    )
