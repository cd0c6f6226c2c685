"""Reads for the report: what was granted in requests for relief, and in others that grant money."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from relief.engine.work import Work
from relief.kernel.money import Fen
from relief.petitions.life.granting import granted_fen, is_given_up, was_granted
from relief.petitions.queries import words_of_step
from relief.reports.cases.lives import CaseLife
from relief.reports.periods import HalfYear


@dataclass(frozen=True)
class Grant:
    """One-off relief that was granted, in the opinion that stands; without an amount where none
    can be read there."""

    case_reference: str
    restricted: bool
    on: dt.date
    amount_fen: Fen | None


def grants(work: Work, lives: Sequence[CaseLife], period: HalfYear) -> list[Grant]:
    """What was granted within a period, in the words of the opinions that stand at its end: one
    that was returned and redone afterwards changes nothing in it, one that was withdrawn within it
    without ever being given grants nothing. Which cases grant money goes by the workflow of each:
    an office that changes a file takes nothing out of what was granted."""
    found = []
    for life in lives:
        served = life.opinion(period.last_on)
        if not life.grants_money or served is None or served.on not in period:
            continue
        steps = life.until(period.last_on)
        if is_given_up([step.to_state for step in steps if step.number > served.number]):
            continue
        words = words_of_step(work, life.kind, life.id, served.number)
        if was_granted(words):
            amount_fen = granted_fen(words)
            found.append(Grant(life.reference, life.restricted, served.on, amount_fen))
    return found
