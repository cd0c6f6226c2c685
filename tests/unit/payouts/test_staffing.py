"""Who is left for a list: pure, over the shipped workflow."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

import relief
from relief.accounts.rules import Away
from relief.engine.definitions.loader import load_definitions
from relief.payouts.runs.staffing import find_shortage, presences
from relief.procedures.features import NAMES

FOLDER = Path(relief.__file__).parent.parent / "workflows"
RUN = load_definitions([FOLDER], NAMES)["payout_run"]
STEPS = [RUN.actions_named(name)[0] for name in ("submit", "approve", "release")]
FIRST = dt.date(2005, 6, 15)
DAYS = [FIRST + dt.timedelta(days=n) for n in range(16)]
LAST = DAYS[-1]


def office(**roles: str) -> dict[str, frozenset[str]]:
    return {name: frozenset(given.split("+")) for name, given in roles.items()}


THREE = office(fang="finance", ping="approver", gao="finance")


def left(roles, *absences, hands=None, steps=STEPS) -> tuple[str, bool] | None:
    found = find_shortage(steps, hands or {}, presences(roles, absences, DAYS))
    return (found.action.id, found.override_would_do) if found else None


def away(name: str, first: int = 0, last: int = 15, deputy: str = "") -> Away:
    return Away(name, DAYS[first], DAYS[last], deputy)


def test_three_people_are_enough() -> None:
    assert left(THREE) is None


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        (office(fang="finance", ping="approver"), ("release", True)),
        (office(fang="finance", gao="finance"), ("approve", False)),
        (office(ping="approver", qing="approver"), ("submit", False)),
        (office(fang="finance", ping="approver", qing="approver"), None),
        (office(an="admin", chen="clerk", wen="auditor"), ("submit", False)),
        (office(all="finance+approver"), ("approve", False)),
        (office(all="finance+approver", gao="finance"), ("release", True)),
        (office(all="finance+approver", fang="finance+approver"), ("release", True)),
        ({}, ("submit", False)),
    ],
)
def test_office_without_enough_people_is_short_of_a_step(roles, expected) -> None:
    assert left(roles) == expected


@pytest.mark.parametrize("name", ["fang", "gao"])
def test_override_would_do_when_one_of_finance_is_away(name: str) -> None:
    assert left(THREE, away(name)) == ("release", True)


def test_nobody_approves_when_the_approver_is_away() -> None:
    assert left(THREE, away("ping")) == ("approve", False)


def test_deputy_of_another_hand_is_enough() -> None:
    assert left(office(**{n: "+".join(r) for n, r in THREE.items()}, lu="clerk"),
                away("ping", deputy="lu")) is None  # fmt: skip


def test_deputy_who_is_one_of_the_three_is_not() -> None:
    assert left(THREE, away("ping", deputy="gao")) == ("release", True)


def test_somebody_back_before_the_quarter_ends_is_enough() -> None:
    assert left(THREE, away("ping", 0, 14)) is None
    assert left(THREE, away("gao", 0, 14), away("fang", 10, 15)) is None


def test_people_who_are_there_only_in_the_wrong_order_are_not() -> None:
    approver_leaves, finance_comes = away("ping", 5, 15), away("fang", 0, 9)
    assert left(THREE, approver_leaves, finance_comes, away("gao", 0, 9)) == ("approve", False)


def test_hands_that_have_acted_are_seen() -> None:
    prepared = {"prepare": frozenset({"fang"})}
    assert left(THREE, hands=prepared) is None
    approved = {"prepare": frozenset({"fang"}), "approve": frozenset({"ping", "gao"})}
    assert left(THREE, hands=approved, steps=STEPS[2:]) == ("release", True)
    assert left(THREE, away("gao"), hands={**approved, "approve": frozenset({"ping"})},
                steps=STEPS[2:]) == ("release", True)  # fmt: skip


def test_nothing_is_short_when_nothing_is_left_to_do() -> None:
    assert left({}, steps=[]) is None
