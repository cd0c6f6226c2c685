"""The scheduler as a process: it looks at once, and stops when told to, after what it began."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from relief.scheduler.jobs import SEAL, due_jobs
from tests.office import Office

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")

# `before` runs inside the first look; each line that is told appears on stdout at once.
PROGRAM = """
import sys
from pathlib import Path
from relief.scheduler import runner
from tests.conftest import settings_for
from relief.bootstrap import open_relief

do_job = runner.do_job

def do_after_an_answer(work, due):
    print("began", due.job, flush=True)
    sys.stdin.readline()
    return do_job(work, due)

runner.do_job = do_after_an_answer
relief = open_relief(settings_for(Path(sys.argv[1]), sys.argv[2]))
runner.run_scheduler(relief, 3600, lambda text: print("told", text, flush=True))
relief.database.dispose()
print("stopped", flush=True)
"""

FAILS_AT_FIRST = """
from types import SimpleNamespace
from zoneinfo import ZoneInfo
from relief.kernel.text import Text
from relief.scheduler import runner

looks = []

def tick(relief):
    looks.append(relief)
    if len(looks) == 1:
        raise OSError("the cable is out")
    return [runner.Done("job", "period", Text("look " + str(len(looks))))]

runner.tick = tick
relief = SimpleNamespace(settings=SimpleNamespace(zone=ZoneInfo("Asia/Shanghai")))
runner.run_scheduler(relief, 1, lambda text: print(text, flush=True))
"""


@pytest.fixture
def scheduler(sqlite_office: Office) -> subprocess.Popen[str]:
    settings = sqlite_office.relief.settings
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(settings.data_dir), settings.url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_scheduler_ends_what_it_began_when_told_to_stop(
    sqlite_office: Office, scheduler: subprocess.Popen[str], number: signal.Signals
) -> None:
    with scheduler:
        assert scheduler.stdout is not None
        assert scheduler.stdout.readline() == f"began {SEAL.key}\n"
        scheduler.send_signal(number)
        said, _nothing = scheduler.communicate("go on\n", timeout=60)
    assert [line.split()[0] for line in said.splitlines()] == ["told", "stopped"]
    assert scheduler.returncode == 0
    with sqlite_office.relief.reading() as work:
        assert due_jobs(work, sqlite_office.relief.settings) == []


def test_scheduler_waits_for_the_next_look_until_told_to_stop(
    scheduler: subprocess.Popen[str],
) -> None:
    with scheduler:
        assert scheduler.stdin is not None
        assert scheduler.stdout is not None
        scheduler.stdin.write("go on\n")
        scheduler.stdin.flush()
        said = [scheduler.stdout.readline().split()[0] for _line in range(2)]
        assert said == ["began", "told"]
        assert scheduler.poll() is None
        scheduler.terminate()
        assert scheduler.communicate(timeout=60)[0] == "stopped\n"
    assert scheduler.returncode == 0


def test_scheduler_looks_again_when_a_look_failed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", FAILS_AT_FIRST],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert "The look failed" in process.stdout.readline()
        assert process.stdout.readline() == "look 2\n"
        process.terminate()
        assert process.communicate(timeout=60)[1] == ""
    assert process.returncode == 0
