"""The work of the step jobs, the same for every peer.

Petitions are led from `received` to `feedback` by four steps. A peer takes a portion of cases one
step on, in one transaction; portions of one are what an office does all day. Nothing is kept
between two portions: whoever takes a step knows the case's id, the step and the version it saw.
In the end all cases stand in the last state with one row of history for each step, and a case
that lacks its papers was refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tests.bench.stopwatch import Stopwatch

STATES = ("received", "accepted", "handled", "implemented", "feedback")
ACTIONS = ("accept", "handle", "implement", "feedback")
WARMING_UP = 20

Take = Callable[[Sequence[int], int], None]


def lead(take: Take, cases: Sequence[int], per_commit: int) -> dict[str, Any]:
    """Lead all cases to the end; those that warm the program up are not timed."""
    warming, timed = cases[:WARMING_UP], cases[WARMING_UP:]
    _steps(take, warming, per_commit)
    with Stopwatch() as watch:
        _steps(take, timed, per_commit)
    return watch.figures(len(timed) * len(ACTIONS), "step")


def _steps(take: Take, cases: Sequence[int], per_commit: int) -> None:
    for number in range(len(ACTIONS)):
        for start in range(0, len(cases), per_commit):
            take(cases[start : start + per_commit], number)


def checked(found: dict[str, Any], cases: int, ended: int, history: int, refused: bool) -> Any:
    """The figures, where the work was done as it should be; else the run counts as failed."""
    if (ended, history, refused) != (cases, cases * len(ACTIONS), True):
        return {"failed": f"{ended} of {cases} cases ended, {history} rows, refused: {refused}"}
    return {**found, "agrees": [ended, history]}
