"""Deadlines as they are stored: whose they are, what is in them, and when they are marked."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from little_office import APPROVER, CLERK, Office, defined, permit_table
from plea import PLEA, ZONE, Desk, at

from relief.engine.calendar.tables import CalendarDay
from relief.engine.clocks.deadlines import (
    DEADLINE,
    MovedDeadline,
    any_newly_overdue,
    any_of_another_calendar,
    deadline_of,
    mark_overdue,
    reckon_anew,
    stored_deadline,
    verify_deadlines,
)
from relief.engine.clocks.running import reckoned_deadline
from relief.engine.journal.passages import Passage
from relief.engine.tables import DeadlineChange
from relief.engine.work import Work
from relief.kernel.clock import RehearsalClock
from relief.kernel.columns import table_of

FIFTEEN = dt.date(2005, 6, 16)  # the 15th day after the 1st


class TwoKinds:
    """A plea and an appeal, both with the number 1, both received on the 1st."""

    def __init__(self, path: Path) -> None:
        kinds = [defined({**tomllib.loads(PLEA), "key": key}) for key in ("plea", "appeal")]
        nothing: dict[str, Any] = {name: lambda _work, _step: [] for name in (
            "colleague_is_known", "step_aside", "end_recusal",
        )}  # fmt: skip
        self.office = Office(path, *kinds, guards=nothing, effects=nothing)
        self.clock = RehearsalClock(at("2005-06-01T09:00"), ZONE)
        self.office.clock = self.clock
        for kind in ("plea", "appeal"):
            assert self.office.begin("receive", kind=kind) == 1

    def due(self) -> dict[str, dt.date | None]:
        return {row["subject_kind"]: row["due_on"] for row in self.office.rows(DEADLINE)}


@pytest.fixture
def two(tmp_path: Path) -> Iterator[TwoKinds]:
    two = TwoKinds(tmp_path / "two.db")
    yield two
    two.office.database.dispose()


def declare_free(work: Work, day: dt.date) -> None:
    declared = {"day": day, "is_worked": False, "note": "", "document_no": ""}
    work.insert(CalendarDay, **declared, recorded_at=work.instant(), recorded_by="an")
    work.read_calendar_anew()


def test_deadline_is_stored_with_all_that_is_told_of_it(desk: Desk) -> None:
    entry = desk.do("accept")
    (row,) = desk.office.rows(DEADLINE)
    with desk.office.work(writes=False) as work:
        stored = stored_deadline(work, "plea", desk.case)
        version = work.calendar.version
        assert stored_deadline(work, "plea", 99) is None
        assert stored_deadline(work, "appeal", desk.case) is None
    expected = {
        "subject_kind": "plea", "subject_id": desk.case, "state": "accepted",
        "started_on": dt.date(2005, 6, 1), "nominal_on": dt.date(2005, 7, 31),
        "due_on": dt.date(2005, 8, 1), "due_at": at("2005-08-02T00:00"), "provisional": False,
        "paused_on": None, "calendar_version": version, "overdue_at": None,
    }  # fmt: skip
    assert row == {**expected, "reckoned_at": entry.at}
    assert stored is not None
    assert vars(stored) == expected


def test_deadline_of_a_case_whose_clock_stands_still_has_no_day(desk: Desk) -> None:
    desk.do("accept")
    desk.on("2005-06-11T09:00")
    desk.do("hear")
    (row,) = desk.office.rows(DEADLINE)
    assert (row["state"], row["paused_on"]) == ("accepted", dt.date(2005, 6, 11))
    assert (row["nominal_on"], row["due_on"], row["due_at"]) == (None, None, None)


def test_deadlines_of_two_kinds_do_not_mix(two: TwoKinds) -> None:
    assert two.due() == {"plea": FIFTEEN, "appeal": FIFTEEN}
    two.office.advance(1, "accept", CLERK, kind="plea")
    assert two.due() == {"plea": dt.date(2005, 8, 1), "appeal": FIFTEEN}
    two.clock.put_forward(at("2005-06-10T09:00"))
    two.office.advance(1, "answer", CLERK, kind="plea")
    assert two.due() == {"appeal": FIFTEEN}


def test_deadline_of_a_kind_that_has_none_is_none(tmp_path: Path) -> None:
    table = permit_table()
    del table["state"][0]["deadline"]
    office = Office(tmp_path / "office.db", defined(table))
    office.begin()
    with office.work(writes=False) as work:
        assert deadline_of(work, "permit", 1) is None
        assert list(verify_deadlines(work)) == []
        version = work.calendar.version
    office.tamper(sa.insert(DEADLINE).values(
        subject_kind="permit", subject_id=1, state="draft", started_on=FIFTEEN, provisional=False,
        calendar_version=version, reckoned_at=at("2005-06-01T09:00"),
    ))  # fmt: skip
    with office.work(writes=False) as work:
        assert [fault.code for fault in verify_deadlines(work)] == ["deadline.changed"]
    office.database.dispose()


def test_mark_says_when_it_was_made_and_goes_with_the_day_it_was_for(desk: Desk) -> None:
    desk.accepted()
    desk.on("2005-08-02T09:00")
    with desk.office.work() as work:
        assert any_newly_overdue(work)
        _count, (stored,) = mark_overdue(work, named_max=5)
        assert (stored.due_on, stored.overdue_at) == (dt.date(2005, 8, 1), None)
        assert not any_newly_overdue(work)
    (row,) = desk.office.rows(DEADLINE)
    assert row["overdue_at"] >= at("2005-08-02T09:00")
    desk.do("hear")
    assert desk.office.rows(DEADLINE)[0]["overdue_at"] == row["overdue_at"]
    with desk.office.work() as work:
        declare_free(work, dt.date(2005, 8, 1))
        reckon_anew(work)
    (moved,) = desk.office.rows(DEADLINE)
    assert (moved["due_on"], moved["overdue_at"]) == (dt.date(2005, 8, 2), None)


def test_of_what_was_due_at_once_the_kind_and_the_number_decide(two: TwoKinds) -> None:
    two.office.begin("receive", kind="appeal")
    two.clock.put_forward(at("2005-06-20T09:00"))
    with two.office.work() as work:
        count, named = mark_overdue(work, named_max=3)
    assert count == 3
    assert [(each.subject_kind, each.subject_id) for each in named] == [
        ("appeal", 1), ("appeal", 2), ("plea", 1),
    ]  # fmt: skip


class StandingClock(RehearsalClock):
    """It is always the same instant."""

    def now(self) -> dt.datetime:
        return self._start


def test_deadline_is_missed_at_the_very_instant_at_which_it_ends(desk: Desk) -> None:
    for instant, is_missed in (("2005-06-16T23:59:59", False), ("2005-06-17T00:00:00", True)):
        desk.office.clock = StandingClock(at(instant), ZONE)
        with desk.office.work(writes=False) as work:
            assert any_newly_overdue(work) is is_missed


def test_case_that_began_in_a_pause_has_no_deadline(desk: Desk) -> None:
    begun = Passage(
        "receive", frozenset({"mei"}), "", "hearing", desk.clock.now(), desk.clock.now()
    )
    with desk.office.work(writes=False) as work:
        definition = work.workflows.definitions["plea"]
        assert reckoned_deadline(work, definition, [begun]) is None
        assert reckoned_deadline(work, definition, []) is None


def test_every_case_of_every_kind_is_verified(tmp_path: Path) -> None:
    idle = permit_table()
    del idle["state"][0]["deadline"]
    kinds = [defined({**idle, "key": "idle"}), defined(permit_table())]
    office = Office(tmp_path / "office.db", *kinds)
    for _n in range(3):
        office.begin()
    of_case = DEADLINE.c.subject_id
    office.tamper(sa.update(DEADLINE).where(of_case == 1).values(calendar_version="of old"))
    office.tamper(sa.update(DEADLINE).where(of_case == 2).values(due_at=at("2005-06-18T00:00")))
    with office.work(writes=False) as work:
        told = [str(fault.text) for fault in verify_deadlines(work)]
    assert [text[:24] for text in told] == ["The deadline of N-2 is n"]
    office.database.dispose()


def test_move_is_told_and_kept_with_both_calendars(desk: Desk) -> None:
    (before,) = desk.office.rows(DEADLINE)
    desk.on("2005-06-02T09:00")
    with desk.office.work() as work:
        assert not any_of_another_calendar(work)
        declare_free(work, FIFTEEN)
        assert any_of_another_calendar(work)
        moved = reckon_anew(work)
        assert not any_of_another_calendar(work)
        version = work.calendar.version
    later = FIFTEEN + dt.timedelta(days=1)
    assert moved == [MovedDeadline("plea", desk.case, "N-1", FIFTEEN, later)]
    (change,) = desk.office.rows(table_of(DeadlineChange))
    (after,) = desk.office.rows(DEADLINE)
    assert {**change, "id": 0, "at": None} == {
        "id": 0, "subject_kind": "plea", "subject_id": desk.case, "before_on": FIFTEEN,
        "after_on": later, "before_version": before["calendar_version"],
        "after_version": version, "at": None,
    }  # fmt: skip
    assert after["reckoned_at"] > before["reckoned_at"]
    assert change["at"] >= after["reckoned_at"]


@pytest.mark.parametrize(
    "change",
    [
        {"due_at": None},
        {"due_at": at("2005-06-18T00:00")},
        {"paused_on": FIFTEEN},
        {"due_on": dt.date(2005, 6, 29)},
    ],
    ids=["taken away", "moved", "paused", "told for another day"],
)
def test_deadline_that_is_not_the_journals_is_named(desk: Desk, change: dict[str, Any]) -> None:
    desk.office.tamper(sa.update(DEADLINE).values(**change))
    with desk.office.work(writes=False) as work:
        (fault,) = verify_deadlines(work)
    assert fault.code == "deadline.changed"
    assert "N-1" in str(fault.text)


def test_deadline_that_was_taken_out_or_put_in_is_named(two: TwoKinds) -> None:
    two.office.advance(1, "accept", CLERK, kind="plea")
    two.clock.put_forward(at("2005-06-10T09:00"))
    two.office.advance(1, "answer", APPROVER, kind="plea")
    (row,) = two.office.rows(DEADLINE)
    two.office.tamper(sa.delete(DEADLINE))
    two.office.tamper(sa.insert(DEADLINE).values({**row, "subject_kind": "plea"}))
    with two.office.work(writes=False) as work:
        assert [fault.code for fault in verify_deadlines(work)] == ["deadline.changed"] * 2
