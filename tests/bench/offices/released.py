"""An office with one released list of many lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.bench.offices import county
from tests.bench.offices.history import FIRST, lists_open_at
from tests.bench.offices.opened import office_in
from tests.bench.peer import answer
from tests.office import Office


def measure(folder: str, households: int) -> dict[str, Any]:
    """Make the office in a folder, by the product's own use cases from `prepare` on."""
    county.measure(folder, households)
    office = Office(office_in(Path(folder), synchronous="OFF"))
    office.at(lists_open_at(FIRST))
    office.release(office.prepare(str(FIRST)).reference)
    office.relief.database.dispose()
    return {"households": households}


if __name__ == "__main__":
    answer(measure)
