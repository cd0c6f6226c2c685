"""The report as a page: a paragraph as offices write it, then every figure with its definition."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from docx import Document
from docx.document import Document as Page
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from relief.kernel.text import Text, Translator, _
from relief.reports.half_year import HalfYearReport
from relief.reports.rules import UNITS, Figure, ten_thousands

_FONT, _FONT_OF_CHINESE, _FONT_SIZE = "Times New Roman", "SimSun", 10.5
_WIDTHS_CM = (4.2, 2.2, 1.6, 7.6)
_MINUTE = "%Y-%m-%d %H:%M"
# A zip file's earliest date: the same report gives the same bytes.
_NO_DATE = (1980, 1, 1, 0, 0, 0)


def page_of(report: HalfYearReport, say: Translator, zone: ZoneInfo) -> bytes:
    """The page as a Word file; the same report gives the same bytes."""
    page = Document()
    _set_fonts(page)
    title = say(_("Work of the help centre, {period}", period=name_of(report)))
    _set_properties(page, title, report)
    page.add_heading(title, level=1)
    for text in (told(report), as_of(report, zone)):
        page.add_paragraph(say(text))
    page.add_heading(say(_("Figures and their definitions")), level=2)
    _add_table(page, report.figures, say)
    buffer = io.BytesIO()
    page.save(buffer)
    return _without_dates(buffer.getvalue())


def name_of(report: HalfYearReport) -> Text:
    """The half-year as people say it."""
    year = report.period.year
    if report.period.number == 1:
        return _("first half of {year}", year=year)
    return _("second half of {year}", year=year)


def as_of(report: HalfYearReport, zone: ZoneInfo) -> Text:
    """When the figures were read, and whether the half-year is over."""
    instant = format(report.as_of.astimezone(zone), _MINUTE)
    if report.is_over:
        return _("As recorded on {instant}.", instant=instant)
    return _(
        "As recorded on {instant}; the half-year runs until {last}, so figures may still grow.",
        instant=instant,
        last=report.period.last_on,
    )


def told(report: HalfYearReport) -> Text:
    """The half-year in one paragraph."""
    value = {figure.id: figure.shown for figure in report.figures}
    return _(
        "From {first} to {last} the help centre received {contacts} person-times of visits, calls "
        "and letters ({visits} visits, {calls} calls, {letters} letters). It accepted {accepted} "
        "cases and handled {handled} of them ({rate}, {percent}). At the end {enrolled} households "
        "in hardship were on file; {workers} workers were helped with {amount} yuan ({wan} × "
        "10,000). After an introduction {reemployed} found work again.",
        first=report.period.first_on,
        last=report.period.last_on,
        contacts=value["contacts"],
        visits=value["visits"],
        calls=value["calls"],
        letters=value["letters"],
        accepted=value["petitions_accepted"],
        handled=value["petitions_handled"],
        rate=value["handled_rate"],
        percent=value["handled_percent"],
        enrolled=value["households_enrolled"],
        workers=value["workers_helped"],
        amount=value["amount_settled"],
        wan=ten_thousands(report.figure("amount_settled").total),
        reemployed=value["reemployed"],
    )


def _set_fonts(page: Page) -> None:
    style = page.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(_FONT_SIZE)
    # Word takes the font of Chinese text from a setting of its own.
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _FONT_OF_CHINESE)


def _set_properties(page: Page, title: str, report: HalfYearReport) -> None:
    properties = page.core_properties
    properties.title, properties.author, properties.comments = title, "", ""
    properties.created = properties.modified = report.as_of.astimezone(dt.UTC).replace(tzinfo=None)


def _add_table(page: Page, figures: Sequence[Figure], say: Translator) -> None:
    table = page.add_table(rows=0, cols=len(_WIDTHS_CM), style="Table Grid")
    table.autofit = False
    _add_row(table, [say(head) for head in (_("figure"), _("value"), _("unit"), _("definition"))])
    for figure in figures:
        cells = (figure.title, figure.shown, UNITS[figure.unit], figure.definition)
        _add_row(table, [say(cell) for cell in cells])


def _add_row(table: Any, texts: Sequence[str]) -> None:
    for cell, text, width in zip(table.add_row().cells, texts, _WIDTHS_CM, strict=True):
        cell.text, cell.width = text, Cm(width)


def _without_dates(content: bytes) -> bytes:
    """The same archive, without the instant at which it was made."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as made, zipfile.ZipFile(out, "w") as kept:
        for name in made.namelist():
            entry = zipfile.ZipInfo(name, _NO_DATE)
            kept.writestr(entry, made.read(name), compress_type=zipfile.ZIP_DEFLATED)
    return out.getvalue()
