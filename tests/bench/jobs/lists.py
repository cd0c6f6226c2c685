"""Lists: `prepare` at its sizes, after years of history, and for the fifty of a small office."""

from __future__ import annotations

import math
from collections.abc import Callable

from tests.bench.plan import Figure, Goal, Job, Peer, Place, Results, Scale, ratio, reading

RELIEF, FLOOR, NAIVE = "relief", "INSERT … SELECT", "naive loop, SQLModel"
COLUMNS = {
    "seconds": "s",
    "cpu_seconds": "CPU s",
    "line_per_second": "lines/s",
    "peak_mb": "peak MB",
    "above_start_mb": "above start MB",
}
SMALL = 50
FIRST_QUARTER = "2005Q2"
ONE_IN = 100


def prepare(scale: Scale) -> list[Job]:
    """The first quarter's list, by size. One size is one table; the last also tells the growth."""
    jobs = [_of_size(scale, households) for households in scale.households]
    sizes = scale.households[-2:]
    return [*jobs, _growth(sizes)] if len(sizes) > 1 else jobs


def _of_size(scale: Scale, households: int) -> Job:
    place = Place("county", {"households": households})
    peers = [
        Peer(RELIEF, "prepare_relief", {}, place),
        Peer(FLOOR, "prepare_floor", {}, place),
        Peer(f"{FLOOR}, list opened and hashed", "prepare_floor", {"hashed": True}, place),
    ]
    goals = [
        Goal("times the INSERT … SELECT", ratio(RELIEF, FLOOR, "seconds"), 2, unit="×"),
        Goal("peak", reading(RELIEF, "peak_mb"), 100, unit=" MB"),
    ]
    if households == scale.naive_at:
        peers.append(Peer(NAIVE, "prepare_naive", {}, place))
        goals.append(
            Goal("faster than the naive loop", ratio(NAIVE, RELIEF, "seconds"), 50, True, "×")
        )
    if households == SMALL:
        goals.append(Goal("in process", reading(RELIEF, "seconds", 1_000), 50, unit=" ms"))
    title = f"A list of {households:,} households"
    most = 99 if households < 10_000 else 3
    return Job("prepare", title, tuple(peers), tuple(goals), COLUMNS, most)


def _growth(sizes: tuple[int, ...]) -> Job:
    """How the time grows over the last step of the sizes; measured beside each other again."""
    names = [f"{RELIEF}, {size:,}" for size in sizes]
    peers = tuple(
        Peer(name, "prepare_relief", {}, Place("county", {"households": size}))
        for name, size in zip(names, sizes, strict=True)
    )
    goal = Goal("exponent", _exponent(names, sizes), 1.1)
    return Job("prepare", "The growth of a list", peers, (goal,), COLUMNS, 2, same_result=False)


def _exponent(names: list[str], sizes: tuple[int, ...]) -> Callable[[Results], Figure | None]:
    times = ratio(names[1], names[0], "seconds")

    def figure(results: Results) -> Figure | None:
        found = times(results)
        if found is None:
            return None
        return Figure(*(math.log(each) / math.log(sizes[1] / sizes[0]) for each in found))

    return figure


def history(scale: Scale) -> list[Job]:
    """The next quarter, after that many were paid, with one household in a hundred changed; beside
    the first quarter of the same households, when nothing had been paid."""
    households = scale.history_households
    first = "the first quarter"
    peers = [Peer(first, "prepare_relief", {}, Place("county", {"households": households}))]
    goals = []
    names = {}
    for quarters in scale.history:
        names[quarters] = f"after {quarters}"
        options = {"quarter": _quarter_after(quarters), "changed": max(1, households // ONE_IN)}
        place = Place("history", {"households": households, "quarters": quarters})
        peers.append(Peer(names[quarters], "prepare_relief", options, place))
        says = f"the quarter after {quarters}, times the first"
        goals.append(Goal(says, ratio(names[quarters], first, "seconds"), 1.2, unit="×"))
    least, most = names[scale.history[0]], names[scale.history[-1]]
    says = f"{most}, times {least}"
    goals.append(Goal(says, ratio(most, least, "seconds"), 1.2, unit="×"))
    title = f"The next list of {households:,} households, 1 % changed"
    return [Job("history", title, tuple(peers), tuple(goals), COLUMNS, 5, same_result=False)]


def _quarter_after(quarters: int) -> str:
    place = int(FIRST_QUARTER[:4]) * 4 + int(FIRST_QUARTER[-1]) - 1 + quarters
    return f"{place // 4}Q{place % 4 + 1}"
