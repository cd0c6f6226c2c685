"""Steps that a use case of its own records: a run's list, the bank's answer, a logged contact."""

from __future__ import annotations

from dataclasses import dataclass

from relief.engine.step import OWN_FACTS, Step
from relief.kernel.errors import Problem
from relief.kernel.text import Text
from relief.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class OnlyWith:
    """A guard: the step is taken by its use case alone, known by the fact that this hands over.

    Taken by itself, the step would say that something was done which was not.
    """

    fact: str
    problem: Problem

    def __call__(self, _work: UnitOfWork, step: Step) -> list[Problem]:
        """Refused without the fact, whatever else there is."""
        return [] if self.fact in step.facts else [self.problem]


def only_with(fact: str, code: str, text: Text) -> OnlyWith:
    """The guard that asks for this fact; `text` says by which command the step is taken."""
    assert fact not in OWN_FACTS, f"{fact} is written by the engine: it says nothing of a use case"
    return OnlyWith(fact, Problem(code, text))
