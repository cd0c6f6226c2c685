"""A plugin of pytest that asks the collected tests about each mutant of the place above.

The tests run once unbroken, in this process, which is told which lines each of them runs, and how
long it takes. Then a fork for each mutant asks those that run the line which it changes, until one
fails: what noticed the last mutants first, then what takes next to no time, then the quickest of
each file, the next of each, and so on. A mutant that is noticed costs hundredths of a second.
"""

from __future__ import annotations

import functools
import gc
import json
import os
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from operator import itemgetter
from pathlib import Path

import pytest
import sqlalchemy as sa
from _pytest.runner import runtestprotocol
from mutmut.mutation.trampoline import set_mutant_under_test

from relief.engine.definitions import form
from relief.kernel import sqlite
from tests.mutants.reaching import Reaching

# As mutmut keeps them.
SURVIVED, NOTICED, SEEN_BY_NO_TEST, NEVER_ENDED, REFUSED = 0, 1, 33, 36, 37
SETTLED = (NOTICED, 3, REFUSED)  # 3: pytest itself gave up
_MEMORY = 4 << 30
_REMEMBERED = 8
_NEXT_TO_NO_TIME = 0.01


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("mutants")
    group.addoption("--processes", type=int, default=1)
    group.addoption(
        "--tests", type=int, default=sys.maxsize, metavar="N",
        help="of those that take some time ask no more than that",
    )  # fmt: skip


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    """In place of pytest's own loop."""
    Asking(session).every_mutant()
    return True


class Asking:
    """What each test runs and costs, and the mutants that are being asked about."""

    def __init__(self, session: pytest.Session) -> None:
        self.session = session
        self.metas = {path: json.loads(path.read_text("utf-8")) for path in _metas()}
        self.reaching = Reaching([path.with_suffix("") for path in self.metas])
        self.tests = {item.nodeid: item for item in session.items}
        self.seconds: dict[pytest.Item, float] = {}
        self.recent: list[pytest.Item] = []
        self.running: dict[int, tuple[str, list[pytest.Item], int]] = {}
        self._caches = [
            each
            for each in gc.get_objects()
            if isinstance(each, functools._lru_cache_wrapper)
            and each.__module__.startswith("relief.")
        ]
        _do_not_wait_for_the_disk()
        self._look()
        gc.freeze()

    def every_mutant(self) -> None:
        """Ask about all that nobody noticed yet, and keep what came out beside the mutants."""
        home = {
            name: path
            for path, meta in self.metas.items()
            for name, code in meta["exit_code_by_key"].items()
            if code not in SETTLED
        }
        self._ask("", list(self.tests.values()))
        if self._next_answer() != ("", SURVIVED):
            raise pytest.UsageError("tests fail in a fork with nothing broken")
        for number, (name, code) in enumerate(self._answers(home), start=1):
            path = home[name]
            self.metas[path]["exit_code_by_key"][name] = code
            fresh = path.with_suffix(".fresh")  # whoever looks on, or stops it, finds a whole file
            fresh.write_text(json.dumps(self.metas[path], indent=4), "utf-8")
            fresh.replace(path)
            sys.stdout.write(f"{number}/{len(home)} {code} {name}\n")
            sys.stdout.flush()

    def _look(self) -> None:
        set_mutant_under_test("")
        self.reaching.start()
        for item in self.session.items:
            self._forget()  # what a test finds made by the one before it, it does not run
            self.reaching.watch(item.nodeid)
            begun = time.process_time()
            if not self._passes(item):
                raise pytest.UsageError(f"{item.nodeid} fails with nothing broken")
            self.seconds[item] = time.process_time() - begun
        self.reaching.stop()

    def _forget(self) -> None:
        for cache in self._caches:
            cache.cache_clear()
        form._FORMS.clear()

    def _passes(self, item: pytest.Item) -> bool:
        # What the session shares stays: the next one is any of them.
        reports = runtestprotocol(item, log=False, nextitem=self.session)  # type: ignore[arg-type]
        return not any(report.failed for report in reports)

    def _answers(self, home: Mapping[str, Path]) -> Iterator[tuple[str, int]]:
        for name, path in home.items():
            found = self.reaching.tests_of(path.with_suffix(""), name)
            tests = [self.tests[test] for test in found]
            if not tests:
                yield name, SEEN_BY_NO_TEST
                continue
            while len(self.running) >= self._at_once():
                yield self._next_answer()
            self._ask(name, tests)
        while self.running:
            yield self._next_answer()

    def _at_once(self) -> int:
        """So many as were asked for; one where others keep the machine busy."""
        busy = os.getloadavg()[0] > 2 * (os.cpu_count() or 1)
        return 1 if busy else self.session.config.getoption("--processes")

    def _ask(self, name: str, tests: list[pytest.Item]) -> None:
        first = [test for test in self.recent if test in tests]
        in_turn = self._in_turn(tests)
        slow = [test for test in in_turn if self.seconds[test] > _NEXT_TO_NO_TIME]
        left_out = slow[self.session.config.getoption("--tests") :]
        tests = [test for test in dict.fromkeys([*first, *in_turn]) if test not in left_out]
        told, tell = os.pipe()
        child = os.fork()
        if not child:
            try:
                os._exit(self._first_that_fails(name, tests, tell))
            finally:
                os._exit(3)
        os.close(tell)
        self.running[child] = (name, tests, told)

    def _in_turn(self, tests: list[pytest.Item]) -> list[pytest.Item]:
        """Those that take next to no time, then the quickest of each file, the next of each."""
        of_file: Counter[Path] = Counter()
        turns = []
        for test in sorted(tests, key=lambda test: self.seconds[test]):
            of_file[test.path] += self.seconds[test] > _NEXT_TO_NO_TIME
            turns.append((of_file[test.path], test))
        return [test for _turn, test in sorted(turns, key=itemgetter(0))]

    def _first_that_fails(self, name: str, tests: list[pytest.Item], tell: int) -> int:
        seconds = int(10 + 5 * sum(self.seconds[test] for test in tests))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        signal.alarm(20 * seconds)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        self._forget()
        set_mutant_under_test(name)
        for number, test in enumerate(tests):
            if not self._passes(test):
                os.write(tell, str(number).encode())
                return NOTICED
        return SURVIVED

    def _next_answer(self) -> tuple[str, int]:
        child, status = os.wait()
        name, tests, told = self.running.pop(child)
        with os.fdopen(told) as answer:
            failed = answer.read()
        if failed:
            test = tests[int(failed)]
            self.recent = [test, *(each for each in self.recent if each is not test)][:_REMEMBERED]
        return name, NEVER_ENDED if os.WIFSIGNALED(status) else os.waitstatus_to_exitcode(status)


def _do_not_wait_for_the_disk() -> None:
    """Nobody pulls the plug here, and half of the time would go by in waiting."""
    prepare = sqlite.prepare

    def prepare_in_a_hurry(connection: sa.PoolProxiedConnection, record: object) -> None:
        prepare(connection, record)
        connection.execute("PRAGMA synchronous = OFF").close()

    sqlite.prepare = prepare_in_a_hurry


def _metas() -> list[Path]:
    found = sorted(Path("relief").rglob("*.meta"))
    return [path for path in found if json.loads(path.read_text("utf-8"))["exit_code_by_key"]]
