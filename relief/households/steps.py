"""The steps of a hardship file: the guards that workflows/household.toml names.

In this version the register and the ledger alone record what happens to a file; they hand the step
the facts that they write. A step without them would move the state and leave the facts behind, and
money reads facts alone.
"""

from __future__ import annotations

from relief.engine.step import Step
from relief.engine.work import Work
from relief.engine.workflows import Must
from relief.households.rules import ENROLLED_STATES
from relief.kernel.errors import Problem
from relief.kernel.text import _


def facts_are_recorded_with_it(_work: Work, step: Step) -> list[Problem]:
    """The step comes from the register or the ledger, which record its facts."""
    if "row" in step.facts:
        return []
    return [
        Problem(
            "household.facts_missing",
            _("this is recorded through the register or the ledger, which keep the facts of it"),
        )
    ]


GUARDS = {facts_are_recorded_with_it.__name__: facts_are_recorded_with_it}
STATES = frozenset({"applied", "exited", "refused", *ENROLLED_STATES})
_RECORDED = Must(guards=(facts_are_recorded_with_it.__name__,))
MUST = dict.fromkeys(
    ("open_file", "take_over", "approve", "suspend", "resume", "exit", "correct"), _RECORDED
)
