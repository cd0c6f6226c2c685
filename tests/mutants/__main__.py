"""The command: `make mutants`, or `python -m tests.mutants [AREAS] [--processes N]`."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.mutants.areas import AREAS
from tests.mutants.place import PLACE, ask, make, prepare

# Exit codes as mutmut keeps them: pytest's, and its own; every other one ended the mutant's tests.
_NAMES = {
    0: "survived",
    33: "seen by no test",
    36: "never ended",
    37: "refused by types",
    None: "not run",
}


def main(arguments: Sequence[str]) -> int:
    """Mutate the areas that are named, or all; tell what became of the mutants of each file."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("areas", nargs="*", metavar="AREA", help=", ".join(AREAS))
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument(
        "--tests", type=int, metavar="N", help="of tests that take some time ask no more"
    )
    asked = parser.parse_args(arguments)
    unknown = set(asked.areas) - AREAS.keys()
    if unknown:
        parser.error(f"there is no area {', '.join(sorted(unknown))}")
    shutil.rmtree(PLACE / "office", ignore_errors=True)
    options = [f"--processes={asked.processes}"]
    options += [f"--tests={asked.tests}"] if asked.tests else []
    for name in asked.areas or AREAS:
        place = prepare(name, AREAS[name])
        make(place)
        ask(place, AREAS[name].tests, options)
        sys.stdout.write("\n".join((name, *_table(place), "")))
        sys.stdout.write(
            f"Survivors: cd {place} && ../venv/bin/mutmut results; ../venv/bin/mutmut show NAME\n"
        )
    return 0


def _table(place: Path) -> list[str]:
    lines = []
    for path in sorted((place / "mutants").rglob("*.meta")):
        codes = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"].values()
        if codes:
            counts = Counter(_NAMES.get(code, "killed") for code in codes)
            told = ", ".join(f"{number} {what}" for what, number in sorted(counts.items()))
            lines.append(f"  {path.stem}: {len(codes)} mutants: {told}")
    return lines


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
