"""The office's working days and hours."""

from __future__ import annotations

from pathlib import Path

import click

from relief.accounts.queries import find_actor
from relief.cli import options
from relief.cli.console import Column, tell, tell_facts, tell_json, tell_table
from relief.cli.language import say
from relief.cli.lazy import Entry, LazyGroup
from relief.cli.office import reading, writing
from relief.engine.calendar.file import parse_days
from relief.engine.calendar.hours import format_hours, parse_hours
from relief.engine.calendar.year import SpecialDay, YearView, view_year
from relief.engine.calendar_changes import YEAR_MAX, YEAR_MIN, CalendarTaken, import_days, set_hours
from relief.kernel.text import Text, _

_YEARS = click.IntRange(YEAR_MIN, YEAR_MAX)

calendar = LazyGroup(
    "calendar",
    {
        "show": Entry(
            "relief.cli.calendar:show", _("Show a year's special days, and who says so.")
        ),
        "import": Entry("relief.cli.calendar:import_calendar", _("Declare days (admin).")),
        "hours": Entry("relief.cli.calendar:hours", _("Set the office hours (admin).")),
    },
    _("What the office declares goes before what was announced for the country."),
)


@click.command("show")
@click.argument("year", metavar="YEAR", type=_YEARS)
@options.as_json
def show(year: int, as_json: bool) -> None:
    """Show a year."""
    with reading() as work:
        view = view_year(work, year)
    if as_json:
        tell_json(_as_json(view))
        return
    tell_facts(_facts(view))
    if view.days:
        tell()
        tell_table(_COLUMNS, map(_row, view.days))


@click.command(
    "import",
    help=say(
        _(
            "FILE is a table (csv) with the columns day, kind (holiday 休 or workday 班), note, "
            "document_no; headings in Chinese or English. It is checked whole first. Deadlines "
            "that run are reckoned anew."
        )
    ),
)
@options.file
@click.option(
    "--announces",
    type=_YEARS,
    metavar="YEAR",
    help=say(_("With this file all days of that year are known: it is provisional no longer.")),
)
@options.dry_run
@options.actor
def import_calendar(path: Path, announces: int | None, dry_run: bool, username: str) -> None:
    """Declare days."""
    rows, problems = parse_days(path)
    with writing() as work:
        actor = find_actor(work, username)
        taken = import_days(
            work, actor, rows, problems=problems, announces=announces, dry_run=dry_run
        )
        if not dry_run:
            work.commit()
        _answer(taken, dry_run=dry_run)


@click.command(
    help=say(_("Give every interval of a worked day, in order: 08:30-12:00 14:00-17:30."))
)
@click.argument("intervals", metavar="FROM-UNTIL...", nargs=-1, required=True)
@options.actor
def hours(intervals: tuple[str, ...], username: str) -> None:
    """Set the hours."""
    parsed = parse_hours(intervals)
    with writing() as work:
        taken = set_hours(work, find_actor(work, username), parsed)
        work.commit()
        if taken.changed:
            tell(_("The office hours of a worked day are now {hours}.", hours=format_hours(parsed)))
        else:
            tell(_("These are the office hours already; nothing changed."))
        _tell_moved(taken)


def _answer(taken: CalendarTaken, *, dry_run: bool) -> None:
    counts = {"fresh": taken.declared, "known": taken.known}
    tell(_("Days declared anew: {fresh}; days that were declared so before: {known}.", **counts))
    if taken.announced:
        tell(_("The days of {year} are announced.", year=taken.announced))
    if dry_run:
        tell(_("Only checked: there is no fault in it, and nothing was written."))
    elif not taken.changed:
        tell(_("It says nothing new; nothing changed."))
    _tell_moved(taken)


def _tell_moved(taken: CalendarTaken) -> None:
    """The deadlines that came to another day."""
    for each in taken.moved:
        case = each.reference
        values = {"before": each.before_on or "-", "after": each.after_on or "-"}
        tell(_("{case} is due on {after}, not {before}.", case=case, **values))


_COLUMNS = (
    Column(_("day")),
    Column(_("weekday")),
    Column(_("is")),
    Column(_("for")),
    Column(_("says")),
    Column(_("document")),
)
_SOURCES = {
    "office": _("the office"),
    "package": _("the country's calendar"),
    "date": _("the date alone"),
}
_WEEKDAYS = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)


def _row(special: SpecialDay) -> tuple[object, ...]:
    return (
        special.day,
        _WEEKDAYS[special.day.weekday()],
        _("worked") if special.is_worked else _("free"),
        special.note,
        _SOURCES[special.source],
        special.document_no,
    )


def _facts(view: YearView) -> list[tuple[Text, object]]:
    return [
        (_("year"), view.year),
        (_("its days are"), _standing(view)),
        (_("office hours"), format_hours(view.calendar.intervals)),
        (_("version"), view.calendar.version),
    ]


def _standing(view: YearView) -> Text:
    if view.by_office:
        return _("announced, by document {no}", no=view.by_office)
    if view.by_office is not None:
        return _("announced, as the office says")
    if view.known_to_package:
        return _("announced, as the country's calendar has them")
    return _("provisional: weekends and fixed holidays, until the year is announced")


def _as_json(view: YearView) -> dict[str, object]:
    return {
        "year": view.year,
        "provisional": view.provisional,
        "announced_by": view.by_office,
        "hours": format_hours(view.calendar.intervals).split(),
        "version": view.calendar.version,
        "days": [
            {
                "day": special.day.isoformat(),
                "is_worked": special.is_worked,
                "source": special.source,
                "note": say(special.note),
                "document_no": special.document_no,
            }
            for special in view.days
        ],
    }
