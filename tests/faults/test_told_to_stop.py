"""SIGTERM while the program works: done or rolled back, said in words, and nothing left locked."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
import sqlalchemy as sa

from relief.cli.termination import TERMINATED
from relief.scheduler.jobs import due_jobs
from tests.conftest import FIELD_KEY
from tests.faults.conftest import Shelf
from tests.faults.desk import Desk, spread
from tests.faults.dump import differences, dump, left_behind
from tests.faults.example import QUARTER
from tests.faults.launcher import CHECKOUT, Launcher, Order
from tests.faults.striking import AFTER, BEFORE, COMMIT
from tests.invariants.everything import check_everything
from tests.office import Office

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGTERM")
PREPARE = ("payouts", "prepare", QUARTER, "--actor", "fang")
STOPPED = (
    "Stopped. What was being done was rolled back, unless it had just been finished: look before "
    "you do it again."
)
WAITING = sa.text(
    "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
    " WHERE NOT granted AND datname = current_database()"
)


def told(at: int, when: str = BEFORE, words: tuple[str, ...] = PREPARE) -> Order:
    """A command that is told to stop at a place."""
    return Order(words, at, when, signal.SIGTERM)


def test_command_that_is_told_to_stop_rolls_back_and_says_so(
    shelf: Shelf, launcher: Launcher
) -> None:
    office = shelf.take("begun")
    desk = Desk(launcher, office)
    before, right = dump(office), desk.next_list(QUARTER)
    ended = desk.run(told(COMMIT))
    for at in [COMMIT, *spread(ended.statements, 5)]:
        ended = desk.run(told(at))
        assert (ended.code, ended.out) == (TERMINATED, ""), ended
        assert ended.err.splitlines()[-1] == STOPPED
        assert "Traceback" not in ended.err
        assert differences(before, dump(office)) == [], at
        assert left_behind(office) == [], at
    assert desk.next_list(QUARTER) == right
    check_everything(office)
    shelf.give_back(office)


def test_command_that_is_told_to_stop_just_after_its_commit_has_done_its_work(
    shelf: Shelf, launcher: Launcher
) -> None:
    office = shelf.take("begun")
    desk = Desk(launcher, office)
    right = desk.next_list(QUARTER)
    ended = desk.run(told(COMMIT, AFTER))
    assert ended.code == TERMINATED
    assert ended.err.splitlines()[-1] == STOPPED
    assert office.run(QUARTER).sha256 == right
    check_everything(office)
    shelf.give_back(office)


def test_scheduler_that_is_told_to_stop_brings_the_list_to_its_end(
    shelf: Shelf, launcher: Launcher
) -> None:
    office = shelf.take("begun")
    desk = Desk(launcher, office)
    right = desk.next_list(QUARTER)
    ended = desk.run(told(60, words=("scheduler", "--interval", "3600")))
    assert ended.code == 0, ended
    assert "Traceback" not in ended.err
    with office.relief.reading() as work:
        assert due_jobs(work, office.relief.settings) == []
    assert office.run(QUARTER).sha256 == right
    assert left_behind(office) == []
    check_everything(office)
    shelf.give_back(office)


def test_command_that_waits_for_its_turn_hears_that_it_is_to_stop(
    shelf: Shelf, launcher: Launcher
) -> None:
    office = shelf.take("begun")
    before = dump(office)
    environment = os.environ | Desk(launcher, office).environment()
    environment |= {"RELIEF_FIELD_KEYS": FIELD_KEY, "RELIEF_SECRET_KEY": "secret"}
    environment |= {"PYTHONPATH": str(CHECKOUT), "RELIEF_LOCALE": "en"}
    with office.relief.work() as work:
        work.instant()
        with subprocess.Popen(
            [sys.executable, "-c", SAYS_WHEN_IT_WAITS, *PREPARE],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout is not None
            if office.relief.database.is_sqlite:
                assert process.stdout.readline() == "waiting\n"
            else:
                _until_somebody_waits(office, process)
            process.terminate()
            _out, said = process.communicate(timeout=60)
    assert process.returncode == TERMINATED
    assert said.splitlines()[-1] == STOPPED
    assert differences(before, dump(office)) == []
    shelf.give_back(office)


# SQLite's queue is nowhere written down: the one who waits says so.
SAYS_WHEN_IT_WAITS = """
import sys
from relief.cli import cli
from relief.kernel import sqlite

def pause_s(waited_s):
    print("waiting", flush=True)
    return 0.001

sqlite.pause_s = sqlite.turn_s = pause_s
cli.main(args=sys.argv[1:], prog_name="relief")
"""


def _until_somebody_waits(office: Office, process: subprocess.Popen[str]) -> None:
    waiting = 0
    while not waiting and process.poll() is None:
        with office.relief.database.engine.connect() as connection:
            waiting = connection.execute(WAITING).scalar_one()
