"""Pages over HTTP, beside a trivial application on the same server."""

from __future__ import annotations

from tests.bench.plan import Goal, Job, Peer, Place, Scale, ratio, reading

RELIEF, TRIVIAL = "relief", "trivial app"
_PERSONS_IN_TEN_HOUSEHOLDS = 28
COLUMNS = {
    "contacts_per_second": "contacts/s",
    "cases_per_second": "cases/s",
    "list_p95_ms": "list p95 ms",
    "search_p95_ms": "search p95 ms",
    "saves_per_second": "saves/s",
}


def http(scale: Scale) -> list[Job]:
    """Lists of 25, the search, and saving by sixteen clients; twice as many persons as cases."""
    cases, place = scale.desk_cases, desk_of(scale)
    seconds = 4.0 if cases > 1_000 else 0.3
    mine = {"side": "relief", "seconds": seconds}
    trivial = {"side": "trivial", "seconds": seconds, "cases": cases}
    return [
        Job(
            "http",
            f"Pages, {cases:,} cases, SQLite",
            (
                Peer(RELIEF, "http_sides", mine, place),
                Peer(TRIVIAL, "http_sides", trivial),
            ),
            _goals(),
            COLUMNS,
        )
    ]


def desk_of(scale: Scale) -> Place:
    """The office with its desk; twice as many persons as cases."""
    households = max(12, 2 * scale.desk_cases * 10 // _PERSONS_IN_TEN_HOUSEHOLDS + 1)
    return Place("desk", {"households": households, "cases": scale.desk_cases})


def _goals() -> tuple[Goal, ...]:
    contacts, cases, saves = (
        ratio(RELIEF, TRIVIAL, f"{name}_per_second") for name in ("contacts", "cases", "saves")
    )
    return (
        Goal("contacts, of the trivial list", contacts, 0.5, True),
        Goal("cases, of the trivial list", cases, 0.5, True),
        Goal("saving, of the trivial POST", saves, 0.4, True),
        Goal("times the list, the search's p95", reading(RELIEF, "search_to_list"), 3.0),
    )
