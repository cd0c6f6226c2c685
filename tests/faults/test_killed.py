"""Killed at any moment: a whole run or none, and whoever comes next finds everything in order."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
from pathlib import Path

import pytest

from relief.payouts.queries import all_runs
from relief.scheduler.jobs import due_jobs
from tests.faults.conftest import Shelf
from tests.faults.desk import Desk, spread
from tests.faults.dump import differences, dump
from tests.faults.example import MANY, QUARTER
from tests.faults.launcher import Launcher, Order
from tests.faults.many import register
from tests.faults.striking import AFTER, COMMIT
from tests.faults.use_cases import BROUGHT, USE_CASES
from tests.invariants.everything import check_everything
from tests.office import FANG, Office

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGKILL"),
    pytest.mark.postgresql_slow,
]
on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
POINTS, FEW = 50, 6
_NEXT_LIST_EVERY = 5
FIRST_QUARTER = "2005Q2"


def prepare(quarter: str = QUARTER) -> tuple[str, ...]:
    return "payouts", "prepare", quarter, "--actor", "fang"


def take_over(folder: Path = BROUGHT / "register") -> tuple[str, ...]:
    return "households", "import", str(folder), "--actor", "ping"


COMMANDS = {"prepare": prepare(), "import": take_over()}
each_command = pytest.mark.parametrize("command", COMMANDS)


def killed(desk: Desk, words: tuple[str, ...], points: int, quarter: str = QUARTER) -> None:
    """Killed just before the commit and at so many points: nothing is left of it, and nothing is
    in the way of the next list."""
    before, right = dump(desk.office), desk.next_list(quarter)
    last = desk.run(Order(words, COMMIT))
    assert last.commits == 1
    assert last.statements > points or points == POINTS
    for place, at in enumerate([COMMIT, *spread(last.statements, points)]):
        assert desk.run(Order(words, at)).code == -signal.SIGKILL, at
        assert differences(before, dump(desk.office)) == [], at
        if place % _NEXT_LIST_EVERY == 0:  # between, the next one to be killed comes as far
            assert desk.next_list(quarter) == right, at


def right_after(desk: Desk, command: str) -> str:
    """The list that is right when a command of the example was done."""
    return desk.next_list(QUARTER, USE_CASES["register"].act if command == "import" else None)


@each_command
def test_killed_while_it_works_it_has_done_nothing(
    shelf: Shelf, launcher: Launcher, command: str
) -> None:
    office = shelf.take("begun")
    desk = Desk(launcher, office)
    right = right_after(desk, command)
    at_every_point = office.relief.database.is_sqlite and command == "prepare"
    killed(desk, COMMANDS[command], POINTS if at_every_point else FEW)
    check_everything(office)
    assert desk.run(Order(COMMANDS[command])).code == 0
    assert desk.next_list(QUARTER) == right
    check_everything(office)
    shelf.give_back(office)


@each_command
def test_killed_just_after_its_commit_it_has_done_everything(
    shelf: Shelf, launcher: Launcher, command: str
) -> None:
    office = shelf.take("begun")
    desk = Desk(launcher, office)
    right = right_after(desk, command)
    assert desk.run(Order(COMMANDS[command], COMMIT, AFTER)).code == -signal.SIGKILL
    assert desk.next_list(QUARTER) == right
    check_everything(office)
    done = dump(office)
    assert desk.run(Order(COMMANDS[command])).code == 0
    assert desk.next_list(QUARTER) == right
    if command == "import":  # the same file, which is told and changes nothing
        assert [each.split(":")[0] for each in differences(done, dump(office))] == ["deployment"]
    check_everything(office)
    shelf.give_back(office)


@on_sqlite
@pytest.mark.slow
def test_list_of_many_households_is_whole_or_not_there_however_it_was_killed(
    shelf: Shelf, launcher: Launcher
) -> None:
    office = shelf.take("many")
    desk = Desk(launcher, office)
    right = desk.next_list(FIRST_QUARTER)
    killed(desk, prepare(FIRST_QUARTER), 4, FIRST_QUARTER)
    assert desk.run(Order(prepare(FIRST_QUARTER), COMMIT, AFTER)).code == -signal.SIGKILL
    run = office.run(FIRST_QUARTER)
    assert (run.line_count, run.sha256) == (MANY, right)
    check_everything(office)
    shelf.give_back(office)


@pytest.mark.deep
def test_list_of_many_households_killed_at_fifty_points(shelf: Shelf, launcher: Launcher) -> None:
    office = shelf.take("many")
    killed(Desk(launcher, office), prepare(FIRST_QUARTER), POINTS, FIRST_QUARTER)
    check_everything(office)
    shelf.give_back(office)


@pytest.mark.deep
def test_register_of_many_households_killed_at_ten_points(shelf: Shelf, launcher: Launcher) -> None:
    office = shelf.take("many to come")
    desk = Desk(launcher, office)
    words = take_over(office.register_folder(*register(MANY)))
    before = dump(office)
    last = desk.run(Order(words, COMMIT))
    for at in spread(last.statements, 10):
        assert desk.run(Order(words, at)).code == -signal.SIGKILL, at
        assert differences(before, dump(office)) == [], at
    assert desk.run(Order(words, COMMIT, AFTER)).code == -signal.SIGKILL
    office.at("2005-06-15T09:00")
    assert office.prepare(FIRST_QUARTER, actor=FANG).line_count == MANY
    check_everything(office)
    shelf.give_back(office)


@on_sqlite
def test_tick_that_was_killed_leaves_whole_jobs_and_the_next_one_does_the_rest(
    shelf: Shelf, launcher: Launcher
) -> None:
    words = ("tick",)
    office = shelf.take("begun")
    desk = Desk(launcher, office)
    right = desk.next_list(QUARTER)
    whole = desk.run(Order(words))
    assert whole.commits > 1
    shelf.give_back(office)
    for at in spread(whole.statements, FEW):
        office = shelf.take("begun")
        desk = Desk(launcher, office)
        assert desk.run(Order(words, at)).code == -signal.SIGKILL, at
        assert desk.run(Order(words)).code == 0, at
        with office.relief.reading() as work:
            assert due_jobs(work, office.relief.settings) == [], at
        assert office.run(QUARTER).sha256 == right, at
        check_everything(office)
        shelf.give_back(office)


@on_sqlite
def test_commit_that_was_cut_off_at_any_byte_gives_a_whole_run_or_none(
    shelf: Shelf, tmp_path: Path
) -> None:
    """What a power cut leaves of the write-ahead log: its beginning."""
    office = shelf.take("begun")
    before = rows_of(_copied(office, tmp_path / "before", cut=0))
    office.prepare(QUARTER, actor=FANG)
    log = _log_of(office).stat().st_size
    head, frame = 32, 4096 + 24
    assert (log - head) % frame == 0
    for end in range(head, log, frame):
        for cut in (end, end + frame // 2):
            assert rows_of(_copied(office, tmp_path / str(cut), cut)) == before, cut
    after = rows_of(_copied(office, tmp_path / "after", log))
    assert len(after["payout_run"]) == len(before["payout_run"]) + 1
    with office.relief.reading() as work:
        assert [run.reference for run in all_runs(work)][-1] == f"{QUARTER}-r1"
    shelf.give_back(office)


def _log_of(office: Office) -> Path:
    return office.relief.settings.data_dir / "relief.db-wal"


def _copied(office: Office, folder: Path, cut: int) -> Path:
    """The database as a machine finds it that lost power when so much of the log was written."""
    folder.mkdir()
    shutil.copy(office.relief.settings.data_dir / "relief.db", folder / "relief.db")
    log = _log_of(office)
    (folder / "relief.db-wal").write_bytes(log.read_bytes()[:cut] if log.exists() else b"")
    return folder / "relief.db"


def rows_of(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row, read by no code of the program."""
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        rows = {
            name: connection.execute(f'SELECT * FROM "{name}" ORDER BY 1').fetchall()
            for (name,) in tables.fetchall()
        }
    connection.close()
    return rows
