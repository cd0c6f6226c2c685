"""What the office declares of its calendar: by whom, what goes before what, and what it moves."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from little_office import CLERK, Actor, Office, codes
from plea import ZONE, at

from relief.engine.calendar import DEFAULT_HOURS, WorkingCalendar
from relief.engine.calendar.file import DayRow, parse_days
from relief.engine.calendar.hours import Hours, parse_hours
from relief.engine.calendar.queries import (
    DAY,
    HOURS,
    YEAR,
    DeclaredDay,
    DeclaredYear,
    declared_days,
    declared_years,
    office_hours,
)
from relief.engine.calendar.year import SpecialDay, YearView, view_year
from relief.engine.calendar_changes import CalendarTaken, import_days, set_hours
from relief.kernel.clock import RehearsalClock
from relief.kernel.errors import Conflict, Invalid, NotAllowed, Problem, ReliefError
from relief.kernel.files.columns import Place
from relief.kernel.text import _
from tests.legible import legible

AN = Actor("an", frozenset({"admin"}))
FLOOD, MAKE_UP = dt.date(2998, 6, 15), dt.date(2998, 6, 18)
MORNING: Hours = ((480, 720),)


def row(day: dt.date, *, is_worked: bool = False, note: str = "", document_no: str = "") -> DayRow:
    return DayRow(Place("days", 2, {}), day, is_worked, note, document_no)


def declare(office: Office, *rows: DayRow, actor: Actor = AN, **how: Any) -> CalendarTaken:
    with office.work() as work:
        return import_days(work, actor, rows, **how)


def refused(office: Office, *rows: DayRow, **how: Any) -> list[tuple[str, str]]:
    with pytest.raises(ReliefError) as raised:
        declare(office, *rows, **how)
    assert office.rows(DAY) == office.rows(YEAR) == []
    assert all(legible(problem.text) for problem in raised.value.problems)
    return [(problem.code, problem.field) for problem in raised.value.problems]


def viewed(office: Office, year: int) -> YearView:
    with office.work(writes=False) as work:
        return view_year(work, year)


def test_calendar_is_for_an_administrator_to_change(office: Office) -> None:
    assert refused(office, row(FLOOD), actor=CLERK) == [("calendar.role", "actor")]
    with office.work() as work, pytest.raises(NotAllowed) as raised:
        set_hours(work, CLERK, MORNING)
    assert [(p.code, p.field) for p in raised.value.problems] == [("calendar.role", "actor")]
    assert office.rows(HOURS) == []


@pytest.mark.parametrize("year", [1900, 2999])
def test_first_and_last_year_can_be_announced_with_a_day_of_theirs(
    office: Office, year: int
) -> None:
    taken = declare(office, row(dt.date(year, 6, 1)), announces=year)
    assert taken == CalendarTaken(1, 0, year)


def test_year_is_not_announced_out_of_nothing(office: Office) -> None:
    for year in (1899, 3000):
        days = [row(dt.date(year, 6, 1))]
        assert refused(office, *days, announces=year) == [("calendar.year", "announces")]
    assert refused(office, row(FLOOD), announces=2997) == [("calendar.year_empty", "announces")]


def test_fault_of_the_file_keeps_everything_out(office: Office) -> None:
    fault = Problem("date.unreadable", _("x"), "day")
    assert refused(office, row(FLOOD), problems=[fault], announces=3000) == [
        ("date.unreadable", "day"), ("calendar.year", "announces"),
    ]  # fmt: skip


def test_year_whose_days_were_declared_before_is_announced_without_any(office: Office) -> None:
    declare(office, row(FLOOD))
    assert viewed(office, 2998).by_office is None
    taken = declare(office, announces=2998)
    assert (taken, taken.changed) == (CalendarTaken(0, 0, 2998), True)
    assert viewed(office, 2998).by_office == ""
    again = declare(office, announces=2998)
    assert (again, again.changed) == (CalendarTaken(0, 0), False)
    assert declare(office, announces=2026) == CalendarTaken(0, 0, 2026)  # the package has its days


def test_year_is_announced_by_the_first_document_that_its_own_days_name(office: Office) -> None:
    other = row(dt.date(2997, 6, 1), document_no="2996-1")
    declare(office, other, row(MAKE_UP, document_no="2997-31"), row(FLOOD), announces=2998)
    declare(office, announces=2026)
    with office.work(writes=False) as work:
        assert declared_years(work) == [DeclaredYear(2026, ""), DeclaredYear(2998, "2997-31")]
        assert [day.day for day in declared_days(work)] == [other.day, FLOOD, MAKE_UP]


def test_file_that_is_only_checked_tells_the_same_and_writes_nothing(office: Office) -> None:
    known = row(MAKE_UP, is_worked=True)
    declare(office, known)
    how: dict[str, Any] = {"announces": 2998, "dry_run": True}
    assert declare(office, known, row(FLOOD), **how) == CalendarTaken(1, 1, 2998)
    assert (len(office.rows(DAY)), office.rows(YEAR)) == (1, [])


def test_day_that_is_declared_again_supersedes_itself_alone_and_once(office: Office) -> None:
    declare(office, row(FLOOD, note="防汛"), row(MAKE_UP, is_worked=True))
    declare(office, row(FLOOD, note="台风"))
    first = office.rows(DAY)[0]
    taken = declare(office, row(FLOOD, is_worked=True, note="台风"))
    assert (taken.declared, taken.known) == (1, 0)
    rows = office.rows(DAY)
    assert rows[0] == first
    assert [(r["day"], r["note"], r["is_worked"], r["superseded_at"] is None) for r in rows] == [
        (FLOOD, "防汛", False, False), (MAKE_UP, "", True, True), (FLOOD, "台风", False, False),
        (FLOOD, "台风", True, True),
    ]  # fmt: skip
    assert rows[2]["superseded_at"] == rows[3]["recorded_at"]
    assert {r["recorded_by"] for r in rows} == {"an"}
    with office.work(writes=False) as work:
        assert declared_days(work) == [
            DeclaredDay(FLOOD, True, "台风", ""), DeclaredDay(MAKE_UP, True, "", ""),
        ]  # fmt: skip


def test_hours_that_were_not_seen_are_not_overwritten(office: Office) -> None:
    with office.work() as work:
        assert set_hours(work, AN, MORNING, seen=DEFAULT_HOURS) == CalendarTaken(1, 0)
        assert set_hours(work, AN, MORNING, seen=MORNING) == CalendarTaken(0, 1)
    with office.work() as work, pytest.raises(Conflict) as raised:
        set_hours(work, AN, ((600, 720),), seen=DEFAULT_HOURS)
    assert [(p.code, p.field) for p in raised.value.problems] == [("hours.stale", "hours")]
    assert "you saw 08:30-12:00 14:00-17:30, now they are 08:00-12:00." in str(raised.value)
    with office.work() as work:
        set_hours(work, AN, ((600, 720),))
        assert (office_hours(work), work.calendar.intervals) == (((600, 720),),) * 2
    told = [(r["applies_to"], r["hours"], r["superseded_at"] is None) for r in office.rows(HOURS)]
    assert told == [("worked_day", "08:00-12:00", False), ("worked_day", "10:00-12:00", True)]


def test_day_that_is_declared_moves_the_deadlines_that_run_over_it(office: Office) -> None:
    office.clock = RehearsalClock(at("2005-06-01T09:00"), ZONE)
    case = office.begin()
    taken = declare(office, row(dt.date(2005, 6, 15)))
    (moved,) = taken.moved
    assert (moved.subject_id, moved.before_on, moved.after_on) == (
        case, dt.date(2005, 6, 22), dt.date(2005, 6, 23),
    )  # fmt: skip
    with office.work() as work:
        assert set_hours(work, AN, MORNING).moved == ()


def test_year_is_viewed_day_by_day_with_who_says_so(office: Office) -> None:
    first, last = dt.date(2998, 1, 1), dt.date(2998, 12, 31)
    declare(office, row(last, note="盘点", document_no="7"), row(first, is_worked=True))
    view = viewed(office, 2998)
    assert (view.year, view.provisional, view.known_to_package) == (2998, True, False)
    assert view.days[0] == SpecialDay(first, True, "office")
    assert view.days[-1] == SpecialDay(last, False, "office", "盘点", "7")
    assert view.days[1].note == {"en": "Labour Day", "zh": "劳动节"}
    assert view.calendar == WorkingCalendar({first: True, last: False})
    known = viewed(office, 2026)
    notes = {special.day: special.note for special in known.days}
    assert known.known_to_package
    assert notes[dt.date(2026, 10, 1)] == {"en": "National Day", "zh": "国庆节"}
    assert notes[dt.date(2026, 10, 10)] == notes[dt.date(2026, 10, 1)]  # worked instead
    assert dt.date(2026, 9, 23) not in notes


def test_file_of_days_is_read_with_what_it_leaves_out(tmp_path: Path) -> None:
    path = tmp_path / "days.csv"
    path.write_text("day,kind\n2998-06-15,holiday\n2998-06-18,workday\n", encoding="utf-8")
    rows, problems = parse_days(path)
    assert [(r.day, r.is_worked, r.note, r.document_no) for r in rows] == [
        (FLOOD, False, "", ""), (MAKE_UP, True, "", ""),
    ]  # fmt: skip
    assert (problems, [r.at.row for r in rows]) == ([], [2, 3])
    path.write_text("日期,类型\n2998-06-15,\n2998-06-15,休\n", encoding="utf-8")
    _rows, problems = parse_days(path)
    assert [(p.code, p.field, p.row) for p in problems] == [
        ("cell.missing", "类型", 2), ("calendar.doubled", "日期", 3),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "An office without hours is never open; give at least one interval."),
        (["24:00-24:00"], "24:00-24:00 is no interval of a day: it has to end after it begins"),
        (["08:05-07:09"], "08:05-07:09 is no interval of a day"),
        (["00:00-00:01", "00:00-00:02"], "00:00-00:02 begins before 00:00-00:01 has ended;"),
        (["x" * 50], f'"{"x" * 40}" is no interval of a day; write it as 08:30-12:00'),
    ],
)
def test_hours_are_refused_in_whole_sentences(words: list[str], told: str) -> None:
    with pytest.raises(Invalid) as raised:
        parse_hours(words)
    (problem,) = raised.value.problems
    assert (problem.field, codes([problem])[0][:6]) == ("hours", "hours.")
    assert legible(problem.text).startswith(told)
