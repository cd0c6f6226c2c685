"""How a report is told: a line a figure; the rows of one; or all of it in JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from relief.cli.console import Column, tell, tell_table
from relief.cli.language import say
from relief.cli.office import iso
from relief.kernel.money import format_yuan
from relief.kernel.text import _
from relief.reports.half_year import HalfYearReport
from relief.reports.page import as_of, name_of
from relief.reports.rules import UNITS, YUAN, Figure, Row

Json = dict[str, object]


def tell_report(report: HalfYearReport, zone: ZoneInfo) -> None:
    """Every figure with its value."""
    tell(_("Work of the help centre, {period}", period=name_of(report)))
    tell(as_of(report, zone))
    tell()
    tell_table(
        (Column(_("figure")), Column(_("value"), right=True), Column(_("unit")), Column(_("what"))),
        [(each.id, each.shown, UNITS[each.unit], each.title) for each in report.figures],
    )
    tell()
    tell(_("What stands behind a figure, and how it is defined: --rows and its name."))


def tell_rows(figure: Figure) -> None:
    """One figure with its definition and its rows."""
    tell(_("{figure}: {value}", figure=figure.title, value=figure.shown))
    tell(figure.definition)
    if not figure.rows:
        return
    tell()
    tell_table(
        (
            Column(_("reference")),
            Column(_("day")),
            Column(_("counts for"), right=True),
            Column(_("why")),
        ),
        [
            (row.shown_reference, row.shown_on or "", _counts(figure, row), row.why)
            for row in figure.rows
        ],
    )


def tell_written(paths: Sequence[Path]) -> None:
    """Which files were written."""
    for path in paths:
        tell(_("Written: {path}", path=path))


def report_as_json(report: HalfYearReport, zone: dt.tzinfo, only: Figure | None) -> Json:
    """All figures under their names, then each (or the one that is asked for) with its rows."""
    period = report.period
    return {
        "period": str(period),
        "from": period.first_on.isoformat(),
        "until": period.last_on.isoformat(),
        "as_of": iso(report.as_of, zone),
        "is_over": report.is_over,
        **{figure.id: figure.value for figure in report.figures},
        "figures": [_figure(each) for each in ([only] if only else report.figures)],
    }


def _figure(figure: Figure) -> Json:
    return {
        "id": figure.id,
        "title": say(figure.title),
        "value": figure.value,
        "unit": figure.unit,
        "definition": say(figure.definition),
        "rows": [
            {
                "reference": say(row.shown_reference),
                "day": row.shown_on.isoformat() if row.shown_on else None,
                "counts": _counts(figure, row),
                "why": say(row.why),
            }
            for row in figure.rows
        ],
    }


def _counts(figure: Figure, row: Row) -> int | str:
    return format_yuan(row.counts) if figure.unit == YUAN else row.counts
