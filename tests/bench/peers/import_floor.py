"""The least that an import can cost: reading every cell of the workbook with openpyxl.

In its quick way (read-only, values only), without looking at what the cells say.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from tests.bench.peer import answer
from tests.bench.stopwatch import Stopwatch


def measure(folder: str) -> dict[str, Any]:
    """Read the register that stands in the folder."""
    with Stopwatch() as watch:
        book = load_workbook(Path(folder) / "register.xlsx", read_only=True, data_only=True)
        read = [sum(1 for _row in book[name].iter_rows(values_only=True)) - 1 for name in _SHEETS]
        book.close()
    return {**watch.figures(read[0], "household"), "agrees": read}


_SHEETS = ("households", "members")

if __name__ == "__main__":
    answer(measure)
