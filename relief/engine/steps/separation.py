"""Separation of duties: who took the steps that this one must be kept apart from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from relief.engine.actors import PROGRAM, Actor
from relief.engine.cases import Case
from relief.engine.definitions.definition import Action, Definition
from relief.engine.journal.passages import Taken
from relief.engine.work import Work

_NONE: Mapping[str, frozenset[str]] = {}


@dataclass(frozen=True)
class Separation:
    """Of the steps that an action is kept apart from: who took each, the last time, and which were
    not taken at all, so that nobody could be told apart."""

    action: Action
    taken_by: dict[str, frozenset[str]]
    untaken: tuple[str, ...] = ()

    @property
    def people(self) -> frozenset[str]:
        """Everyone who took one of them."""
        return frozenset().union(*self.taken_by.values())

    def broken_by(self, actor: Actor) -> list[str]:
        """The steps that this actor took itself."""
        return [step for step, people in self.taken_by.items() if people & actor.people]

    def may_be_lifted_for(self, actor: Actor) -> bool:
        """An override lifts one of the steps kept apart: it may make two persons of three, never
        one of all, however many steps a file names beside."""
        return self.action.overridable and len(self.broken_by(actor)) <= 1


def separation_in(work: Work, case: Case, action: Action, passages: Sequence[Taken]) -> Separation:
    """Who took the steps that an action is kept apart from: in a case, and in what became part of
    it."""
    hands, other = case.kind.other_hands, _NONE
    if hands and action.not_by_actor_of:
        other = hands(work, case.row, action, {taken.action for taken in passages})
    return separation(case.machine.definition, action, passages, other)


def separation(
    definition: Definition,
    action: Action,
    passages: Sequence[Taken],
    other: Mapping[str, frozenset[str]] = _NONE,
) -> Separation:
    """From what a case has been through: who took the steps that an action is kept apart from;
    with `other` hands that count as having taken them, or steps that the file does not name."""
    if not action.not_by_actor_of:
        return Separation(action, {})
    latest_first = passages[::-1]
    taken = {passage.action for passage in passages}
    return Separation(
        action,
        {
            step: people_of(step, definition.stand_ins(step), latest_first)
            | other.get(step, frozenset())
            for step in action.not_by_actor_of
        }
        | {step: people for step, people in other.items() if step not in action.not_by_actor_of},
        tuple(step for step in action.not_by_actor_of if step not in taken),
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
