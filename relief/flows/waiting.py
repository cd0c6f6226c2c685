"""What waits for somebody: cases of any kind, by the state they stand in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from relief.accounts.queries import acting_today
from relief.engine.actors import Actor
from relief.engine.clocks.deadlines import DEADLINE
from relief.engine.definitions.definition import Action, Titles
from relief.engine.journal.chain import JOURNAL
from relief.engine.kinds import SubjectKind
from relief.engine.steps.recusal import RECUSAL
from relief.engine.work import Work
from relief.petitions.identified import Hands, all_identifiers
from relief.petitions.queries import READER
from relief.petitions.rules import FAMILY
from relief.petitions.seeing import seen_of

# Beside the names of steps, of which none is called so: who stands aside, who said anew who gets a
# grant, and of what is restricted who may see it.
_BESIDE = _ASIDE, _IDENTIFIERS, _SEERS = "(aside)", "(identifiers)", "(seers)"


@dataclass(frozen=True)
class Waiting:
    """So many cases of a kind stand in a state that somebody leads on, by this step."""

    kind: str
    kind_title: Titles
    state: str
    state_title: Titles
    step: Titles
    count: int
    overdue: int


def waiting_for(work: Work, identities: Sequence[Actor]) -> list[Waiting]:
    """What waits for somebody, as themself (the first of `identities`, who also reads) or for whom
    they act: kind by kind, in the order of the states.

    A step waits for the first role that its workflow names and somebody can take it in: who is
    there, may see the case, took none of the steps that it is kept apart from, did not say anew who
    gets a grant, and does not stand aside.
    """
    acting, anew, found = acting_today(work), all_identifiers(work), []
    for key, kind in work.workflows.kinds.items():
        definition, steps = work.workflows.definitions[key], _steps_of(work, key, identities)
        counts = dict.fromkeys(steps, (0, 0))
        for state, takers, number, late in _standing(work, kind, steps, identities[0], anew):
            if _waits_for(identities, acting, steps[state], takers):
                counts[state] = (counts[state][0] + number, counts[state][1] + late)
        found += [
            Waiting(
                kind=key,
                kind_title=definition.title,
                state=state,
                state_title=definition.state_by_id[state].title,
                step=steps[state].title,
                count=count,
                overdue=overdue,
            )
            for state, (count, overdue) in counts.items()
            if count
        ]
    return found


def _steps_of(work: Work, kind: str, identities: Sequence[Actor]) -> dict[str, Action]:
    """By state, the step by which a case goes on, where it is for a role of theirs."""
    roles = frozenset[str]().union(*(each.roles for each in identities))
    states = (state.id for state in work.workflows.definitions[kind].states)
    steps = {state: work.workflows.next_step(kind, state) for state in states}
    return {state: step for state, step in steps.items() if step and roles & set(step.roles)}


def _waits_for(
    identities: Sequence[Actor], acting: Sequence[Actor], step: Action, takers: dict[str, str]
) -> bool:
    unable = (*step.not_by_actor_of, _ASIDE, _IDENTIFIERS)
    apart = frozenset(name for each in unable for name in takers[each].split())
    seers = takers[_SEERS].split()
    if seers:
        acting = [each for each in acting if each.username in seers]
    for role in step.roles:
        if any(role in each.roles and not each.people & apart for each in acting):
            return any(role in each.roles and not each.people & apart for each in identities)
    return False


def _standing(
    work: Work, kind: SubjectKind, steps: Mapping[str, Action], reader: Actor, anew: Hands
) -> Iterator[tuple[str, dict[str, str], int, int]]:
    """The cases that this reader sees, counted by state and by who took the steps that others are
    kept apart from, by who stands aside, who said anew who gets a grant, and who may see them:
    state, the names, how many, how many of them overdue."""
    if not steps:
        return
    table = kind.table
    apart = sorted({name for step in steps.values() for name in step.not_by_actor_of})
    of_case = sa.and_(DEADLINE.c.subject_kind == kind.key, DEADLINE.c.subject_id == table.c.id)
    late = sa.case((DEADLINE.c.due_at <= work.as_known_now(), 1), else_=0)
    people = (
        _aside(kind).label(_ASIDE),
        _identifiers(kind, anew).label(_IDENTIFIERS),
        _seers(kind).label(_SEERS),
    )
    case = (
        sa.select(
            table.c.state, late.label("late"), *people, *(_taker(kind, name) for name in apart)
        )
        .select_from(table.outerjoin(DEADLINE, of_case))
        .where(kind.mine, seen_of(kind, reader.username), table.c.state.in_(tuple(steps)))
        .subquery()
    )
    groups = [case.c.state, *(case.c[name] for name in (*_BESIDE, *apart))]
    counted = sa.select(*groups, sa.func.count(), sa.func.sum(case.c.late)).group_by(*groups)
    for state, *takers, number, overdue in work.rows(counted):
        named = (taker or "" for taker in takers)
        yield (
            state,
            dict(zip((*_BESIDE, *apart), named, strict=True)),
            int(number),
            int(overdue),
        )


def _aside(kind: SubjectKind) -> sa.ScalarSelect[str]:
    """Who stands aside in a case; their names in one text."""
    return (
        sa.select(sa.func.aggregate_strings(RECUSAL.c.username, " "))
        .where(
            RECUSAL.c.subject_kind == kind.key,
            RECUSAL.c.subject_id == kind.table.c.id,
            RECUSAL.c.ended_at.is_(None),
        )
        .correlate(kind.table)
        .scalar_subquery()
    )


def _identifiers(kind: SubjectKind, anew: Hands) -> sa.ColumnElement[str]:
    """Who said anew who gets what a case would grant; their names in one text."""
    if kind.family != FAMILY:
        return sa.literal("")
    by_names: dict[str, list[int]] = {}
    for case_id, people in anew.items():
        by_names.setdefault(" ".join(sorted(people)), []).append(case_id)
    said = [(kind.table.c.id.in_(ids), names) for names, ids in by_names.items()]
    return sa.case(*said, else_="") if said else sa.literal("")


def _seers(kind: SubjectKind) -> sa.ColumnElement[str]:
    """Who is named to see a restricted case; nobody of others, which everybody may see."""
    if kind.family != FAMILY:
        return sa.literal("")
    named = (
        sa.select(sa.func.aggregate_strings(READER.c.username, " "))
        .where(READER.c.case_id == kind.table.c.id, READER.c.ended_at.is_(None))
        .correlate(kind.table)
        .scalar_subquery()
    )
    return sa.case((kind.table.c.restricted, named), else_="")


def _taker(kind: SubjectKind, action: str) -> sa.Label[str]:
    """Who took a step of a case the last time, and for whom; their names in one text."""
    names = JOURNAL.c.actor + " " + sa.func.coalesce(JOURNAL.c.on_behalf_of, "")
    return (
        sa.select(names)
        .where(
            JOURNAL.c.subject_kind == kind.key,
            JOURNAL.c.subject_id == kind.table.c.id,
            JOURNAL.c.action == action,
        )
        .order_by(JOURNAL.c.number.desc())
        .limit(1)
        .correlate(kind.table)
        .scalar_subquery()
        .label(action)
    )
