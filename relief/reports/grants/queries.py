"""Reads for the report: what was granted in requests for relief, and in others that grant money."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from relief.engine.work import Work
from relief.kernel.money import Fen, parse_yuan
from relief.petitions.queries import grants_money, words_of_step
from relief.petitions.rules import GRANTED
from relief.reports.cases.lives import CaseLife
from relief.reports.periods import HalfYear


@dataclass(frozen=True)
class Grant:
    """One-off relief that was granted, in the opinion that stands."""

    case_reference: str
    restricted: bool
    on: dt.date
    amount_fen: Fen


def grants(work: Work, lives: Sequence[CaseLife], period: HalfYear) -> list[Grant]:
    """What was granted within a period, in the words of the opinions that stand at its end: one
    that was returned and redone afterwards changes nothing in it."""
    found = []
    for life in lives:
        served = life.opinion(period.last_on)
        if not grants_money(work, life.kind) or served is None or served.on not in period:
            continue
        words = words_of_step(work, life.kind, life.id, served.number)
        if words.get("decision") == GRANTED:
            amount_fen = parse_yuan(words["granted_amount"])
            found.append(Grant(life.reference, life.restricted, served.on, amount_fen))
    return found
