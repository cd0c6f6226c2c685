"""Which tests run the line that a mutant changes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import coverage

_ORIGINAL = "__mutmut_orig"


class Reaching:
    """Watches the mutated files while the tests run unbroken: mutmut keeps each function as it was
    beside its mutants."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._files = files
        self._coverage = coverage.Coverage(
            data_file=None, config_file=False, include=[str(file) for file in files]
        )
        self._coverage.set_option(
            "run:disable_warnings", ["module-not-measured", "no-data-collected"]
        )
        self._tests: dict[Path, dict[int, list[str]]] = {}

    def start(self) -> None:
        self._coverage.start()

    def watch(self, test: str) -> None:
        """From now on it is this test that runs."""
        self._coverage.switch_context(test)

    def stop(self) -> None:
        self._coverage.stop()
        data = self._coverage.get_data()
        self._tests = {file: data.contexts_by_lineno(str(file.resolve())) for file in self._files}

    def tests_of(self, file: Path, mutant: str) -> set[str]:
        """The tests that run the first line which differs, or the statement that it is part of;
        of a head, those that run any line of the function."""
        name = mutant.rpartition(".")[2]
        original = name.partition("__mutmut_")[0] + _ORIGINAL
        spans = json.loads(Path(f"{file}.spans").read_text("utf-8"))["spans"]
        lines = file.read_text("utf-8").splitlines()
        first, last = spans[original]
        before = lines[first - 1 : last]
        after = [
            line.replace(name, original) for line in lines[spans[name][0] - 1 : spans[name][1]]
        ]
        same = next(
            (n for n, (old, new) in enumerate(zip(before, after, strict=False)) if old != new), 0
        )
        for line in (*range(first + same, first, -1), *range(first + same + 1, last + 1)):
            if found := set(self._tests[file].get(line, ())) - {""}:
                return found
        return set()
