"""What is overdue is marked once; deadlines follow the calendar."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import sqlalchemy as sa

from relief.engine.calendar.file import parse_days
from relief.engine.calendar_changes import CalendarTaken, import_days
from relief.engine.cases import find_case
from relief.engine.clocks.deadlines import DEADLINE, stored_deadline
from relief.engine.tables import DeadlineChange
from relief.kernel.columns import table_of
from relief.scheduler.jobs import MARK_OVERDUE, RECKON_ANEW, SEAL
from relief.scheduler.runner import tick
from tests.matters import opened
from tests.office import AN, CHEN, Office

CHANGE = table_of(DeadlineChange)


def jobs_done(office: Office) -> list[str]:
    done = tick(office.relief)
    assert not any(each.failed for each in done)
    return [each.job for each in done]


def due_on(office: Office, reference: str) -> dt.date | None:
    with office.relief.reading() as work:
        case = find_case(work, reference, CHEN)
        stored = stored_deadline(work, case.kind.key, case.id)
    return stored.due_on if stored else None


def declare_free(office: Office, path: Path, *days: str) -> CalendarTaken:
    path.write_text("day,kind\n" + "".join(f"{day},holiday\n" for day in days), encoding="utf-8")
    rows, problems = parse_days(path)
    with office.relief.work() as work:
        taken = import_days(work, AN, rows, problems=problems)
        work.commit()
    return taken


def test_case_is_marked_overdue_once_after_its_last_day(office: Office) -> None:
    office.at("2005-06-01T09:00")
    reference = opened(office)
    assert due_on(office, reference) == dt.date(2005, 6, 16)
    assert jobs_done(office) == [SEAL.key]
    office.at("2005-06-16T23:59")
    assert jobs_done(office) == [SEAL.key]
    office.at("2005-06-17T00:01")
    done = tick(office.relief)
    assert [each.job for each in done] == [MARK_OVERDUE.key, SEAL.key]
    assert f"{reference} (due on 2005-06-16)" in str(done[0].text)
    office.at("2005-06-18T00:01")
    assert jobs_done(office) == [SEAL.key]


def test_import_of_a_calendar_moves_deadlines_at_once(office: Office, tmp_path: Path) -> None:
    office.at("2005-06-01T09:00")
    reference = opened(office)
    taken = declare_free(office, tmp_path / "c.csv", "2005-06-16", "2005-06-17")
    (moved,) = taken.moved
    assert (moved.reference, moved.before_on, moved.after_on) == (
        reference,
        dt.date(2005, 6, 16),
        dt.date(2005, 6, 20),
    )
    assert due_on(office, reference) == dt.date(2005, 6, 20)
    assert jobs_done(office) == [SEAL.key]


def test_deadline_that_was_reckoned_with_another_calendar_is_reckoned_anew_once(
    office: Office,
) -> None:
    office.at("2005-06-01T09:00")
    reference = opened(office)
    with office.relief.work() as work:
        stale = sa.update(DEADLINE).values(
            calendar_version="an older package", due_on=dt.date(2005, 6, 15)
        )
        work.connection.execute(stale)
        work.commit()
    done = tick(office.relief)
    assert [each.job for each in done] == [RECKON_ANEW.key, SEAL.key]
    assert f"{reference} from 2005-06-15 to 2005-06-16" in str(done[0].text)
    assert due_on(office, reference) == dt.date(2005, 6, 16)
    with office.relief.reading() as work:
        (change,) = work.rows(sa.select(CHANGE))
    assert change.before_version == "an older package"
    assert jobs_done(office) == []
