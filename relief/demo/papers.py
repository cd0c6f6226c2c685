"""The files that people bring to the centre, written as they would write them: in Chinese."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from relief.households.files import words
from relief.households.files.ledger import COLUMNS as LEDGER_COLUMNS
from relief.households.files.register_rows import HOUSEHOLD_COLUMNS, MEMBER_COLUMNS
from relief.kernel.files.columns import Column
from relief.payouts.bank.answer_file import RESULT_COLUMNS, STATUSES
from relief.payouts.rate_file import RATE_COLUMNS

Row = Mapping[str, str | dt.date]
_WORDS: dict[str, Mapping[str, tuple[str, ...]]] = {
    "grade": words.GRADES,
    "relation": words.RELATIONS,
    "change": words.CHANGES,
    "status": STATUSES,
    "counted": {"yes": ("是",), "no": ("否",)},
}
_COLUMN_WIDTH = 18


def write_register(path: Path, households: Iterable[Row], members: Iterable[Row]) -> None:
    """A workbook with the two sheets of a register; days are dates of Excel, all else is text."""
    book = xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"})
    book.set_properties({"created": dt.datetime(2005, 3, 28, tzinfo=dt.UTC)})
    bold = book.add_format({"bold": True})
    _write_sheet(book.add_worksheet("困难职工"), HOUSEHOLD_COLUMNS, households, bold)
    _write_sheet(book.add_worksheet("家庭成员"), MEMBER_COLUMNS, members, bold)
    book.close()


def write_changes(path: Path, rows: Iterable[Row]) -> None:
    """A ledger of dated changes."""
    _write_csv(path, LEDGER_COLUMNS, rows)


def write_rates(path: Path, rows: Iterable[Row]) -> None:
    """A table of rates."""
    _write_csv(path, RATE_COLUMNS, rows)


def write_results(path: Path, rows: Iterable[Row]) -> None:
    """The bank's answer."""
    _write_csv(path, RESULT_COLUMNS, rows)


def _write_sheet(
    sheet: Worksheet, columns: Sequence[Column], rows: Iterable[Row], bold: Format
) -> None:
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(columns) - 1, _COLUMN_WIDTH)
    sheet.write_row(0, 0, [column.names[0] for column in columns], bold)
    for number, row in enumerate(rows, start=1):
        for place, column in enumerate(columns):
            value = row.get(column.key, "")
            if isinstance(value, dt.date):
                sheet.write_datetime(number, place, value)
            else:
                sheet.write_string(number, place, _in_chinese(column.key, value))


def _write_csv(path: Path, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    """With a byte order mark, without which Excel misreads Chinese."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([column.names[0] for column in columns])
        for row in rows:
            writer.writerow([_in_chinese(c.key, str(row.get(c.key, ""))) for c in columns])


def _in_chinese(key: str, value: str) -> str:
    return _WORDS[key][value][0] if value and key in _WORDS else value
