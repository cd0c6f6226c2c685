"""What is mutated together, and the tests that have to notice."""

from __future__ import annotations

from dataclasses import dataclass

_ENGINE = ("tests/unit/engine", "tests/workflows")


@dataclass(frozen=True)
class Area:
    """Modules by pattern, and the tests that are run on each of their mutants."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]


AREAS = {
    "payouts": Area(
        ("relief/payouts/rules.py", "relief/payouts/entitlement/*"),
        (
            "tests/unit/payouts",
            "tests/service/test_calculation_edges.py",
            "tests/service/test_given_up.py",
            "tests/service/test_known_at.py",
            "tests/service/test_verdict_edges.py",
            "tests/service/test_settled_households.py",
            "tests/service/test_over_paid.py",
            "tests/service/test_over_paid_and_lists.py",
            "tests/service/test_payout_cases.py",
        ),
    ),
    "steps": Area(
        ("relief/engine/steps/*",),
        (
            *_ENGINE,
            "tests/service/test_household_workflow_kept.py",
            "tests/service/test_readers_and_stepping_aside.py",
            "tests/service/test_step_moments.py",
        ),
    ),
    "journal": Area(("relief/engine/journal/*",), _ENGINE),
    "clocks": Area(("relief/engine/clocks/*",), _ENGINE),
    "calendar": Area(
        ("relief/engine/calendar/*", "relief/engine/calendar_changes.py"),
        ("tests/unit/engine", "tests/service/test_office_calendar.py"),
    ),
    "definitions": Area(("relief/engine/definitions/*",), _ENGINE),
    "cases": Area(
        tuple(
            f"relief/engine/{name}.py"
            for name in (
                "actors", "cases", "kinds", "listing", "only_with", "publishing", "step",
                "tables", "work",
            )
        ),
        (*_ENGINE, "tests/service/test_readers_and_stepping_aside.py"),
    ),
}  # fmt: skip
