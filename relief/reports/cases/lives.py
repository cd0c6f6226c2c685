"""What a case on the five steps had been through by a day, read off its journal. Pure.

A report tells how things stood on the last day of its period: what happened later, a case returned
or merged in the next half-year, changes nothing in it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from relief.engine.definitions.definition import Titles
from relief.reports.periods import HalfYear

ACCEPT, HANDLE = "accept", "handle"
ACCEPTED, HANDLED, RECEIVED, MERGED = "accepted", "handled", "received", "merged"


@dataclass(frozen=True)
class CaseStep:
    """A step by the office's date on which it happened; `number` is that of its journal entry."""

    number: int
    action: str
    from_state: str
    to_state: str
    on: dt.date


@dataclass(frozen=True)
class CaseLife:
    """A case with its steps, oldest first. `due_on` is the day by which its written opinion was
    owed: where it was served, as it stood then; None where no day is set. `grants_money` goes by
    the workflow that it began under."""

    id: int
    kind: str
    reference: str
    restricted: bool
    received_on: dt.date
    merged_into_id: int | None
    steps: tuple[CaseStep, ...]
    due_on: dt.date | None = None
    grants_money: bool = False

    def until(self, day: dt.date) -> tuple[CaseStep, ...]:
        """The steps up to a day, that day with them."""
        return tuple(step for step in self.steps if step.on <= day)

    def state_on(self, day: dt.date) -> str:
        """Where it stood at the end of a day; nowhere before it began."""
        steps = self.until(day)
        return steps[-1].to_state if steps else ""

    def accepted_on(self, day: dt.date) -> dt.date | None:
        """The day of its acceptance, as known at the end of a day."""
        return next((step.on for step in self.until(day) if step.action == ACCEPT), None)

    def opinion(self, day: dt.date) -> CaseStep | None:
        """The service of the written opinion that stands at the end of a day; none where the case
        was returned for rework and is not handled again."""
        served: CaseStep | None = None
        for step in self.until(day):
            if step.to_state == HANDLED and step.action == HANDLE:
                served = step
            elif step.to_state in (ACCEPTED, RECEIVED) and step.from_state != step.to_state:
                served = None
        return served

    def served_on(self, day: dt.date) -> dt.date | None:
        """The day on which that opinion was served."""
        served = self.opinion(day)
        return served.on if served else None


@dataclass(frozen=True)
class CountedCase:
    """A case together with those that were merged into it: it counts once, by the first
    acceptance among them."""

    case: CaseLife
    merged: tuple[CaseLife, ...]
    accepted_on: dt.date | None


def counted_cases(cases: Sequence[CaseLife], day: dt.date) -> list[CountedCase]:
    """All cases as at the end of a day, the merged ones with the one that they went into."""
    by_id = {case.id: case for case in cases}
    joined: dict[int, list[CaseLife]] = defaultdict(list)
    for case in cases:
        joined[_root(case, by_id, day).id].append(case)
    return [
        CountedCase(
            by_id[root_id],
            tuple(case for case in members if case.id != root_id),
            _first(case.accepted_on(day) for case in members),
        )
        for root_id, members in joined.items()
    ]


def _root(case: CaseLife, by_id: Mapping[int, CaseLife], day: dt.date) -> CaseLife:
    # Only an open case is merged into, and a merged one is closed: this comes to an end.
    while case.state_on(day) == MERGED and (other := by_id.get(case.merged_into_id or 0)):
        case = other
    return case


def _first(days: Iterable[dt.date | None]) -> dt.date | None:
    return min((day for day in days if day is not None), default=None)


@dataclass(frozen=True)
class Cases:
    """The cases of a report: all that were received by the period's last day; the titles of their
    kinds."""

    period: HalfYear
    today: dt.date
    lives: Sequence[CaseLife]
    kinds: Mapping[str, Titles]

    @property
    def last_on(self) -> dt.date:
        """The day whose end the report tells."""
        return self.period.last_on

    @property
    def counted(self) -> list[CountedCase]:
        """The cases as at the end of the period, merged ones as one."""
        return counted_cases(self.lives, self.last_on)
