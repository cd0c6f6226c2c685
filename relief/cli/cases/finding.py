"""The case that is meant, of whatever kind."""

from __future__ import annotations

from relief.engine.actors import Actor
from relief.engine.cases import Case, find_case, load_case
from relief.engine.work import Work
from relief.kernel.errors import NotFound, ReliefError
from relief.payouts.queries import find_run


def case_named(work: Work, reference: str, actor: Actor | None) -> Case:
    """A case by its number, a hardship file by its own, a run by its reference or its quarter."""
    try:
        return find_case(work, reference, actor)
    except NotFound:
        try:
            run = find_run(work, reference)
        except ReliefError:
            run = None
        if run is None:
            raise
        return load_case(work, "payout_run", run.id)
