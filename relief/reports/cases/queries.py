"""Reads for the report: cases with their steps, and by when an opinion was owed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace

import sqlalchemy as sa

from relief.engine.clocks.running import reckoned_deadline
from relief.engine.journal.passages import Passage, passages_of_all
from relief.engine.publishing import pinned_machine
from relief.engine.work import Work
from relief.kernel.columns import table_of
from relief.kernel.unit_of_work import UnitOfWork
from relief.petitions.queries import kinds_of_cases
from relief.petitions.rules import grants_money
from relief.petitions.tables import PetitionCase
from relief.reports.cases.lives import ACCEPTED, HANDLE, HANDLED, CaseLife, CaseStep
from relief.reports.periods import HalfYear

CASE = table_of(PetitionCase)


def case_lives(work: Work, period: HalfYear) -> list[CaseLife]:
    """Every case that was received by a period's last day, in the order of receipt, with the day by
    which its opinion was owed as things stood on that day."""
    statement = (
        sa.select(CASE)
        .where(CASE.c.received_on <= period.last_on)
        .order_by(CASE.c.received_on, CASE.c.id)
    )
    passages = {
        (kind, case_id): found
        for kind in kinds_of_cases(work)
        for case_id, found in passages_of_all(work, kind)
    }
    return [
        _life(work, row, passages.get((row["kind"], row["id"]), []), period.last_on)
        for row in work.connection.execute(statement).mappings().all()
    ]


def _life(
    work: Work, row: sa.RowMapping, passages: Sequence[Passage], last_on: dt.date
) -> CaseLife:
    definition = pinned_machine(work, row["definition_sha256"]).definition
    life = CaseLife(
        id=row["id"],
        kind=row["kind"],
        reference=row["reference"],
        restricted=row["restricted"],
        received_on=row["received_on"],
        merged_into_id=row["merged_into_id"],
        steps=tuple(_steps(work, passages)),
        grants_money=grants_money(definition),
    )
    owed = list(_while_owed(life, passages, last_on))
    if not owed:
        return life
    reckoned = reckoned_deadline(work, definition, owed)
    return replace(life, due_on=reckoned.due_on if reckoned else None)


def _steps(work: UnitOfWork, passages: Sequence[Passage]) -> Iterator[CaseStep]:
    for number, each in enumerate(passages, start=1):
        on = work.clock.day_of(each.happened_at)
        yield CaseStep(number, each.action, each.from_state, each.to_state, on)


def _while_owed(life: CaseLife, passages: Sequence[Passage], last_on: dt.date) -> Sequence[Passage]:
    """The passages up to the last time that the opinion was owed, by a day: to its service, or
    all of them where it still is. None where the case was not accepted, or ended before."""
    steps = life.until(last_on)
    for position in range(len(steps) - 1, -1, -1):
        if steps[position].action == HANDLE and steps[position].to_state == HANDLED:
            return passages[:position]
        if steps[position].to_state == ACCEPTED:
            return passages[: len(steps)]
    return []
