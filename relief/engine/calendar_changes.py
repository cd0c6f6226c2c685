"""Use cases of the office's calendar (admin): declare days, hold a year announced, set hours.

What was declared before is superseded, never changed: deadlines can be explained by the calendar
that they were reckoned with.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import SQLModel

from relief.engine.actors import Actor, check_own_name
from relief.engine.calendar.announced import KNOWN_YEARS
from relief.engine.calendar.file import DayRow
from relief.engine.calendar.hours import Hours, format_hours, hours_problems
from relief.engine.calendar.queries import DeclaredDay, declared_days, declared_years, office_hours
from relief.engine.calendar.tables import CalendarDay, CalendarYear, OfficeHours
from relief.engine.cases import is_public
from relief.engine.clocks.deadlines import MovedDeadline, reckon_anew
from relief.engine.work import Work
from relief.kernel.columns import table_of
from relief.kernel.errors import Conflict, Invalid, NotAllowed, Problem, refuse
from relief.kernel.text import _

YEAR_MIN, YEAR_MAX = 1900, 2999


@dataclass(frozen=True)
class CalendarTaken:
    """What was declared anew, how much of it was known before, and the deadlines it moved."""

    declared: int
    known: int
    announced: int | None = None
    moved: tuple[MovedDeadline, ...] = ()

    @property
    def changed(self) -> bool:
        """False where the file said nothing new."""
        return bool(self.declared or self.announced)


def import_days(
    work: Work,
    actor: Actor,
    rows: Sequence[DayRow],
    *,
    problems: Sequence[Problem] = (),
    announces: int | None = None,
    dry_run: bool = False,
) -> CalendarTaken:
    """Declare the days of a file, and a year announced where one is named. Every fault at once;
    one fault and nothing is written. `problems` are those found while reading the file."""
    _check_admin(actor)
    work.instant()
    known = {each.day: each for each in declared_days(work)}
    faults = [*problems, *_announcing_problems(rows, known, announces)]
    if faults:
        raise Invalid(faults)
    fresh = [day for day in map(_declared, rows) if known.get(day.day) != day]
    announced = announces if announces not in _announced(work) else None
    moved: tuple[MovedDeadline, ...] = ()
    if not dry_run:
        for day in fresh:
            _declare(work, actor, CalendarDay, {"day": day.day}, day._asdict())
        if announced is not None:
            document_no = _document_no(rows, announced)
            values = {"year": announced, "document_no": document_no}
            _declare(work, actor, CalendarYear, {"year": announced}, values)
        moved = _take_effect(work)
    return CalendarTaken(len(fresh), len(rows) - len(fresh), announced, moved)


def set_hours(work: Work, actor: Actor, hours: Hours, seen: Hours | None = None) -> CalendarTaken:
    """Set the office hours of a worked day. `Conflict` where others hold now than were seen."""
    _check_admin(actor)
    work.instant()
    _check_seen(seen, office_hours(work))
    problems = hours_problems(hours)
    if problems:
        raise Invalid(problems)
    if office_hours(work) == hours:
        return CalendarTaken(0, 1)
    of = {"applies_to": "worked_day"}
    _declare(work, actor, OfficeHours, of, {**of, "hours": format_hours(hours)})
    return CalendarTaken(1, 0, moved=_take_effect(work))


def _check_seen(seen: Hours | None, current: Hours) -> None:
    if seen is not None and seen != current:
        text = _(
            "The office hours were changed since you looked at them: you saw {seen}, now they are "
            "{current}. Look at them again, then decide.",
            seen=format_hours(seen),
            current=format_hours(current),
        )
        raise refuse(Conflict, "hours.stale", text, "hours")


def _take_effect(work: Work) -> tuple[MovedDeadline, ...]:
    """What the rest of this unit of work reads, and every deadline that runs. Told are those that
    everybody may know of."""
    work.read_calendar_anew()
    return tuple(
        moved
        for moved in reckon_anew(work)
        if is_public(work, moved.subject_kind, moved.subject_id)
    )


def _check_admin(actor: Actor) -> None:
    check_own_name(actor)
    if "admin" not in actor.roles:
        text = _("Only an admin may change the calendar; name one with --actor.")
        raise refuse(NotAllowed, "calendar.role", text, "actor")


def _announcing_problems(
    rows: Sequence[DayRow], known: Mapping[dt.date, DeclaredDay], year: int | None
) -> Iterator[Problem]:
    if year is None:
        return
    if not YEAR_MIN <= year <= YEAR_MAX:
        text = _("{year} is no year that can be announced.", year=year)
        yield Problem("calendar.year", text, "announces")
        return
    days = {row.day for row in rows if row.day} | known.keys()
    if year not in KNOWN_YEARS and not any(day.year == year for day in days):
        text = _(
            "Neither the file nor what was declared before has a day of {year}; a year is "
            "announced with its holidays.",
            year=year,
        )
        yield Problem("calendar.year_empty", text, "announces")


def _announced(work: Work) -> set[int]:
    return {each.year for each in declared_years(work)}


def _declared(row: DayRow) -> DeclaredDay:
    assert row.day is not None, "a row without its day was reported"
    return DeclaredDay(row.day, row.is_worked, row.note, row.document_no)


def _document_no(rows: Sequence[DayRow], year: int) -> str:
    """The document that announces a year: the first that its days name."""
    named = (row.document_no for row in rows if row.day and row.day.year == year)
    return next(filter(None, named), "")


def _declare(
    work: Work,
    actor: Actor,
    model: type[SQLModel],
    of: Mapping[str, object],
    values: Mapping[str, object],
) -> None:
    """Supersede what was declared of the same thing, and write what is declared now."""
    table, at = table_of(model), work.instant()
    same = sa.and_(*(table.c[name] == value for name, value in of.items()))
    work.connection.execute(
        sa.update(table).where(same, table.c.superseded_at.is_(None)).values(superseded_at=at)
    )
    work.insert(model, recorded_at=at, recorded_by=actor.username, **values)
