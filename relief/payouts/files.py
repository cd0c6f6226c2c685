"""The files of money that people bring: the rate table, and the bank's answer. Form alone: whether
a rate lies in the band, or a line is known, is the service's to judge."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from relief.households.files import cells, words
from relief.households.files.columns import NEEDED, Column, Place, RowReader, read_rows
from relief.households.files.sheets import Cell
from relief.households.files.sources import read_table
from relief.kernel.errors import Problem
from relief.kernel.money import Fen
from relief.kernel.months import Month
from relief.kernel.text import _

RATE_COLUMNS = (
    Column("grade", ("困难类别",), required=True),
    Column("from_month", ("起始月份",), required=True),
    Column("amount", ("标准", "金额"), required=True),
    Column("document_no", ("文号",), required=True),
)
RESULT_COLUMNS = (
    Column("reference", ("编号", "参考号", "业务编号"), required=True),
    Column("amount", ("金额",), required=True),
    Column("status", ("状态",), required=True),
    Column("reason", ("原因",)),
    Column("settled_on", ("到账日期", "结算日期")),
)
STATUSES = {
    "success": ("成功",),
    "failed": ("失败",),
    "processing": ("处理中",),
    "returned": ("退回",),
}
_parse_grade = cells.choice_of(words.GRADES)
_parse_status = cells.choice_of(STATUSES)

R = TypeVar("R", "RateRow", "ResultRow")


@dataclass(frozen=True, slots=True)
class RateRow:
    """A rate from a month on. Where the file has faults, a faulty month or amount reads as 0."""

    at: Place
    grade: str
    from_month: Month
    amount_fen: Fen
    document_no: str


@dataclass(frozen=True, slots=True)
class ResultRow:
    """What the bank says of one line."""

    at: Place
    reference: str
    amount_fen: Fen
    status: str
    reason: str
    settled_on: dt.date | None


def parse_rates(path: Path) -> tuple[tuple[RateRow, ...], list[Problem]]:
    """Read a rate table, with every fault of form."""
    problems: list[Problem] = []
    rows = tuple(map(_rate, read_rows(read_table(path), RATE_COLUMNS, problems)))
    whole = [row for row in rows if row.grade and row.from_month]
    for row, first in _repeats(whole, lambda row: (row.grade, row.from_month)):
        text = _("This grade has a rate from this month in row {row} already; keep one.", row=first)
        problems.append(row.at.problem("rate.doubled", text, "from_month"))
    return rows, problems


def parse_results(path: Path) -> tuple[tuple[ResultRow, ...], list[Problem]]:
    """Read a bank's answer, with every fault of form."""
    problems: list[Problem] = []
    rows = tuple(map(_result, read_rows(read_table(path), RESULT_COLUMNS, problems)))
    whole = [row for row in rows if row.reference]
    for row, first in _repeats(whole, lambda row: row.reference):
        text = _(
            "Row {row} answers for this line already; a file holds one answer each.", row=first
        )
        problems.append(row.at.problem("result.doubled", text, "reference"))
    return rows, problems


def _rate(reader: RowReader) -> RateRow:
    return RateRow(
        at=reader.at,
        grade=reader.read("grade", _parse_grade, "", NEEDED),
        from_month=reader.read("from_month", cells.parse_month_cell, 0, NEEDED),
        amount_fen=reader.read("amount", cells.parse_amount, 0, NEEDED),
        document_no=reader.read("document_no", cells.parse_text, "", NEEDED),
    )


def _result(reader: RowReader) -> ResultRow:
    return ResultRow(
        at=reader.at,
        reference=reader.read("reference", _parse_reference, "", NEEDED),
        amount_fen=reader.read("amount", cells.parse_amount, 0, NEEDED),
        status=reader.read("status", _parse_status, "", NEEDED),
        reason=reader.read("reason", cells.parse_text, ""),
        settled_on=reader.read("settled_on", cells.parse_date, None),
    )


def _parse_reference(cell: Cell) -> str | Problem:
    """A line's reference, half-width as we wrote it."""
    shown = cells.parse_text(cell)
    return shown if isinstance(shown, Problem) else unicodedata.normalize("NFKC", shown)


def _repeats(rows: Iterable[R], key_of: Callable[[R], Hashable]) -> Iterator[tuple[R, int]]:
    """The rows whose key was there before, each with the number of the row that had it."""
    first: dict[Hashable, int] = {}
    for row in rows:
        number = first.setdefault(key_of(row), row.at.row)
        if number != row.at.row:
            yield row, number
