"""Starts `relief` in processes of their own, which kill themselves at a chosen statement.

Run as a program it reads orders, a line of JSON each. Every order is a process, forked from this
one, which has everything imported: fifty kills cost fifty lists, and no fifty beginnings.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultDialect

import relief
import relief.cli
from relief.cli import cli
from tests.faults.striking import AFTER, BEFORE, COMMIT

CHECKOUT = Path(relief.__file__).parent.parent


@dataclass(frozen=True)
class Order:
    """A command, and the signal that it sends itself: `at` the n-th statement, or at the commit;
    with no place, the process runs to its end."""

    words: tuple[str, ...]
    at: int | None = None
    when: str = BEFORE
    signal: int = int(getattr(signal, "SIGKILL", 0))
    # Of several commits, the one that is meant.
    commit: int = 1


@dataclass(frozen=True)
class Ended:
    """How a process ended: its exit code (negative: the signal that killed it), what it said, and
    how many statements and commits it had come to."""

    code: int
    out: str
    err: str
    statements: int = 0
    commits: int = 0


class Launcher:
    """The program, talked with."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.launcher"],
            cwd=CHECKOUT,
            env={**os.environ, **environment, "PYTHONPATH": str(CHECKOUT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, order: Order, **environment: str) -> Ended:
        """Carry an order out, and wait for its end."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps([asdict(order), environment]), file=self._process.stdin, flush=True)
        return Ended(**json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        """No more orders."""
        self._process.communicate(timeout=60)


class Counter:
    """Counts statements and commits of this process, and sends it a signal where it is told."""

    def __init__(self, order: Order, told: IO[str]) -> None:
        self.order = order
        self.told = told
        self.statements = self.commits = 0
        sa.event.listen(sa.Engine, "before_cursor_execute", self._before)
        sa.event.listen(sa.Engine, "after_cursor_execute", self._after)
        self._commit = DefaultDialect.do_commit
        DefaultDialect.do_commit = lambda dialect, connection: self._committing(  # type: ignore[method-assign]
            dialect, connection
        )

    def _before(self, *_event: Any) -> None:
        self.statements += 1
        self._strike(self.statements, BEFORE)

    def _after(self, *_event: Any) -> None:
        self._strike(self.statements, AFTER)

    def _committing(self, dialect: Any, connection: Any) -> None:
        self.commits += 1
        meant = self.commits == self.order.commit
        if meant:
            self._strike(COMMIT, BEFORE)
        self._commit(dialect, connection)
        if meant:
            self._strike(COMMIT, AFTER)

    def _strike(self, number: int, when: str) -> None:
        if (self.order.at, self.order.when) == (number, when):
            self.tell()
            os.kill(os.getpid(), self.order.signal)

    def tell(self) -> None:
        """Write down how far this process has come."""
        self.told.seek(0)
        self.told.write(json.dumps([self.statements, self.commits]))
        self.told.flush()


def _child(order: Order, environment: Mapping[str, str], said: Any) -> None:
    """In the forked process: become the command."""
    os.environ.update(environment)
    for descriptor in (1, 2):
        os.dup2(said[descriptor].fileno(), descriptor)
    counter = Counter(order, said[0])
    code = 0
    try:
        cli.main(args=list(order.words), prog_name="relief")
    except SystemExit as end:
        code = int(end.code or 0)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    counter.tell()
    os._exit(code)


def _carry_out(order: Order, environment: Mapping[str, str]) -> Ended:
    with (
        tempfile.TemporaryFile("w+") as counts,
        tempfile.TemporaryFile("w+") as out,
        tempfile.TemporaryFile("w+") as err,
    ):
        said = (counts, out, err)
        process = os.fork()
        if process == 0:
            try:
                _child(order, environment, said)
            finally:
                os._exit(99)
        _pid, status = os.waitpid(process, 0)
        for stream in said:
            stream.seek(0)
        code = os.waitstatus_to_exitcode(status)
        return Ended(code, out.read(), err.read(), *json.loads(counts.read()))


def _serve() -> None:
    for module in pkgutil.walk_packages(relief.cli.__path__, "relief.cli."):
        importlib.import_module(module.name)
    importlib.import_module("relief.scheduler.runner")
    for line in sys.stdin:
        order, environment = json.loads(line)
        ended = _carry_out(Order(**order), environment)
        sys.stdout.write(json.dumps(asdict(ended)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
