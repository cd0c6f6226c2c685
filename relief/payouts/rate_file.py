"""The rate table that people bring. Form alone: whether a rate lies in the band is judged later."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from relief.households.files import words
from relief.kernel.errors import Problem
from relief.kernel.files import cells
from relief.kernel.files.columns import NEEDED, Column, Place, RowReader, read_rows, repeats
from relief.kernel.files.sources import read_table
from relief.kernel.money import Fen
from relief.kernel.months import Month
from relief.kernel.text import _

RATE_COLUMNS = (
    Column("grade", ("困难类别",), required=True),
    Column("from_month", ("起始月份",), required=True),
    Column("amount", ("标准", "金额"), required=True),
    Column("document_no", ("文号",), required=True),
)
_parse_grade = cells.choice_of(words.GRADES)


@dataclass(frozen=True, slots=True)
class RateRow:
    """A rate from a month on. Where the file has faults, a faulty month or amount reads as 0."""

    at: Place
    grade: str
    from_month: Month
    amount_fen: Fen
    document_no: str


def parse_rates(path: Path) -> tuple[tuple[RateRow, ...], list[Problem]]:
    """Read a rate table, with every fault of form."""
    problems: list[Problem] = []
    rows = tuple(map(_rate, read_rows(read_table(path), RATE_COLUMNS, problems)))
    whole = [row for row in rows if row.grade and row.from_month]
    for row, first in repeats(whole, lambda row: (row.grade, row.from_month)):
        text = _("This grade has a rate from this month in row {row} already; keep one.", row=first)
        problems.append(row.at.problem("rate.doubled", text, "from_month"))
    return rows, problems


def _rate(reader: RowReader) -> RateRow:
    return RateRow(
        at=reader.at,
        grade=reader.read("grade", _parse_grade, "", NEEDED),
        from_month=reader.read("from_month", cells.parse_month_cell, 0, NEEDED),
        amount_fen=reader.read("amount", cells.parse_amount, 0, NEEDED),
        document_no=reader.read("document_no", cells.parse_text, "", NEEDED),
    )
