"""A workflow in which nothing is ever due asks what a case has been through all the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from little_office import CLERK, SCHEDULER, Office, codes, defined, permit_table
from plea import ZONE, at

from relief.engine.steps.advance import available
from relief.kernel.clock import RehearsalClock
from relief.kernel.errors import ReliefError

FINE = {"opinion": "fine"}


class Counter:
    """A counter at which permits have no deadline, and one step another term."""

    def __init__(self, path: Path) -> None:
        self.path, self.clock = path, RehearsalClock(at("2005-06-01T09:00"), ZONE)
        self.offices: list[Office] = []

    def opens(self, **terms: Any) -> int:
        """A permit, in a workflow whose note has these terms."""
        table = permit_table()
        del table["state"][0]["deadline"]
        next(each for each in table["action"] if each["id"] == "note").update(terms)
        self.offices.append(Office(self.path, defined(table)))
        self.offices[0].clock = self.clock
        return self.offices[0].begin()

    def notes(self, case: int, instant: str, **options: Any) -> list[str]:
        """What a note at this instant is refused with."""
        self.clock.put_forward(at(instant))
        try:
            self.offices[0].advance(case, "note", CLERK, fields=FINE, **options)
        except ReliefError as refused:
            return codes(refused.problems)
        return []


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    counter = Counter(tmp_path / "office.db")
    yield counter
    for office in counter.offices:
        office.database.dispose()


def test_step_that_is_taken_once_is_not_taken_again(counter: Counter) -> None:
    case = counter.opens(once=True)
    assert counter.notes(case, "2005-06-02T09:00") == []
    assert counter.notes(case, "2005-06-03T09:00") == ["step.once"]


def test_step_waits_until_its_term_is_over(counter: Counter) -> None:
    case = counter.opens(not_before={"days": 2, "since": "prepare"})
    assert counter.notes(case, "2005-06-03T23:59") == ["step.too_early"]
    assert counter.notes(case, "2005-06-04T00:00") == []


def test_step_is_refused_once_its_term_is_over(counter: Counter) -> None:
    case = counter.opens(not_after={"days": 2, "since": "prepare"})
    assert counter.notes(case, "2005-06-03T23:59") == []
    assert counter.notes(case, "2005-06-04T00:00") == ["step.too_late"]


def test_late_step_does_not_go_before_the_one_before_it(counter: Counter) -> None:
    case = counter.opens()
    early, same_day = at("2005-05-31T17:00"), at("2005-06-01T00:00")
    assert counter.notes(case, "2005-06-05T09:00", happened_at=early) == ["step.before_last_step"]
    assert counter.notes(case, "2005-06-05T09:01", happened_at=same_day) == []


def test_steps_that_nobody_takes_by_hand_are_told_from_the_others(counter: Counter) -> None:
    case = counter.opens()
    counter.offices[0].advance(case, "submit", CLERK)
    with counter.offices[0].work(writes=False) as work:
        choices = available(work, "permit", case, SCHEDULER)
    by_itself = {choice.action.id: choice.by_itself for choice in choices}
    assert by_itself == {"return": True, "approve": True, "inspect": True, "expire": False}
