"""Queues: the lists of cases that people work from, each one condition by set; and what is asked of
a queue beside (its filters). Counts and pages go by the same conditions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from relief.accounts.queries import list_users
from relief.desk.queries import words_about
from relief.engine.actors import CASE_ROLES, Actor
from relief.engine.clocks.deadlines import DEADLINE
from relief.engine.journal.chain import JOURNAL
from relief.engine.steps.recusal import RECUSAL
from relief.engine.work import Work
from relief.kernel.text import Text, _
from relief.petitions.identified import Hands, all_identifiers
from relief.petitions.lists.pages import CaseRow, CasesSought, cases_count
from relief.petitions.queries import CASE, Condition, kinds_of_cases, open_states_of, plain
from relief.petitions.seeing import aside_of_many

# What is due within so many days of the calendar stands in the queue "Due soon".
QUEUE_SOON_DAYS = 7
# More than so many are told as "99+".
COUNTED_MAX = 99
MINE, UNASSIGNED, SOON, OVERDUE, SECOND, ALL = (
    "mine", "unassigned", "soon", "overdue", "second", "all",
)  # fmt: skip


# What is marked of a case, by the fields of `Asked` and of the case, with the word for it.
MARKS: dict[str, Text] = {
    "urgent": _("urgent"),
    "collective": _("collective"),
    "restricted": _("restricted"),
}


@dataclass(frozen=True)
class Asked:
    """What is asked of a queue; what is left out is not asked. Both days are inside. `person` is a
    part of a name or of its pinyin, or a phone number. `closed` has closed cases among the others,
    where the queue holds any; `latest_first` is None where the queue's own order stands."""

    queue: str = ALL
    kind: str = ""
    state: str = ""
    case_worker: str = ""
    from_on: dt.date | None = None
    until_on: dt.date | None = None
    urgent: bool = False
    collective: bool = False
    restricted: bool = False
    person: str = ""
    closed: bool = False
    latest_first: bool | None = None


@dataclass(frozen=True)
class Queue:
    """One queue: what it is called, what stands in it, and by which condition."""

    key: str
    title: Text
    says: Text
    seek: Callable[[Work, Sequence[Actor]], CasesSought]


def cases_in(work: Work, identities: Sequence[Actor], asked: Asked) -> CasesSought:
    """The cases of a queue with what is asked beside, for `cases_page` and `cases_count`.
    `identities` are who reads, and each for whom they act."""
    queue = QUEUES.get(asked.queue, QUEUES[ALL]).seek(work, identities)
    is_open = queue.is_open and not asked.closed
    latest = asked.closed if asked.latest_first is None else asked.latest_first
    return CasesSought(
        kind=asked.kind,
        state=asked.state,
        case_worker=asked.case_worker,
        is_open=is_open,
        overdue=queue.overdue,
        due_until_on=queue.due_until_on,
        latest_first=latest,
        more=(*queue.more, *_by_state(work, asked, is_open), *_filters(work, asked)),
    )


def queue_counts(work: Work, identities: Sequence[Actor]) -> dict[str, int]:
    """How many stand in each queue, one more than `COUNTED_MAX` where there are more than that: as
    the first of `identities` may see them; a statement a queue."""
    return {
        key: cases_count(
            work, identities[0], cases_in(work, identities, Asked(queue=key)), COUNTED_MAX
        )
        for key in QUEUES
    }


def aside_in(work: Work, rows: Sequence[CaseRow]) -> dict[int, frozenset[str]]:
    """Who stands aside in each of these cases, by its id."""
    marked = {row.id: row.kind for row in rows if row.some_aside}
    return {row.id: frozenset() for row in rows} | aside_of_many(work, marked)


def _mine(_work: Work, identities: Sequence[Actor]) -> CasesSought:
    names = sorted({name for each in identities for name in each.people})
    here = sa.not_(_stands_aside(CASE.c.case_worker == RECUSAL.c.username))
    return CasesSought(is_open=True, more=(CASE.c.case_worker.in_(names), here))


def _unassigned(work: Work, _identities: Sequence[Actor]) -> CasesSought:
    """Nobody is named, or somebody who works on no cases any more, or stands aside in this one."""
    gone = [
        user.username
        for user in list_users(work)
        if user.disabled_at is not None or user.roles.isdisjoint(CASE_ROLES)
    ]
    nobodys = CASE.c.case_worker.in_(["", *gone])
    aside = _left_by_their_workers(work)
    return CasesSought(is_open=True, more=(sa.or_(nobodys, CASE.c.id.in_(aside)),))


def _left_by_their_workers(work: Work) -> list[int]:
    """The open cases in which the case worker stands aside: few, for the others were handed on, and
    closed ones wait for nobody. Read first, so that they are looked up by their ids beside the
    index of case workers."""
    still = sa.tuple_(CASE.c.kind, CASE.c.state).in_(sorted(open_states_of(work)))
    of_case = sa.and_(RECUSAL.c.subject_kind == CASE.c.kind, RECUSAL.c.subject_id == CASE.c.id)
    statement = (
        sa.select(CASE.c.id)
        .select_from(RECUSAL.join(CASE, of_case))
        .where(RECUSAL.c.ended_at.is_(None), RECUSAL.c.username == CASE.c.case_worker, still)
    )
    return sorted(work.connection.execute(statement).scalars())


def _soon(work: Work, _identities: Sequence[Actor]) -> CasesSought:
    until_on = work.today + dt.timedelta(days=QUEUE_SOON_DAYS)
    # The day alone begins the walk along the index, a day early; the instant says which are over.
    from_on = work.today - dt.timedelta(days=1)
    not_over = (DEADLINE.c.due_on >= from_on, DEADLINE.c.due_at > work.as_known_now())
    return CasesSought(is_open=True, due_until_on=until_on, more=not_over)


def _overdue(_work: Work, _identities: Sequence[Actor]) -> CasesSought:
    return CasesSought(is_open=True, overdue=True)


def _all(_work: Work, _identities: Sequence[Actor]) -> CasesSought:
    return CasesSought(is_open=True)


def _for_a_second(work: Work, identities: Sequence[Actor]) -> CasesSought:
    """The step by which a case goes on (of today's workflow) is kept apart from steps that were
    taken, one of `identities` has a role for it, took none of those the last time that they were
    taken, did not say since then who gets the money, and does not stand aside."""
    apart = [(each, _kept_apart(work, each.roles)) for each in identities]
    states = sorted({state for _actor, places in apart for _kind, state in places})
    anew = all_identifiers(work)
    open_to = (_open_to(actor, places, anew) for actor, places in apart if places)
    return CasesSought(more=(CASE.c.state.in_(states), sa.or_(sa.false(), *open_to)))


# Kinds and their states, each with the steps that the next one is kept apart from.
_Places = dict[tuple[str, str], tuple[str, ...]]


def _kept_apart(work: Work, roles: frozenset[str]) -> _Places:
    """Where the step that leads on is for these roles, and kept apart from others."""
    steps = {
        (kind, state.id): work.workflows.next_step(kind, state.id)
        for kind in kinds_of_cases(work)
        for state in work.workflows.definitions[kind].states
    }
    return {
        place: step.not_by_actor_of
        for place, step in steps.items()
        if step and step.not_by_actor_of and roles & set(step.roles)
    }


def _open_to(actor: Actor, places: _Places, anew: Hands) -> Condition:
    people = sorted(actor.people)
    identified = [each for each, who in anew.items() if who & actor.people]
    by_steps = (
        sa.and_(
            sa.tuple_(CASE.c.kind, CASE.c.state).in_(
                [place for place, steps in places.items() if steps == apart]
            ),
            *(_taken_by_others(step, people) for step in apart),
        )
        for apart in dict.fromkeys(places.values())
    )
    return sa.and_(
        sa.or_(*by_steps),
        CASE.c.id.not_in(identified),
        sa.not_(_stands_aside(RECUSAL.c.username.in_(people))),
    )


def _taken_by_others(action: str, people: Sequence[str]) -> Condition:
    """The action was taken, and the last time none of these had a hand in it."""
    entry = JOURNAL.alias()
    last = (
        sa.select(
            entry.c.actor.not_in(people) & sa.func.coalesce(entry.c.on_behalf_of, "").not_in(people)
        )
        .where(
            entry.c.subject_kind == CASE.c.kind,
            entry.c.subject_id == CASE.c.id,
            entry.c.action == action,
        )
        .order_by(entry.c.number.desc())
        .limit(1)
        .correlate(CASE)
        .scalar_subquery()
    )
    return sa.func.coalesce(last, sa.false())


def _stands_aside(who: Condition) -> Condition:
    """`who` are meant, by the rows of those who stand aside."""
    return sa.exists().where(
        RECUSAL.c.subject_kind == CASE.c.kind,
        RECUSAL.c.subject_id == CASE.c.id,
        who,
        RECUSAL.c.ended_at.is_(None),
    )


def _by_state(work: Work, asked: Asked, is_open: bool) -> Iterator[Condition]:
    """Case workers and states stand in one index, which these queues are looked up in."""
    if is_open and asked.queue in (MINE, UNASSIGNED):
        yield CASE.c.state.in_(sorted({state for _kind, state in open_states_of(work)}))


def _filters(work: Work, asked: Asked) -> Iterator[Condition]:
    if asked.from_on:
        yield CASE.c.received_on >= asked.from_on
    if asked.until_on:
        yield CASE.c.received_on <= asked.until_on
    for mark in MARKS:
        if getattr(asked, mark):
            yield CASE.c[mark].is_(True)
    if asked.person.strip():
        name = plain(CASE.c.petitioner_name, walks=True)
        yield words_about(CASE, name, work, asked.person)


QUEUES = {
    queue.key: queue
    for queue in (
        Queue(MINE, _("Mine"), _("Open cases that you work on, or those for whom you act."), _mine),
        Queue(
            SECOND,
            _("For another person to decide or do"),
            _("The next step is kept apart from one that somebody else took: you may take it."),
            _for_a_second,
        ),
        Queue(OVERDUE, _("Overdue"), _("Open cases whose day has passed."), _overdue),
        Queue(
            SOON,
            _("Due soon"),
            _("Open cases that are due within {days} days.", days=QUEUE_SOON_DAYS),
            _soon,
        ),
        Queue(
            UNASSIGNED,
            _("Unassigned"),
            _("Open cases that nobody works on: whose case worker is gone or stands aside, too."),
            _unassigned,
        ),
        Queue(ALL, _("All"), _("All open cases."), _all),
    )
}
