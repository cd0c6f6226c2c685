"""Separation of duties: who took the steps that this one must be kept apart from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from relief.engine.actors import PROGRAM, Actor
from relief.engine.chain import JOURNAL
from relief.engine.definition import Action, Definition
from relief.kernel.database import UnitOfWork

_ACTORS = (
    sa.select(JOURNAL.c.action, JOURNAL.c.actor, JOURNAL.c.on_behalf_of)
    .where(
        JOURNAL.c.subject_kind == sa.bindparam("b_kind"),
        JOURNAL.c.subject_id == sa.bindparam("b_id"),
        JOURNAL.c.action.in_(sa.bindparam("b_actions", expanding=True)),
    )
    .order_by(JOURNAL.c.number.desc())
)


@dataclass(frozen=True)
class Taken:
    """A step of the past, and whose hands were in it."""

    action: str
    people: frozenset[str]


@dataclass(frozen=True)
class Separation:
    """Of the steps that an action is kept apart from: who took each, the last time."""

    action: Action
    taken_by: dict[str, frozenset[str]]

    @property
    def people(self) -> frozenset[str]:
        """Everyone who took one of them."""
        return frozenset().union(*self.taken_by.values())

    def broken_by(self, actor: Actor) -> list[str]:
        """The steps that this actor took itself."""
        return [step for step, people in self.taken_by.items() if people & actor.people]

    def may_be_lifted_for(self, actor: Actor) -> bool:
        """An override may make two persons of three, never one of all."""
        apart = self.action.not_by_actor_of
        one_of_all = len(apart) > 1 and len(self.broken_by(actor)) == len(set(apart))
        return self.action.overridable and not one_of_all


def separation(
    work: UnitOfWork, case: tuple[str, int], definition: Definition, action: Action
) -> Separation:
    """Read from the journal of a case who took the steps that an action is kept apart from."""
    names = {
        name for step in action.not_by_actor_of for name in (step, *definition.stand_ins(step))
    }
    if not names:
        return Separation(action, {})
    kind, subject_id = case
    rows = work.session.connection().execute(
        _ACTORS, {"b_kind": kind, "b_id": subject_id, "b_actions": sorted(names)}
    )
    latest_first = [Taken(row.action, _people(row.actor, row.on_behalf_of)) for row in rows]
    return Separation(
        action,
        {
            step: people_of(step, definition.stand_ins(step), latest_first)
            for step in action.not_by_actor_of
        },
    )


def people_of(
    step: str, stand_ins: frozenset[str], latest_first: Sequence[Taken]
) -> frozenset[str]:
    """Who took a step the last time; where the program did, who stood in for it afterwards."""
    stood_in: frozenset[str] = frozenset()
    for taken in latest_first:
        if taken.action == step:
            return stood_in if taken.people & PROGRAM else taken.people
        if taken.action in stand_ins and not stood_in:
            stood_in = taken.people
    return frozenset()


def _people(actor: str, on_behalf_of: str | None) -> frozenset[str]:
    return Actor(actor, frozenset(), on_behalf_of).people
