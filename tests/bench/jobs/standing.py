"""What may be done with the cases of a page: asked for all at once, beside one after the other."""

from __future__ import annotations

from tests.bench.jobs.pages import desk_of
from tests.bench.plan import Goal, Job, Peer, Scale, ratio, reading

AT_ONCE, EACH = "a page at once", "one by one"
COLUMNS = {"page_per_second": "pages/s", "cpu_us_per_page": "CPU µs a page", "peak_mb": "peak MB"}
CPU_MS_MAX = 5


def standing(scale: Scale) -> list[Job]:
    """Twenty-five petitions among all the cases of an office."""
    place, times = desk_of(scale), 200 if scale.desk_cases > 1_000 else 4
    peers = tuple(
        Peer(name, "standing", {"way": way, "times": times}, place)
        for name, way in ((AT_ONCE, "page"), (EACH, "each"))
    )
    goals = (
        Goal("one by one, times the page", ratio(EACH, AT_ONCE, "cpu_us_per_page"), 2.5, True),
        Goal("CPU of a page", reading(AT_ONCE, "cpu_us_per_page", 0.001), CPU_MS_MAX, unit=" ms"),
    )
    title = f"What may be done with 25 cases of {scale.desk_cases:,}, SQLite"
    return [Job("standing", title, peers, goals, COLUMNS)]
