"""The product: `prepare_run` on an open office, with its commit; the first in the process.

It finds the verdicts, writes the run with its journal, the lines with their events, items,
exceptions and checkpoints, checks the invariants, and takes the list's SHA-256 over what it
decrypts. Opening the office is not timed; translating the statements to SQL is.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from relief.engine.actors import SCHEDULER
from relief.kernel.months import Quarter
from relief.payouts.runs.preparation import prepare_run
from tests.bench.offices.history import change_some, lists_open_at
from tests.bench.offices.opened import office_in
from tests.bench.peer import answer
from tests.bench.stopwatch import Stopwatch
from tests.office import Office


def measure(folder: str, quarter: str = "2005Q2", changed: int = 0) -> dict[str, Any]:
    """Prepare one quarter; where `changed` households had changes recorded, those come before."""
    office = Office(office_in(Path(folder)))
    office.at(lists_open_at(Quarter.parse(quarter)))
    if changed:
        change_some(office, Quarter.parse(quarter), changed)
    with Stopwatch() as watch, office.relief.work() as work:
        run = prepare_run(work, SCHEDULER, Quarter.parse(quarter))
        work.commit()
    found = watch.figures(run.line_count, "line")
    office.relief.database.dispose()
    return {**found, "agrees": [run.line_count, run.total_fen]}


if __name__ == "__main__":
    answer(measure)
