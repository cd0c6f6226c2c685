"""Separation of duties: who took the steps that this one must be kept apart from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from relief.engine.actors import PROGRAM, Actor
from relief.engine.definitions.definition import Action, Definition
from relief.engine.journal.passages import Taken


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


def separation(definition: Definition, action: Action, passages: Sequence[Taken]) -> Separation:
    """From what a case has been through: who took the steps that an action is kept apart from."""
    latest_first = passages[::-1]
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
