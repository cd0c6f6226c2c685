"""The report as a workbook: a sheet of all figures, then a sheet with the rows of each."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from relief.kernel.spreadsheets import not_a_formula
from relief.kernel.text import Text, Translator, _
from relief.reports.half_year import HalfYearReport
from relief.reports.page import as_of, name_of
from relief.reports.rules import UNITS, YUAN, Figure, Row

_FIGURE_HEADS = (_("figure"), _("value"), _("unit"), _("definition"), _("sheet"))
_FIGURE_WIDTHS = (34, 14, 12, 90, 24)
_ROW_HEADS = (_("reference"), _("day"), _("counts for"), _("why"))
_ROW_WIDTHS = (20, 14, 14, 70)
_SHEET_NAME_MAX = 31

Cell = str | int | float


def sheets_of(report: HalfYearReport, say: Translator, zone: ZoneInfo) -> bytes:
    """The workbook's bytes; the same report gives the same. Texts are text cells, counts and yuan
    numbers; no cell is a formula."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"strings_to_formulas": False, "in_memory": True})
    title = say(_("Work of the help centre, {period}", period=name_of(report)))
    book.set_properties({"title": title, "created": report.as_of.replace(tzinfo=None)})
    bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "0.00"})
    _write_figures(book.add_worksheet(str(report.period)), report, say, zone, (bold, money))
    for figure in report.figures:
        _write_rows(book.add_worksheet(_sheet_name(figure)), figure, say, (bold, money))
    book.close()
    return buffer.getvalue()


def _sheet_name(figure: Figure) -> str:
    assert len(figure.id) <= _SHEET_NAME_MAX
    return figure.id


def _write_figures(
    sheet: Worksheet,
    report: HalfYearReport,
    say: Translator,
    zone: ZoneInfo,
    formats: tuple[Format, Format],
) -> None:
    _write_head(sheet, _FIGURE_HEADS, _FIGURE_WIDTHS, say, formats[0])
    rows = [
        (
            say(figure.title),
            _value(figure),
            say(UNITS[figure.unit]),
            say(figure.definition),
            _sheet_name(figure),
        )
        for figure in report.figures
    ]
    for number, (figure, cells) in enumerate(zip(report.figures, rows, strict=True), start=1):
        _write_cells(sheet, number, cells, formats[1] if figure.unit == YUAN else None)
    _write_cells(sheet, len(rows) + 2, (say(as_of(report, zone)),), None)


def _write_rows(
    sheet: Worksheet, figure: Figure, say: Translator, formats: tuple[Format, Format]
) -> None:
    _write_head(sheet, _ROW_HEADS, _ROW_WIDTHS, say, formats[0])
    for number, row in enumerate(figure.rows, start=1):
        on = row.shown_on.isoformat() if row.shown_on else ""
        cells = (say(row.shown_reference), on, _counts(figure, row), say(row.why))
        _write_cells(sheet, number, cells, formats[1] if figure.unit == YUAN else None)


def _value(figure: Figure) -> Cell:
    if figure.unit == YUAN:
        return figure.total / 100
    return "" if figure.value is None else figure.value


def _counts(figure: Figure, row: Row) -> Cell:
    return row.counts / 100 if figure.unit == YUAN else row.counts


def _write_head(
    sheet: Worksheet, heads: Sequence[Text], widths: Sequence[int], say: Translator, bold: Format
) -> None:
    sheet.freeze_panes(1, 0)
    for column, (head, width) in enumerate(zip(heads, widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, say(head), bold)


def _write_cells(
    sheet: Worksheet, number: int, cells: Iterable[Cell], number_format: Format | None
) -> None:
    for column, cell in enumerate(cells):
        if isinstance(cell, str):
            sheet.write_string(number, column, not_a_formula(cell))
        else:
            sheet.write_number(number, column, cell, number_format)
