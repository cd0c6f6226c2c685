"""The command: `make bench`, or `python -m tests.bench [JOBS] [--quick | --big] [--rounds N]`."""

from __future__ import annotations

import argparse
import datetime as dt
import random
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench import report
from tests.bench.apart import ROOT, run_apart
from tests.bench.jobs import JOBS
from tests.bench.plan import BIG, FULL, QUICK, SMALLEST, Job, Results, Scale
from tests.bench.session import Session
from tests.bench.surroundings import Surroundings, machine, versions

_SCALES = {"smallest": SMALLEST, "quick": QUICK, "full": FULL, "big": BIG}


def main(arguments: Sequence[str]) -> int:
    """Run the jobs that are named, or all; tell the tables, and leave them in the folder."""
    asked = _parser().parse_args(arguments)
    unknown = [name for name in asked.jobs if name not in JOBS]
    if unknown:
        _tell(f"There is no job {', '.join(unknown)}; there are {', '.join(JOBS)}.")
        return 2
    scale = _SCALES[asked.scale]
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(143))  # the server stops, too
    place = Surroundings(asked.folder)
    session = Session(place, run_apart, _tell, random.SystemRandom().randrange(1_000_000))
    text, done = "", []
    try:
        for each in _run(session, asked.jobs or list(JOBS), scale, asked.rounds or scale.rounds):
            done.append(each)
            text = "\n".join(_page(done, arguments, place))
            (place.folder / "table.md").write_text(text, encoding="utf-8")
    finally:
        place.close()
    sys.stdout.write(text)
    return 0


def _run(
    session: Session, names: Sequence[str], scale: Scale, rounds: int
) -> Iterator[tuple[Job, Results]]:
    for name in names:
        for job in JOBS[name](scale):
            yield job, session.run(job, rounds)


def _page(
    done: Sequence[tuple[Job, Results]], arguments: Sequence[str], place: Surroundings
) -> Iterator[str]:
    """Date, machine, versions and command; the goals; then every job."""
    command = " ".join(("python -m tests.bench", *arguments))
    yield f"Measured on {dt.date.fromisoformat(place.session[:10])} by `{command}`"
    yield f"on {machine()} (load {place.load} when it began); {versions()}."
    yield "Medians over the rounds (lowest–highest); each run in a process of its own, interleaved."
    yield ""
    yield from report.of_goals(done)
    for job, results in done:
        yield from report.of_job(job, results)


def _tell(text: str) -> None:
    sys.stderr.write(text + "\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("jobs", nargs="*", metavar="JOB", help=", ".join(JOBS))
    for name, scale in _SCALES.items():
        parser.add_argument(
            f"--{name}",
            dest="scale",
            action="store_const",
            const=name,
            help=f"{scale.households[-1]:,} households at most, {scale.rounds} rounds",
        )
    parser.add_argument("--rounds", type=int, help="how often each peer runs")
    parser.add_argument("--folder", type=Path, default=ROOT / ".bench", help="where all is kept")
    parser.set_defaults(scale="full")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
