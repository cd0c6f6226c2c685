"""A step as guards and effects see it, and why one may not be taken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from relief.engine.actors import Actor
from relief.engine.definitions.definition import Action
from relief.kernel.errors import Problem

# The fact that says when a step happened that was entered late.
HAPPENED_AT = "happened_at"
# The fact that names which fields were filled in, of those that a kind names for a step.
SAID = "said"
# Facts that the engine writes itself, and nobody hands over.
OWN_FACTS = frozenset({HAPPENED_AT, "override", "kept_apart_from", SAID})


@dataclass(frozen=True)
class Step:
    """One step of one case.

    `state` and `row` are those it is taken from (where it opens a case: "" and the values given;
    `subject_id` is 0 for the guards of such a step). `override` is empty where nothing was lifted.
    `attempted` is False where it is only asked whether the step might be taken, before anything
    was typed (`available`): what a guard misses in the form it tells only to who attempts the step.
    Guards read `fields` and `facts` by `get`.

    `at` is the instant of record; `happened_at` when it happened, the same where nothing else was
    said, and `happened_on` the office's date of that.
    """

    kind: str
    subject_id: int
    reference: str
    state: str
    row: Mapping[str, Any]
    action: str
    actor: Actor
    fields: Mapping[str, str]
    reason: str
    override: str
    facts: Mapping[str, Any]
    at: dt.datetime
    happened_at: dt.datetime
    happened_on: dt.date
    attempted: bool = True

    def by_action(self, action: str) -> Step:
        """The same by another action. (Many are asked at once: this takes a quarter of the time of
        making a step.)"""
        other = object.__new__(Step)
        other.__dict__.update(self.__dict__, action=action)
        return other


@dataclass(frozen=True)
class Refusal:
    """Why a step may not be taken; `who` could take it, where it is a matter of persons. `unseeing`
    could as well, but may not see the case, and nobody is left who may."""

    problem: Problem
    who: tuple[Actor, ...] = ()
    personal: bool = False
    unseeing: tuple[Actor, ...] = ()


@dataclass(frozen=True)
class Choice:
    """A step that starts here, and everything that stands against this person taking it now.

    `by_itself` is False where nobody takes the step as such: it follows from a command of its own,
    or the program takes it.
    """

    action: Action
    refusals: tuple[Refusal, ...] = ()
    by_itself: bool = True

    @property
    def allowed(self) -> bool:
        """True where nothing stands against it (but what the form will ask)."""
        return not self.refusals
