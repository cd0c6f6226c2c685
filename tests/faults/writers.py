"""Many who write at once, each a process with connections of its own.

Run as a program it forks them, lets them begin together, and prints what each has recorded: the
instants of its units of work, and the longest that it waited for its turn.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from relief.bootstrap import open_relief
from relief.engine.work import Work
from tests.conftest import settings_for
from tests.faults.launcher import CHECKOUT
from tests.matters import WHO, answered, do, fields_of, opened
from tests.office import CHEN, PING, Office

STEPS = ("accept", "handle", "implement", "feedback")
# What each does in a round, beside opening a case and taking it through its steps.
CONTACTS, ACCOUNTS, HOLDS = 1, 1, 2
UNITS = 1 + len(STEPS) + CONTACTS + ACCOUNTS + 1


@dataclass
class Writer:
    """One who writes; `instants` are those of record, in its order."""

    number: int
    instants: list[str] = field(default_factory=list)
    waited_s_max: float = 0.0
    fault: str = ""


def write_together(office: Office, writers: int, rounds: int) -> list[Writer]:
    """So many writers, as processes; what each has to say."""
    settings = office.relief.settings
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.writers", str(settings.data_dir), settings.url,
         str(writers), str(rounds)],
        cwd=CHECKOUT, env={**os.environ, "PYTHONPATH": str(CHECKOUT)}, stdout=subprocess.PIPE,
        text=True, check=True, timeout=600,
    )  # fmt: skip
    return [Writer(**json.loads(line)) for line in done.stdout.splitlines()]


class Writing(Office):
    """An office at which one of many works; it notes when, and how long it waited."""

    def __init__(self, me: Writer, relief: Any) -> None:
        super().__init__(relief)
        self.me = me
        self._work = relief.work
        relief.work = self._noted

    @contextmanager
    def _noted(self) -> Iterator[Work]:
        began = time.monotonic()
        with self._work() as work:
            at = work.instant()
            self.me.waited_s_max = max(self.me.waited_s_max, time.monotonic() - began)
            yield work
            self.me.instants.append(at.isoformat())

    def round(self, number: int) -> None:
        """A visit, a case from its opening to the end, and changes of files that all change."""
        answered(self)
        case = opened(self)
        for step in STEPS:
            do(self, case, step, WHO[step], fields_of(self, case, step))
        self.change(
            {"household_no": "H1", "change": "account", "account_name": "试甲",
             "account_no": f"6228483{self.me.number:06d}{number:06d}", "bank_name": "信用社"},
            actor=CHEN,
        )  # fmt: skip
        self.change(
            {"household_no": "H2", "change": "suspend", "reason": f"{self.me.number}/{number}"},
            {"household_no": "H2", "change": "resume"},
            actor=PING,
        )

    def _fresh(self, name: str) -> Path:
        self._files += 1
        return self.relief.settings.data_dir / f"{self.me.number}-{self._files}-{name}"


def _write(me: Writer, folder: Path, url: str, rounds: int, start: int) -> None:
    try:
        office = Writing(me, open_relief(settings_for(folder, url, clock=None)))
        os.read(start, 1)  # all begin when the other end is closed
        for number in range(rounds):
            office.round(number)
        office.relief.database.dispose()
    except Exception as fault:
        me.fault = repr(fault)


def main(folder: Path, url: str, writers: int, rounds: int) -> None:
    start, go = os.pipe()
    told = [folder / f"writer-{number}.json" for number in range(writers)]
    processes = []
    for number, path in enumerate(told):
        process = os.fork()
        if process == 0:
            os.close(go)
            me = Writer(number)
            _write(me, folder, url, rounds, start)
            path.write_text(json.dumps(asdict(me)), encoding="utf-8")
            os._exit(0)
        processes.append(process)
    os.close(go)
    for process in processes:
        os.waitpid(process, 0)
    for path in told:
        sys.stdout.write(path.read_text(encoding="utf-8") + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
