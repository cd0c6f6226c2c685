"""What is measured: jobs, the peers that do the same work side by side, and the goals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any, NamedTuple

Run = Mapping[str, Any]


@dataclass(frozen=True)
class Scale:
    """How much of each work is done.

    `households` are the sizes that `prepare` is measured at; the naive loop takes part at
    `naive_at` alone. `history` is the number of quarters that were paid before. `desk_cases`
    stand in the office of the pages, beside twice as many persons.
    """

    cases: int
    households: tuple[int, ...]
    naive_at: int
    history_households: int
    history: tuple[int, ...]
    imported: int
    exported: int
    rounds: int
    desk_cases: int = 100_000


SMALLEST = Scale(4, (12,), 12, 30, (1,), 12, 12, 1, 60)
QUICK = Scale(100, (50, 5_000), 5_000, 1_000, (1, 4), 1_000, 5_000, 2, 10_000)
FULL = Scale(500, (50, 5_000, 50_000), 5_000, 5_000, (1, 4, 40), 50_000, 50_000, 5)
BIG = Scale(500, (50, 5_000, 50_000, 500_000), 5_000, 5_000, (1, 4, 40), 50_000, 500_000, 5)


@dataclass(frozen=True)
class Place:
    """What a peer finds in its folder: `kind` of office (see offices/), with its options."""

    kind: str
    options: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Peer:
    """One way to do the work: a module of peers/, its options, and where it works.

    `runs_in` is `relief`, our own environment, or `viewflow`. A peer that needs a server gets a
    database of its own on it, and the address as `url`.
    """

    name: str
    module: str
    options: Mapping[str, Any] = field(default_factory=dict)
    place: Place | None = None
    runs_in: str = "relief"
    needs_postgresql: bool = False


class Figure(NamedTuple):
    """A figure over all rounds: the median, the lowest, the highest."""

    middle: float
    low: float
    high: float


class Results:
    """What every peer found, round by round. A run that failed has only `failed`."""

    def __init__(self, runs: Mapping[str, Mapping[int, Run]]) -> None:
        self.runs = runs

    def of(self, peer: str, name: str) -> dict[int, float]:
        """One reading of a peer by round; rounds without it are left out."""
        rounds = self.runs.get(peer, {}).items()
        return {number: float(run[name]) for number, run in rounds if run.get(name) is not None}

    def middle(self, peer: str, name: str) -> Figure | None:
        """One reading of a peer over its rounds."""
        return spread(self.of(peer, name).values())

    def failed(self, peer: str) -> str:
        """Why a peer was not run, or nothing."""
        reasons = [run["failed"] for run in self.runs.get(peer, {}).values() if "failed" in run]
        return str(reasons[0]) if reasons else ""


def spread(values: Any) -> Figure | None:
    """Median, lowest and highest; None of nothing."""
    found = list(values)
    return Figure(median(found), min(found), max(found)) if found else None


@dataclass(frozen=True)
class Goal:
    """A bound on a figure: at least, or at most, `bound`. What could not be measured gives None."""

    says: str
    figure: Callable[[Results], Figure | None]
    bound: float
    at_least: bool = False
    unit: str = ""

    def is_met(self, figure: Figure) -> bool:
        """Whether the median keeps the bound."""
        return figure.middle >= self.bound if self.at_least else figure.middle <= self.bound

    def missed_by(self, figure: Figure) -> float:
        """The part of the bound that is lacking, or that is too much."""
        return abs(figure.middle / self.bound - 1)


@dataclass(frozen=True)
class Job:
    """Work that several peers do in one interleaved session. `columns` are the readings that the
    table shows, with their headings; `rounds_max` is for work that takes minutes; with
    `same_result` all peers have to come to one."""

    name: str
    title: str
    peers: tuple[Peer, ...]
    goals: tuple[Goal, ...]
    columns: Mapping[str, str]
    rounds_max: int = 99
    same_result: bool = True


def ratio(peer: str, to: str, reading: str) -> Callable[[Results], Figure | None]:
    """One peer's reading over another's: of the medians; the spread is that of the rounds."""

    def figure(results: Results) -> Figure | None:
        mine, other = results.of(peer, reading), results.of(to, reading)
        rounds = spread(mine[number] / other[number] for number in mine.keys() & other.keys())
        if rounds is None:
            return None
        middle = median(mine.values()) / median(other.values())
        return Figure(middle, min(middle, rounds.low), max(middle, rounds.high))

    return figure


def reading(peer: str, name: str, factor: float = 1) -> Callable[[Results], Figure | None]:
    """A peer's own reading, in another unit where a factor is named."""

    def figure(results: Results) -> Figure | None:
        return spread(value * factor for value in results.of(peer, name).values())

    return figure
