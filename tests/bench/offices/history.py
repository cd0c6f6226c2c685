"""An office in which quarters were paid before: each prepared, submitted, approved and released by
the product's own use cases, after one household in a hundred had a change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from relief.kernel.months import Quarter, first_day, format_month
from tests.bench.offices import county
from tests.bench.offices.opened import office_in
from tests.bench.peer import answer
from tests.office import PING, Office

FIRST = Quarter(2005, 2)
ONE_IN = 100


def measure(folder: str, households: int, quarters: int) -> dict[str, Any]:
    """Make the office in a folder."""
    county.measure(folder, households)
    office = Office(office_in(Path(folder), synchronous="OFF"))
    quarter = FIRST
    for number in range(quarters):
        quarter = after(FIRST, number)
        office.at(lists_open_at(quarter))
        if number:
            change_some(office, quarter, max(1, households // ONE_IN))
        office.release(office.prepare(str(quarter)).reference)
    office.relief.database.dispose()
    return {"households": households, "next": str(after(quarter, 1))}


def after(quarter: Quarter, count: int) -> Quarter:
    """The quarter that many later."""
    place = quarter.year * 4 + quarter.number - 1 + count
    return Quarter(place // 4, place % 4 + 1)


def lists_open_at(quarter: Quarter) -> str:
    """A morning in the quarter's last month, when its list may be prepared."""
    return f"{format_month(quarter.last_month)}-15T09:00"


def change_some(office: Office, quarter: Quarter, count: int) -> None:
    """Record a new grade for that many households, through the ledger, as decided in the quarter;
    in each quarter for others, and from month to month another."""
    day = first_day(quarter.first_month).isoformat()
    start = (quarter.year * 4 + quarter.number) * count
    with office.relief.reading() as work:
        total = work.connection.exec_driver_sql("SELECT count(*) FROM household").scalar()
    rows = []
    for place in range(count):
        number = (start + place) % int(total or 1) + 1
        grade = ("deep", "relative", "accidental")[(number + quarter.number) % 3]
        row = {"household_no": f"H{number:07d}", "change": "grade", "effective_on": day}
        rows.append({**row, "grade": grade})
    office.change(*rows, actor=PING)


if __name__ == "__main__":
    answer(measure)
