"""Reads for the report: what petitioners said of what was done for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from relief.engine.work import Work
from relief.petitions.queries import words_of_step
from relief.petitions.rules import RATE
from relief.reports.cases.lives import CaseLife, CaseStep
from relief.reports.periods import HalfYear

FEEDBACK, IMPLEMENT = "feedback", "implement"


@dataclass(frozen=True)
class Word:
    """How satisfied a petitioner is with what was done last: by their own word (`own`), or as the
    clerk wrote it down."""

    case_reference: str
    restricted: bool
    on: dt.date
    own: bool
    satisfaction: str


def words_said(work: Work, lives: Sequence[CaseLife], period: HalfYear) -> list[Word]:
    """The words that stand at a period's end and were said within it, one a case."""
    found = []
    for life in lives:
        step = deciding_step(life, period.last_on)
        if step is None or step.on not in period:
            continue
        words, own = words_of_step(work, life.kind, life.id, step.number), step.action == RATE
        satisfaction = words.get("rating" if own else "satisfaction", "")
        found.append(Word(life.reference, life.restricted, step.on, own, satisfaction))
    return found


def deciding_step(life: CaseLife, day: dt.date) -> CaseStep | None:
    """The step that says how satisfied the petitioner is, as known at the end of a day: their own
    last rating of what was done last goes before what the clerk wrote down, whichever is later."""
    steps = life.until(day)
    done = max((at for at, step in enumerate(steps) if step.action == IMPLEMENT), default=-1)
    since = steps[done + 1 :]
    for action in (RATE, FEEDBACK):
        if said := [step for step in since if step.action == action]:
            return said[-1]
    return None
