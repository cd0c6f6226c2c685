"""A year of the office's calendar; days declared by a file, office hours set."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from relief.engine.actors import Actor
from relief.engine.calendar.file import parse_days
from relief.engine.calendar.hours import format_hours, parse_hours
from relief.engine.calendar.year import view_year
from relief.engine.calendar_changes import YEAR_MAX, YEAR_MIN, CalendarTaken, import_days, set_hours
from relief.engine.work import Work
from relief.kernel.errors import Invalid, ReliefError, refuse
from relief.kernel.text import Text, _
from relief.web.access import ANYBODY_HERE, Pages, only
from relief.web.calendar.words import SOURCES, moved_deadlines, standing_of, taken_days
from relief.web.errors import status_of
from relief.web.forms import FieldReader, Filled, filled, read_number, ticked
from relief.web.language import say
from relief.web.posting import Done, posted
from relief.web.request import actor, close_reading, reading, writing
from relief.web.uploads import brought

pages = Pages("calendar", __name__, room="office.office")
MAY_CHANGE = only("admin")
_FIELDS = ("year", "announces", "dry_run", "hours")


@pages.page("/calendar", ANYBODY_HERE)
def calendar() -> ResponseReturnValue:
    """A year: the days that are not as every week has them, and who says so."""
    if asked := request.args.get("year", ""):
        _check_year(read_number(asked, "year"))
    return _page(reading(), Filled())


def _check_year(year: int) -> None:
    if not YEAR_MIN <= year <= YEAR_MAX:
        text = _("Write a year from {first} to {last}.", first=YEAR_MIN, last=YEAR_MAX)
        raise refuse(Invalid, "calendar.year", text, "year")


@pages.page("/calendar/days", MAY_CHANGE, post=True)
def declare() -> ResponseReturnValue:
    """Declare the days of a file; only checked, where that was ticked."""
    form = filled(_FIELDS)
    try:
        told = _declared(form)
    except ReliefError as refusal:
        return _page(reading(), form.refused(refusal)), status_of(refusal)
    for text in told:
        flash(say(text))
    return redirect(_year_of(form), 303)


@pages.page("/calendar/hours", MAY_CHANGE, post=True)
def hours() -> ResponseReturnValue:
    """Set the office hours of a worked day."""
    form = filled((*_FIELDS, "seen"))

    def keep(work: Work, by: Actor) -> Done:
        wanted, seen = parse_hours(form["hours"].split()), parse_hours(form["seen"].split())
        taken = set_hours(work, by, wanted, seen)
        told = _told_hours(taken, format_hours(wanted))
        return Done(_year_of(form), (told, *moved_deadlines(taken.moved)))

    return posted(keep, lambda refusal: _page(reading(), form.refused(refusal)))


def _declared(form: Filled) -> list[Text]:
    fields = FieldReader(form)
    year = None if fields.is_blank("announces") else fields.number("announces")
    fields.check()
    only_checked = ticked("dry_run")
    close_reading()  # the file is read in no transaction
    with brought("file") as path:
        rows, problems = parse_days(path)
    with writing() as work:
        taken = import_days(
            work, actor(work), rows, problems=problems, announces=year, dry_run=only_checked
        )
        told = [*taken_days(taken, only_checked), *moved_deadlines(taken.moved)]
        if not only_checked:
            work.commit()
    return told


def _told_hours(taken: CalendarTaken, hours_now: str) -> Text:
    if taken.changed:
        return _("The office hours of a worked day are now {hours}.", hours=hours_now)
    return _("These are the office hours already; nothing changed.")


def _year_of(form: Filled) -> str:
    return url_for("calendar.calendar", year=form["year"][:4] or None)


def _page(work: Work, form: Filled) -> str:
    view = view_year(work, _year(request.values.get("year", ""), work.today.year))
    hours_now = format_hours(view.calendar.intervals)
    # Of the two forms one was sent: the other stands as it is.
    sent = {name: typed for name, typed in form.values.items() if name in request.form}
    values = {"hours": hours_now, "year": str(view.year)} | sent
    return render_template(
        "calendar/calendar.html",
        view=view,
        standing=standing_of(view),
        hours=hours_now,
        sources=SOURCES,
        form=Filled(values, form.problems),
        names=("file", "announces", "hours"),
    )


def _year(text: str, this_year: int) -> int:
    """The year that was asked for; this one where there is no such year."""
    try:
        year = read_number(text, "year")
    except Invalid:
        return this_year
    return year if YEAR_MIN <= year <= YEAR_MAX else this_year
