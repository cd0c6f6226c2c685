"""The product: taking out a released list for the first time, to a file, as `export` does it.

It reads and opens the lines, writes the file's bytes, keeps them sealed with their SHA-256, writes
down the hand-out, and commits.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from relief.cli.files_out import file_out
from relief.payouts import queries
from relief.payouts.bank.released import export_list
from tests.bench.offices.history import FIRST, lists_open_at
from tests.bench.offices.opened import office_in
from tests.bench.peer import answer
from tests.bench.peers.export_floor import content_of
from tests.bench.stopwatch import Stopwatch
from tests.office import GAO, Office


def measure(folder: str, file_format: str) -> dict[str, Any]:
    """Export the first quarter's list."""
    office, out = Office(office_in(Path(folder))), Path(folder) / f"list.{file_format}"
    office.at(lists_open_at(FIRST))
    with Stopwatch() as watch, office.relief.work() as work:
        run = queries.find_run(work, str(FIRST))
        handed = export_list(work, GAO, run, file_format, "en")
        with file_out(out, [handed.content]):
            work.commit()
    found = watch.figures(run.line_count, "line")
    office.relief.database.dispose()
    return {**found, "agrees": [run.line_count, content_of(out)]}


if __name__ == "__main__":
    answer(measure)
