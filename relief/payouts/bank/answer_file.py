"""The bank's answer as a file. Form alone: whether a line is known is judged later."""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from relief.kernel.errors import Problem
from relief.kernel.files import cells
from relief.kernel.files.columns import NEEDED, Column, Place, RowReader, read_rows, repeats
from relief.kernel.files.sheets import Cell
from relief.kernel.files.sources import read_table
from relief.kernel.money import Fen
from relief.kernel.text import _

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
_parse_status = cells.choice_of(STATUSES)


@dataclass(frozen=True, slots=True)
class ResultRow:
    """What the bank says of one line."""

    at: Place
    reference: str
    amount_fen: Fen
    status: str
    reason: str
    settled_on: dt.date | None


def parse_results(path: Path) -> tuple[tuple[ResultRow, ...], list[Problem]]:
    """Read a bank's answer, with every fault of form."""
    problems: list[Problem] = []
    rows = tuple(map(_result, read_rows(read_table(path), RESULT_COLUMNS, problems)))
    whole = [row for row in rows if row.reference]
    for row, first in repeats(whole, lambda row: row.reference):
        text = _(
            "Row {row} answers for this line already; a file holds one answer each.", row=first
        )
        problems.append(row.at.problem("result.doubled", text, "reference"))
    return rows, problems


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
