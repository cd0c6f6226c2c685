"""Every scenario of payout_cases/ gives its answers, through the use cases, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.office import Office, load_case
from tests.scenario import Scenario

pytestmark = pytest.mark.postgresql_slow

NAMES = sorted(path.stem for path in (Path(__file__).parents[1] / "payout_cases").glob("*.json"))


@pytest.mark.parametrize("name", NAMES)
def test_scenario_gives_its_answers(office: Office, name: str) -> None:
    Scenario(office, load_case(name)).play()
