"""Steps of petitions: `advance()` beside the blind floor and viewflow.fsm."""

from __future__ import annotations

from typing import Any

from tests.bench.plan import Goal, Job, Peer, Scale, ratio, reading

COLUMNS = {
    "step_per_second": "steps/s",
    "cpu_us_per_step": "CPU µs a step",
    "peak_mb": "peak MB",
}
RELIEF, FLOOR, VIEWFLOW = "relief", "blind floor", "viewflow.fsm + history"
CPU_US_MAX = 180
BULK = 100


def advance(scale: Scale) -> list[Job]:
    """One commit a step, on SQLite: as the product is set, and where the disk waits for nobody."""
    return [
        Job(
            "advance",
            f"A step on SQLite, synchronous={synchronous}",
            _peers(cases=scale.cases, synchronous=synchronous),
            (*_goals(0.15, 3), _cpu()),
            COLUMNS,
        )
        for synchronous in ("FULL", "NORMAL")
    ]


def postgresql(scale: Scale) -> list[Job]:
    """The same on PostgreSQL."""
    peers = tuple(
        Peer(peer.name, peer.module, peer.options, None, peer.runs_in, needs_postgresql=True)
        for peer in _peers(cases=scale.cases)
    )
    return [Job("postgresql", "A step on PostgreSQL", peers, _goals(0.5, 1.5), COLUMNS)]


def bulk(scale: Scale) -> list[Job]:
    """A hundred cases in one commit, beside the blind floor that commits each step.

    The product has no step by set: it is `advance()` a hundred times in one unit of work. The
    floor with as many in a commit is shown, too; it is no goal.
    """
    options = {"cases": max(scale.cases, BULK), "synchronous": "FULL"}
    many = {**options, "per_commit": BULK}
    peers = (
        Peer(RELIEF, "advance_relief", many),
        Peer(FLOOR, "advance_floor", options),
        Peer(f"floor, {BULK} in a commit", "advance_floor", many),
    )
    goals = (Goal("of the blind floor", ratio(RELIEF, FLOOR, "step_per_second"), 0.5, True),)
    return [Job("bulk", f"{BULK} cases in one commit, SQLite", peers, goals, COLUMNS)]


def _peers(**options: Any) -> tuple[Peer, ...]:
    return (
        Peer(RELIEF, "advance_relief", options),
        Peer(FLOOR, "advance_floor", options),
        Peer(VIEWFLOW, "advance_viewflow", options, runs_in="viewflow"),
    )


def _goals(of_floor: float, of_viewflow: float) -> tuple[Goal, ...]:
    return (
        Goal("of the blind floor", ratio(RELIEF, FLOOR, "step_per_second"), of_floor, True),
        Goal("times viewflow.fsm", ratio(RELIEF, VIEWFLOW, "step_per_second"), of_viewflow, True),
    )


def _cpu() -> Goal:
    return Goal("CPU of a step", reading(RELIEF, "cpu_us_per_step"), CPU_US_MAX, unit=" µs")
