"""A table as people see it: a name, headings, numbered rows; and the limits of what is taken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from relief.kernel.errors import Invalid, ReliefError, refuse
from relief.kernel.text import Text, _

ROWS_MAX = 400_000
FILE_BYTES_MAX = 100_000_000
# The last row of Excel's grid: a row number beyond it was made to keep a reader busy.
_GRID_ROWS_MAX = 1_048_576


@dataclass(frozen=True, slots=True)
class Odd:
    """A cell that is no plain value."""

    kind: Literal["formula", "error", "boolean", "time"]


Cell = str | int | float | dt.date | Odd | None


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `number` as the spreadsheet shows it, cells by position, blank ones None."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Sheet:
    """One table; wholly empty rows are left out, the first that is not holds the headings."""

    name: str
    headers: tuple[str, ...]
    header_row: int
    rows: tuple[Row, ...]


def gather(name: str, numbered: Iterable[tuple[int, list[Cell]]]) -> Sheet:
    """Make a sheet of the rows as they are read, as far as the limit."""
    rows: list[Row] = []
    for number, cells in numbered:
        while cells and cells[-1] is None:
            cells.pop()
        if cells:
            rows.append(Row(number, tuple(cells)))
        if len(rows) > ROWS_MAX + 1 or number > _GRID_ROWS_MAX:
            raise refuse(
                Invalid,
                "file.too_many_rows",
                _(
                    "{sheet} has more than {most} rows; divide it into several files.",
                    sheet=name,
                    most=ROWS_MAX,
                ),
            )
    if not rows:
        return Sheet(name, (), 1, ())
    headers = tuple(str(cell) if isinstance(cell, str | int) else "" for cell in rows[0].cells)
    return Sheet(name, headers, rows[0].number, tuple(rows[1:]))


def read_file(path: Path) -> bytes:
    """The bytes of a file; one that is missing, locked or too large is refused."""
    try:
        if not path.is_file():
            raise _refused("file.missing", _("There is no file {path}.", path=path))
        if path.stat().st_size > FILE_BYTES_MAX:
            text = _(
                "{name} is larger than {most} MB; divide it into several files.",
                name=path.name,
                most=FILE_BYTES_MAX // 1_000_000,
            )
            raise _refused("file.too_large", text)
        return path.read_bytes()
    except OSError as fault:
        raise unreadable(path) from fault


def unreadable(path: Path) -> ReliefError:
    """The refusal of what the system does not let us read."""
    text = _("{name} cannot be read; close it elsewhere, and see who may open it.", name=path.name)
    return _refused("file.unreadable", text)


def _refused(code: str, text: Text) -> ReliefError:
    return refuse(Invalid, code, text)
