"""What a case has been through: its journal as clocks and the separation of duties read it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter

import sqlalchemy as sa

from relief.engine.actors import Actor
from relief.engine.journal.chain import JOURNAL, Entry, happened_at
from relief.engine.step import HAPPENED_AT, Step
from relief.kernel.looking import asked_once, know
from relief.kernel.unit_of_work import UnitOfWork, in_chunks

_COLUMNS = ("number", "action", "from_state", "to_state", "actor", "on_behalf_of", "at", "facts")
_OF_CASE = (
    sa.select(*(JOURNAL.c[name] for name in _COLUMNS))
    .where(
        JOURNAL.c.subject_kind == sa.bindparam("b_kind"),
        JOURNAL.c.subject_id == sa.bindparam("b_id"),
    )
    .order_by(JOURNAL.c.number)
)
_OF_KIND = (
    sa.select(JOURNAL.c.subject_id, *(JOURNAL.c[name] for name in _COLUMNS))
    .where(JOURNAL.c.subject_kind == sa.bindparam("b_kind"))
    .order_by(JOURNAL.c.subject_id, JOURNAL.c.number)
)
_OF_SOME = _OF_KIND.where(JOURNAL.c.subject_id.in_(sa.bindparam("b_ids", expanding=True)))


@dataclass(frozen=True)
class Taken:
    """A step of the past, and whose hands were in it."""

    action: str
    people: frozenset[str]


@dataclass(frozen=True)
class Passage(Taken):
    """The same, with the states it led between, when it happened, and when it was recorded."""

    from_state: str
    to_state: str
    happened_at: dt.datetime
    recorded_at: dt.datetime


@asked_once
def passages_of(work: UnitOfWork, kind: str, subject_id: int) -> list[Passage]:
    """Every step of a case, oldest first. Of two entered out of their order the later entry counts
    as having happened no earlier than the one before it, so time never runs back."""
    found = work.connection.execute(_OF_CASE, {"b_kind": kind, "b_id": subject_id})
    return _in_time(found.mappings())


def passages_of_all(work: UnitOfWork, kind: str) -> Iterator[tuple[int, list[Passage]]]:
    """The same for every case of a kind, by the ids of the cases, read in one go."""
    return _by_case(work.stream(_OF_KIND, {"b_kind": kind}))


def passages_of_some(
    work: UnitOfWork, kind: str, subject_ids: Iterable[int]
) -> Iterator[tuple[int, list[Passage]]]:
    """The same for some cases of a kind."""
    for chunk in in_chunks(subject_ids):
        found = work.connection.execute(_OF_SOME, {"b_kind": kind, "b_ids": chunk})
        yield from _by_case(found.mappings())


def know_passages(work: UnitOfWork, kind: str, subject_ids: Collection[int]) -> None:
    """Read the same of some cases beforehand."""
    found = dict(passages_of_some(work, kind, subject_ids))
    for subject_id in subject_ids:
        know(work, passages_of, found.get(subject_id, []), kind, subject_id)


def as_passages(entries: Iterable[Entry]) -> list[Passage]:
    """The same of entries that were read already, oldest first."""
    passages: list[Passage] = []
    for entry in entries:
        people = Actor(entry.actor, frozenset(), entry.on_behalf_of).people
        passage = Passage(
            entry.action, people, entry.from_state, entry.to_state, entry.happened_at, entry.at
        )
        passages.append(_in_order(passages, passage))
    return passages


def _by_case(rows: Iterable[sa.RowMapping]) -> Iterator[tuple[int, list[Passage]]]:
    for subject_id, steps in groupby(rows, key=itemgetter("subject_id")):
        yield subject_id, _in_time(steps)


def _in_time(rows: Iterable[sa.RowMapping]) -> list[Passage]:
    passages: list[Passage] = []
    for row in rows:
        happened = row["at"]
        if HAPPENED_AT in row["facts"]:  # cheap to ask: most entries say nothing of it
            happened = happened_at(json.loads(row["facts"]), row["at"])
        people = Actor(row["actor"], frozenset(), row["on_behalf_of"]).people
        passage = Passage(
            row["action"], people, row["from_state"], row["to_state"], happened, row["at"]
        )
        passages.append(_in_order(passages, passage))
    return passages


def passed_on(passages: Sequence[Passage], step: Step, to_state: str) -> list[Passage]:
    """The same with one step more."""
    passage = Passage(
        step.action, step.actor.people, step.state, to_state, step.happened_at, step.at
    )
    return [*passages, _in_order(passages, passage)]


def as_recorded(passages: Sequence[Passage]) -> list[Passage]:
    """The same, each as if it had happened when it was recorded: what nobody could know of before
    it was entered (a notice, the end of an objection) has not run before, either."""
    return [replace(passage, happened_at=passage.recorded_at) for passage in passages]


def _in_order(passages: Sequence[Passage], passage: Passage) -> Passage:
    if not passages or passage.happened_at >= passages[-1].happened_at:
        return passage
    return replace(passage, happened_at=passages[-1].happened_at)


def last_taken(passages: Sequence[Passage], action: str) -> Passage | None:
    """The last time an action was taken."""
    return next((passage for passage in reversed(passages) if passage.action == action), None)
