"""Finds the columns of a sheet by their headings, and reads its rows cell by cell, keeping every
fault with its place."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from openpyxl.utils import get_column_letter

from relief.kernel.errors import Problem
from relief.kernel.files.sheets import Cell, Odd, Row, Sheet
from relief.kernel.text import Text, _

NEEDED = _("A value is missing here; fill it in.")


class Placed(Protocol):
    """A row that knows where it stood."""

    @property
    def at(self) -> Place:
        """Its place."""


T = TypeVar("T")
R = TypeVar("R", bound="Placed")
D = TypeVar("D")


@dataclass(frozen=True)
class Column:
    """A column that a file may have: its key is its English heading, `names` are the others."""

    key: str
    names: tuple[str, ...]
    required: bool = False

    @property
    def shown(self) -> str:
        """Both headings, as problems name the column."""
        return f"{self.key} ({self.names[0]})"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stood: sheet, row, and the headings that the file itself uses, by column key."""

    sheet: str
    row: int
    headers: Mapping[str, str] = field(compare=False, repr=False)

    def problem(self, code: str, text: Text, key: str) -> Problem:
        """A fault of this row, in this column."""
        return self.located(Problem(code, text), key)

    def located(self, problem: Problem, key: str) -> Problem:
        """A fault with its place put in."""
        header = self.headers.get(key, key)
        return dataclasses.replace(problem, field=header, sheet=self.sheet, row=self.row)


class RowReader:
    """Reads one row by column keys. A faulty cell is reported and reads as blank."""

    def __init__(
        self,
        at: Place,
        cells: Mapping[str, Cell],
        absent: AbstractSet[str],
        problems: list[Problem],
    ) -> None:
        self.at = at
        self._cells = cells
        self._absent = absent
        self._problems = problems

    @property
    def filled(self) -> AbstractSet[str]:
        """The keys of the columns where this row says something."""
        return self._cells.keys()

    def read(
        self,
        key: str,
        parse: Callable[[Cell], T | Problem],
        blank: D,
        needed: Text | None = None,
    ) -> T | D:
        """The cell's value, or `blank` where it is empty or faulty. `needed` says why it may not be
        empty (silent where the whole column is missing: the heading was reported)."""
        cell = self._cells.get(key)
        if cell is None:
            if needed and key not in self._absent:
                self.report(Problem("cell.missing", needed), key)
            return blank
        outcome = _odd_cell(cell.kind) if isinstance(cell, Odd) else parse(cell)
        if isinstance(outcome, Problem):
            self.report(outcome, key)
            return blank
        return outcome

    def report(self, problem: Problem, key: str) -> None:
        """Keep a fault of this row."""
        self._problems.append(self.at.located(problem, key))


def read_rows(
    sheet: Sheet, columns: Sequence[Column], problems: list[Problem], *, may_be_empty: bool = False
) -> Iterator[RowReader]:
    """The rows of a sheet, after its headings were judged; all faults go to `problems`."""
    positions, faults = _match(sheet, columns)
    problems.extend(faults)
    if not sheet.rows and not may_be_empty:
        text = _("There is nothing in this table; bring one with at least one row.")
        problems.append(Problem("file.empty", text, sheet=sheet.name))
    headers = {key: sheet.headers[position] for position, key in positions.items()}
    absent = {column.key for column in columns if column.required} - headers.keys()
    for row in sheet.rows:
        at = Place(sheet.name, row.number, headers)
        problems.extend(_unheaded(at, sheet, row))
        cells = {
            positions[index]: cell
            for index, cell in enumerate(row.cells)
            if index in positions and cell is not None
        }
        yield RowReader(at, cells, absent, problems)


def _match(sheet: Sheet, columns: Sequence[Column]) -> tuple[dict[int, str], list[Problem]]:
    """Which column stands at which position; and what is wrong with the headings."""
    keys = {_folded(name): column.key for column in columns for name in (column.key, *column.names)}
    positions: dict[int, str] = {}
    faults: list[Problem] = []
    for index, header in enumerate(sheet.headers):
        key = keys.get(_folded(header))
        if key is None and header:
            faults.append(_heading_problem(sheet, header, "column.unknown", _unknown(columns)))
        elif key in positions.values():
            text = _("The column {column} is there twice; keep one.", column=key)
            faults.append(_heading_problem(sheet, header, "column.doubled", text))
        elif key is not None:
            positions[index] = key
    for column in columns:
        if column.required and column.key not in positions.values():
            text = _("The column {column} is missing; add it.", column=column.shown)
            faults.append(_heading_problem(sheet, column.key, "column.missing", text))
    return positions, faults


def is_beyond_reading(problems: Iterable[Problem]) -> bool:
    """True where a table lacks a column, or is none: what its rows seem to say means nothing, so
    that this alone is to be told."""
    return any(problem.code == "column.missing" or not problem.row for problem in problems)


def _unknown(columns: Sequence[Column]) -> Text:
    return _(
        "This column is not known here; take it out or name it as one of these: {columns}.",
        columns=[column.shown for column in columns],
    )


def _heading_problem(sheet: Sheet, header: str, code: str, text: Text) -> Problem:
    return Problem(code, text, header, sheet.name, sheet.header_row)


def _unheaded(at: Place, sheet: Sheet, row: Row) -> Iterator[Problem]:
    for index, cell in enumerate(row.cells):
        if cell is not None and (index >= len(sheet.headers) or not sheet.headers[index]):
            yield at.problem(
                "column.unheaded",
                _("Something stands in a column without a heading; take it out or put it right."),
                get_column_letter(index + 1),
            )


def _odd_cell(kind: str) -> Problem:
    texts = {
        "formula": _("There is a formula here; put in its value (copy, then paste as values)."),
        "error": _("There is a spreadsheet error here, such as #N/A; put in the right value."),
        "boolean": _("There is TRUE or FALSE here; format the cell as text and write yes or no."),
        "time": _("There is a time here; format the cell as text and write what is asked for."),
    }
    return Problem(f"cell.{kind}", texts[kind])


def _folded(header: str) -> str:
    """A heading without what people vary: width, case, blanks, the star of a required column."""
    plain = unicodedata.normalize("NFKC", header).casefold().strip().strip("*")
    return re.sub(r"[\s_-]+", "", plain)


def repeats(rows: Iterable[R], key_of: Callable[[R], Hashable]) -> Iterator[tuple[R, int]]:
    """The rows whose key was there before, each with the number of the row that had it."""
    first: dict[Hashable, int] = {}
    for row in rows:
        number = first.setdefault(key_of(row), row.at.row)
        if number != row.at.row:
            yield row, number
