"""What the office declares: days, years, hours; kept for ever, and read by every unit of work."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import sqlalchemy as sa

from relief.engine.calendar import DEFAULT_HOURS, WorkingCalendar
from relief.engine.calendar.file import parse_days
from relief.engine.calendar.queries import DAY
from relief.engine.calendar.year import view_year
from relief.engine.calendar_changes import CalendarTaken, import_days, set_hours
from relief.kernel.errors import Invalid, NotAllowed
from tests.office import AN, CHEN, Office

pytestmark = pytest.mark.postgresql_slow

HOLIDAY, WORKDAY = dt.date(2005, 6, 15), dt.date(2005, 6, 18)


@pytest.fixture
def bring(office: Office, tmp_path: Path):
    """Imports a calendar that is written as a table."""

    def take(text: str, actor=AN, **how) -> CalendarTaken:
        path = tmp_path / "calendar.csv"
        path.write_bytes(text.encode(how.pop("encoding", "utf-8")))
        rows, problems = parse_days(path)
        with office.relief.work() as work:
            taken = import_days(work, actor, rows, problems=problems, **how)
            work.commit()
        return taken

    return take


def calendar_of(office: Office) -> WorkingCalendar:
    with office.relief.reading() as work:
        return work.calendar


def test_calendar_is_the_package_until_something_is_declared(office: Office) -> None:
    assert calendar_of(office) == WorkingCalendar()
    assert calendar_of(office).intervals == DEFAULT_HOURS


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (
            "day,kind,note,document_no\n2005-06-15,holiday,flood,2005-7\n2005/6/18,workday,,\n",
            "utf-8",
        ),
        ("日期,类型,备注,文号\n2005-06-15,休,防汛,2005-7\n20050618,班,,\n", "gb18030"),
        ("日期,类型\n2005年6月15日,放假\n2005.6.18,补班\n", "utf-8-sig"),
    ],
)
def test_declared_days_go_before_the_package(
    office: Office, bring, text: str, encoding: str
) -> None:
    assert bring(text, encoding=encoding) == CalendarTaken(2, 0)
    calendar = calendar_of(office)
    assert calendar.is_working_day(HOLIDAY) == (False, False)
    assert calendar.is_working_day(WORKDAY) == (True, False)


def test_same_file_twice_changes_nothing(office: Office, bring) -> None:
    text = "day,kind\n2027-02-05,holiday\n2027-02-06,workday\n"
    assert bring(text, announces=2027) == CalendarTaken(2, 0, 2027)
    version = calendar_of(office).version
    again = bring(text, announces=2027)
    assert (again, again.changed) == (CalendarTaken(0, 2), False)
    assert calendar_of(office).version == version


@pytest.mark.parametrize("year", [0, 1899, 3000, 20050])
def test_year_that_nobody_can_announce_is_refused_and_nothing_declared(
    office: Office, bring, year: int
) -> None:
    with pytest.raises(Invalid, match=f"{year} is no year that can be announced"):
        bring("日期,类型\n2005-06-15,休\n", announces=year)
    assert calendar_of(office) == WorkingCalendar()


def test_correction_supersedes_what_was_declared(office: Office, bring) -> None:
    bring("day,kind\n2005-06-15,holiday\n")
    bring("day,kind,note\n2005-06-15,workday,taken back\n")
    assert calendar_of(office).is_working_day(HOLIDAY).is_worked
    with office.relief.reading() as work:
        rows = work.rows(sa.select(DAY).order_by(DAY.c.id))
    assert [(row.is_worked, row.superseded_at is None) for row in rows] == [
        (False, False),
        (True, True),
    ]
    assert rows[0].superseded_at == rows[1].recorded_at
    assert {row.recorded_by for row in rows} == {"an"}


def test_year_is_provisional_until_the_office_announces_it(office: Office, bring) -> None:
    assert calendar_of(office).roll_forward(dt.date(2998, 1, 20)).provisional
    bring("day,kind,document_no\n2998-02-06,holiday,2997-31\n", announces=2998)
    assert not calendar_of(office).roll_forward(dt.date(2998, 1, 20)).provisional
    with office.relief.reading() as work:
        view = view_year(work, 2998)
    assert (view.provisional, view.by_office) == (False, "2997-31")


def test_every_fault_of_a_file_is_named_at_once_and_nothing_is_written(
    office: Office, bring
) -> None:
    text = (
        "day,kind,note\n2005-02-30,holiday,\n2005-06-15,free,\n,workday,\n"
        "2005-06-18,workday,\n2005-06-18,holiday,\n"
    )
    with pytest.raises(Invalid) as refused:
        bring(text, announces=2998)
    assert [(fault.code, fault.row) for fault in refused.value.problems] == [
        ("date.unreadable", 2),
        ("cell.choice", 3),
        ("cell.missing", 4),
        ("calendar.doubled", 6),
        ("calendar.year_empty", 0),
    ]
    assert calendar_of(office) == WorkingCalendar()


def test_nothing_is_written_when_a_file_is_only_checked(office: Office, bring) -> None:
    text = "day,kind\n2998-02-06,holiday\n"
    assert bring(text, announces=2998, dry_run=True) == CalendarTaken(1, 0, 2998)
    assert calendar_of(office) == WorkingCalendar()


def test_only_an_admin_changes_the_calendar(office: Office, bring) -> None:
    with pytest.raises(NotAllowed):
        bring("day,kind\n2005-06-15,holiday\n", actor=CHEN)
    with office.relief.work() as work, pytest.raises(NotAllowed):
        set_hours(work, CHEN, ((480, 720),))


def test_hours_are_set_and_seen_by_the_unit_of_work_that_set_them(office: Office) -> None:
    morning = ((480, 720),)
    with office.relief.work() as work:
        assert work.calendar.intervals == DEFAULT_HOURS
        assert set_hours(work, AN, morning).changed
        assert work.calendar.intervals == morning
        assert not set_hours(work, AN, morning).changed
        work.commit()
    assert calendar_of(office).intervals == morning


def test_empty_hours_are_refused(office: Office) -> None:
    with office.relief.work() as work, pytest.raises(Invalid):
        set_hours(work, AN, ())


def test_year_is_shown_with_who_says_so(office: Office, bring) -> None:
    bring("day,kind,note\n2026-09-23,holiday,flood\n")
    with office.relief.reading() as work:
        known, unknown = view_year(work, 2026), view_year(work, 2998)
    by_day = {each.day: each for each in known.days}
    assert not known.provisional
    assert (by_day[dt.date(2026, 9, 23)].source, by_day[dt.date(2026, 9, 23)].note) == (
        "office",
        "flood",
    )
    make_up = by_day[dt.date(2026, 10, 10)]
    assert (make_up.is_worked, make_up.source) == (True, "package")
    assert make_up.note == {"en": "National Day", "zh": "国庆节"}
    assert unknown.provisional
    assert [each.day.isoformat()[5:] for each in unknown.days] == [
        "01-01", "05-01", "05-02", "10-01", "10-02", "10-03",
    ]  # fmt: skip
    assert {each.source for each in unknown.days} == {"date"}
