"""Everything that may stand against a step: role, separation of duties, form and guards.

The same checks refuse a step and draw its button (`advance`, `available`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from relief.engine.actors import ROLES, SYSTEM_ROLE, Actor, role_titles
from relief.engine.clocks.running import clock_problems
from relief.engine.definitions.definition import Action, Definition
from relief.engine.journal.passages import Passage
from relief.engine.step import Refusal, Step
from relief.engine.steps.recusal import told_aside
from relief.engine.steps.separation import Separation
from relief.engine.work import Work
from relief.kernel.errors import NotAllowed, Problem, ReliefError, TransitionRefused
from relief.kernel.looking import asked_once
from relief.kernel.text import Text, Username, _


def personal_refusals(
    work: Work, definition: Definition, apart: Separation, step: Step, aside: frozenset[str]
) -> list[Refusal]:
    """What stands against this person: the role, an interest of their own (`aside` are those who
    stepped aside), and the steps taken before; where one of those was not, whom it is kept apart
    from nobody can say."""
    unable = apart.people | aside if apart.taken_by else aside
    refusals: list[Refusal] = []
    if step.actor.roles.isdisjoint(apart.action.roles):
        refusals += _role_refusals(work, (apart.action,), step, unable)
    if aside and step.actor.people & aside:
        text = told_aside(step.actor.people & aside, step.reference)
        able = _able(work, step, apart.action.roles, unable | step.actor.people)
        refusals.append(able.refusal("step.recused", text))
    broken = apart.broken_by(step.actor) if apart.taken_by else []
    if broken and not (step.override and apart.may_be_lifted_for(step.actor)):
        able = _able(work, step, apart.action.roles, unable | step.actor.people)
        text = _separation_text(definition, apart, step, broken)
        refusals.append(able.refusal("step.kept_apart", text))
    if apart.untaken:
        text = _(
            '"{action}" comes after {steps}, which another person has to do first on {reference}.',
            action=apart.action.title,
            steps=definition.titles_of(apart.untaken),
            reference=step.reference,
        )
        refusals.append(Refusal(Problem("step.nobody_before", text)))
    return refusals


def guard_refusals(work: Work, action: Action, step: Step) -> list[Refusal]:
    """Every reason of every guard: those of the file, and those that the program keeps, which a
    case that began under an older file has not."""
    guards = work.workflows.guards_of(step.kind, action)
    return [Refusal(fault) for guard in guards for fault in guard(work, step)]


def state_refusals(work: Work, definition: Definition, step: Step) -> list[Refusal]:
    """Why an action that does not start in this state cannot be taken; the role is judged too."""
    actions = tuple(definition.actions_named(step.action))
    starts = [definition.state_by_id[s].title for action in actions for s in action.sources]
    if starts:
        text = _('{reference} is "{state}"; "{action}" can be done only from: {starts}.')
    else:
        text = _('{reference} is "{state}"; "{action}" is only for beginning a new case.')
    values = {
        "reference": step.reference,
        "state": definition.state_by_id[step.state].title,
        "action": actions[0].title,
        "starts": starts,
    }
    by_role = _role_refusals(work, actions, step, frozenset())
    return [Refusal(Problem("step.wrong_state", Text(text.msgid, values))), *by_role]


def clock_refusals(
    work: Work,
    definition: Definition,
    action: Action,
    step: Step,
    passages: Sequence[Passage],
) -> list[Refusal]:
    """What the step's own terms say against it."""
    if not action.is_timed:
        return []
    return [Refusal(p) for p in clock_problems(work, definition, action, step, passages)]


def time_refusals(work: Work, step: Step, passages: Sequence[Passage]) -> list[Refusal]:
    """When it happened: not in the future, and not before the day of the step before it."""
    today = work.clock.day_of(step.at)
    if step.happened_at > step.at:
        text = _("{day} lies in the future (today is {today})", day=step.happened_on, today=today)
        return [Refusal(Problem("step.in_future", text, "on"))]
    if not passages:
        return []
    before_on = work.clock.day_of(passages[-1].happened_at)
    if step.happened_on >= before_on:
        return []
    text = _(
        "the step before it happened on {before}; {day} lies before that",
        before=before_on,
        day=step.happened_on,
    )
    return [Refusal(Problem("step.before_last_step", text, "on"))]


def refused(refusals: list[Refusal]) -> ReliefError:
    """All reasons in one refusal: a matter of persons only, or of the step."""
    only_personal = all(refusal.personal for refusal in refusals)
    kind = NotAllowed if only_personal else TransitionRefused
    return kind(refusal.problem for refusal in refusals)


def _role_refusals(
    work: Work, actions: tuple[Action, ...], step: Step, apart: frozenset[str]
) -> list[Refusal]:
    roles = tuple(role for role in ROLES if any(role in action.roles for action in actions))
    if step.actor.roles.intersection(roles):
        return []
    return _for_roles(work, actions[0], roles, step.actor, _able(work, step, roles, apart))


@asked_once
def _for_roles(
    _work: Work, action: Action, roles: tuple[str, ...], actor: Actor, able: _Able
) -> list[Refusal]:
    title = action.title
    if roles == (SYSTEM_ROLE,):
        text = _('"{action}" is done by the program itself, by nobody else.', action=title)
        return [Refusal(Problem("step.system_only", text), personal=True)]
    held = role_titles(actor.roles) or [_("no role")]
    text = _(
        '"{action}" is for: {roles}. {actor} is: {held}.',
        action=title,
        roles=role_titles(roles),
        actor=Username(actor.username),
        held=held,
    )
    return [able.refusal("step.role", text)]


def _separation_text(
    definition: Definition, apart: Separation, step: Step, broken: list[str]
) -> Text:
    values = {
        "actor": Username(step.actor.username),
        "steps": definition.titles_of(broken),
        "reference": step.reference,
        "action": apart.action.title,
    }
    if not set(broken) & set(apart.action.not_by_actor_of):  # the program alone keeps it apart
        text = _(
            'On {reference} "{steps}" is the work of {actor}; "{action}" is for another person, '
            'until another takes "{steps}" anew.'
        )
    elif not apart.action.overridable:
        text = _(
            'On {reference} "{steps}" is the work of {actor}; "{action}" is for another person.'
        )
    elif apart.may_be_lifted_for(step.actor):
        text = _(
            'On {reference} "{steps}" is the work of {actor}; "{action}" is for another person. '
            "An office of two may override this with a reason, which is recorded and reported."
        )
    else:
        text = _(
            'On {reference} "{steps}" is the work of {actor}; "{action}" is for another person. '
            "One person cannot take all these steps, not even with an override."
        )
    return Text(text.msgid, values)


@dataclass(frozen=True)
class _Able:
    """Who could take a step: those who may see the case, and those who could if they saw it."""

    who: tuple[Actor, ...]
    unseeing: tuple[Actor, ...]

    def refusal(self, code: str, text: Text) -> Refusal:
        """A refusal that says who could do it instead."""
        unseeing = () if self.who else self.unseeing
        problem = Problem(code, _with_who(text, self.who, unseeing))
        return Refusal(problem, self.who, personal=True, unseeing=unseeing)


def _able(work: Work, step: Step, roles: tuple[str, ...], apart: frozenset[str]) -> _Able:
    """The users who could take the step, as far as persons go."""
    holders = _holders(work, roles, apart)
    visible = work.workflows.kinds[step.kind].visible
    if visible is None or not step.subject_id:
        return _Able(holders, ())
    seeing = tuple(each for each in holders if visible(work, step.row, each))
    return _Able(seeing, tuple(each for each in holders if each not in seeing))


@asked_once
def _holders(work: Work, roles: tuple[str, ...], apart: frozenset[str]) -> tuple[Actor, ...]:
    holders = work.workflows.who_holds(work, [role for role in roles if role != SYSTEM_ROLE])
    return tuple(actor for actor in holders if not actor.people & apart)


def _with_who(text: Text, who: tuple[Actor, ...], unseeing: tuple[Actor, ...]) -> Text:
    if who:
        return _("{reason} It can be done by: {who}.", reason=text, who=[a.title for a in who])
    if unseeing:
        return _(
            "{reason} {who} could do it, but may not see this case yet: "
            "name them as readers first.",
            reason=text,
            who=[a.title for a in unseeing],
        )
    return _(
        "{reason} Nobody who is here today can do it: who is away can name a deputy, or an "
        "administrator gives the role.",
        reason=text,
    )
