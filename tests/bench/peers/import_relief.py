"""The product: taking over a register from a workbook, as the command `import` does it.

It reads the workbook, judges every cell and every contradiction, writes persons, files and facts,
sealed, and takes the first step of each file with its journal; one commit. What it opened is there
afterwards.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from relief.households.files.register import parse_register
from relief.households.files.sources import fingerprint
from relief.households.service import import_register
from tests.bench.offices.opened import office_in
from tests.bench.offices.register import NAME
from tests.bench.peer import answer
from tests.bench.stopwatch import Stopwatch
from tests.office import PING, Office

_TAKEN_OVER_AT = "2005-06-01T09:00"


def measure(folder: str) -> dict[str, Any]:
    """Import the register that stands in the folder."""
    office, path = Office(office_in(Path(folder))), Path(folder) / NAME
    office.at(_TAKEN_OVER_AT)
    with Stopwatch() as watch:
        register, problems = parse_register(path, office.relief.clock.today())
        sha256 = fingerprint(path)
        with office.relief.work() as work:
            taken = import_register(work, PING, register, problems, sha256, path.name)
            work.commit()
    households, members = taken.counts["households"], taken.counts["members"]
    office.relief.database.dispose()
    return {**watch.figures(households, "household"), "agrees": [households, members]}


if __name__ == "__main__":
    answer(measure)
