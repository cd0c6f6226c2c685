"""What people bring, for the tests of this folder: workbooks, CSV files, identity numbers."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from relief.kernel.errors import Problem
from relief.people.rules import check_character

TODAY = dt.date(2005, 6, 30)
HOUSEHOLDS = ("household_no", "applicant_name", "applicant_id", "grade", "approved_on")
MEMBERS = ("household_no", "name", "id_number", "relation")


def identity(order: int) -> str:
    """A well-made identity number, invented."""
    first17 = f"331021{1950 + order % 50:04d}0203{900 + order // 50:03d}"
    return first17 + check_character(first17)


def workbook(path: Path, **sheets: Sequence[Sequence[Any]]) -> Path:
    """A workbook with these sheets."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def table(path: Path, *rows: Sequence[str], encoding: str = "utf-8", separator: str = ",") -> Path:
    """A CSV file with these rows."""
    stream = StringIO()
    csv.writer(stream, delimiter=separator, lineterminator="\r\n").writerows(rows)
    path.write_bytes(stream.getvalue().encode(encoding))
    return path


def filled(columns: Sequence[str], *rows: Mapping[str, Any]) -> list[list[Any]]:
    """A heading and rows in its order, blank where a row says nothing."""
    return [list(columns), *([row.get(column, "") for column in columns] for row in rows)]


def places(problems: Sequence[Problem]) -> set[tuple[str, int, str, str]]:
    """Where each fault stands, and which it is."""
    return {(fault.sheet, fault.row, fault.field, fault.code) for fault in problems}
