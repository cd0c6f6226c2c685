"""The reports of the office."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import click

from relief.cli import options
from relief.cli.console import progress, tell_json
from relief.cli.files_out import file_out
from relief.cli.language import say
from relief.cli.lazy import Entry, LazyGroup
from relief.cli.office import opened
from relief.cli.report_view import report_as_json, tell_report, tell_rows, tell_written
from relief.kernel.text import CHINESE, Translator, _
from relief.reports.half_year import half_year_report
from relief.reports.page import page_of
from relief.reports.periods import HalfYear
from relief.reports.sheets import sheets_of

_FILE = click.Path(path_type=Path, resolve_path=True)


@click.command(
    "half-year",
    help=say(
        _(
            "PERIOD is a half-year (2005H1: January to June). Things count by the day on which "
            "they happened, not by the day on which they were entered."
        )
    ),
)
@click.argument("period", metavar="PERIOD")
@click.option(
    "--rows",
    "figure_id",
    metavar="FIGURE",
    default="",
    help=say(_("List what stands behind one figure, row by row.")),
)
@click.option(
    "--docx",
    "docx",
    type=_FILE,
    metavar="FILE",
    help=say(_("Write the report as a page, in Chinese.")),
)
@click.option(
    "--xlsx",
    "xlsx",
    type=_FILE,
    metavar="FILE",
    help=say(_("Write the figures and their rows as a workbook, in Chinese.")),
)
@options.as_json
def half_year(
    period: str, figure_id: str, docx: Path | None, xlsx: Path | None, as_json: bool
) -> None:
    """Give the figures of a half-year."""
    asked = HalfYear.parse(period)
    with opened() as relief, relief.reading() as work, progress(_("counting")):
        report = half_year_report(work, asked)
    zone, papers = relief.settings.zone, Translator(CHINESE)  # they go to the federation
    figure = report.figure(figure_id) if figure_id else None
    with ExitStack() as files:
        if docx:
            files.enter_context(file_out(docx, [page_of(report, papers, zone)]))
        if xlsx:
            files.enter_context(file_out(xlsx, [sheets_of(report, papers, zone)]))
    if as_json:
        tell_json(report_as_json(report, zone, figure))
    elif figure:
        tell_rows(figure)
    else:
        tell_report(report, zone)
        tell_written([path for path in (docx, xlsx) if path])


report = LazyGroup(
    "report",
    {
        "half-year": Entry(
            "relief.cli.report:half_year", _("Give the figures of a half-year, and their rows.")
        )
    },
)
