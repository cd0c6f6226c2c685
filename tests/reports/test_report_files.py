"""The report as a page and as a workbook."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from docx import Document
from openpyxl import load_workbook

from relief.kernel.text import LOCALES, Text, Translator
from relief.reports.half_year import HalfYearReport
from relief.reports.page import page_of
from relief.reports.rules import Figure, Row
from relief.reports.sheets import sheets_of
from tests.office import Office
from tests.reports.reading import report

ZONE = ZoneInfo("Asia/Shanghai")
DAY = dt.date(2005, 6, 20)


@pytest.fixture
def made(sqlite_office: Office) -> HalfYearReport:
    """A report in which one reference looks like a formula."""
    found = report(sqlite_office)
    odd = Figure(
        "amount_settled", Text("Money"), Text("what was paid"), "yuan",
        (Row("=1+1", DAY, 42_000_00, Text("＋paid")), Row("H2", DAY, -50, Text("sent back"))),
    )  # fmt: skip
    return replace(
        found, figures=tuple(odd if each.id == odd.id else each for each in found.figures)
    )


@pytest.mark.parametrize("locale", LOCALES)
def test_page_tells_the_half_year_and_has_a_line_a_figure(
    made: HalfYearReport, locale: str
) -> None:
    page = Document(io.BytesIO(page_of(made, Translator(locale), ZONE)))
    text = "\n".join(paragraph.text for paragraph in page.paragraphs)
    assert "41,999.50" in text
    assert "2005" in text
    assert "{" not in text
    (table,) = page.tables
    assert len(table.rows) == len(made.figures) + 1
    money = next(row for row in table.rows if row.cells[1].text == "41,999.50")
    assert money.cells[3].text == "what was paid"


def test_workbook_has_a_sheet_of_figures_and_one_for_the_rows_of_each(
    made: HalfYearReport,
) -> None:
    book = load_workbook(io.BytesIO(sheets_of(made, Translator("en"), ZONE)))
    assert book.sheetnames == ["2005H1", *(figure.id for figure in made.figures)]
    told = {row[4]: row[1] for row in book["2005H1"].iter_rows(min_row=2, values_only=True)}
    assert told["amount_settled"] == pytest.approx(41_999.50)
    rows = list(book["amount_settled"].iter_rows(min_row=2, values_only=True))
    assert rows == [
        ("'=1+1", "2005-06-20", 42_000, "'＋paid"),
        ("H2", "2005-06-20", -0.5, "sent back"),
    ]


def test_no_cell_of_the_workbook_is_a_formula(made: HalfYearReport) -> None:
    book = load_workbook(io.BytesIO(sheets_of(made, Translator("zh_Hans_CN"), ZONE)))
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds


def test_same_report_gives_the_same_bytes(made: HalfYearReport) -> None:
    say = Translator("en")
    assert page_of(made, say, ZONE) == page_of(made, say, ZONE)
    assert sheets_of(made, say, ZONE) == sheets_of(made, say, ZONE)
