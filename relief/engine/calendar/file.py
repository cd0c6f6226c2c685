"""The office's calendar as people bring it: a table of days. Form alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from relief.kernel.errors import Problem
from relief.kernel.files import cells
from relief.kernel.files.columns import NEEDED, Column, Place, RowReader, read_rows, repeats
from relief.kernel.files.sources import read_table
from relief.kernel.text import _

DAY_COLUMNS = (
    Column("day", ("日期",), required=True),
    Column("kind", ("类型", "休班"), required=True),
    Column("note", ("备注", "说明", "节日")),
    Column("document_no", ("文号",)),
)
KINDS = {"holiday": ("休", "放假", "休息"), "workday": ("班", "上班", "补班")}
_parse_kind = cells.choice_of(KINDS)


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day that is free or worked. Where the file has faults, a faulty day reads as None."""

    at: Place
    day: dt.date | None
    is_worked: bool
    note: str = ""
    document_no: str = ""


def parse_days(path: Path) -> tuple[tuple[DayRow, ...], list[Problem]]:
    """Read a calendar, with every fault of form."""
    problems: list[Problem] = []
    rows = tuple(map(_day, read_rows(read_table(path), DAY_COLUMNS, problems)))
    for row, first in repeats([row for row in rows if row.day], lambda row: row.day):
        text = _("Row {row} is about this day already; keep one.", row=first)
        problems.append(row.at.problem("calendar.doubled", text, "day"))
    return rows, problems


def _day(reader: RowReader) -> DayRow:
    return DayRow(
        at=reader.at,
        day=reader.read("day", cells.parse_date, None, NEEDED),
        is_worked=reader.read("kind", _parse_kind, "", NEEDED) == "workday",
        note=reader.read("note", cells.parse_text, ""),
        document_no=reader.read("document_no", cells.parse_text, ""),
    )
