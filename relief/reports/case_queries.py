"""Reads for the report: contacts, cases with their steps and terms, starts of work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from relief.desk.queries import Sought, list_contacts
from relief.desk.rules import is_entered_late
from relief.engine.clocks.running import reckoned_deadline
from relief.engine.journal.passages import Passage, passages_of_all
from relief.engine.publishing import pinned_machine
from relief.engine.work import Work
from relief.kernel.database import UnitOfWork, table_of
from relief.kernel.money import Fen, parse_yuan
from relief.petitions.queries import words_of_step
from relief.petitions.rules import GRANTED, KINDS, RELIEF
from relief.petitions.tables import JobStart, PetitionCase
from relief.reports.case_lives import ACCEPTED, HANDLE, HANDLED, CaseLife, CaseStep
from relief.reports.periods import HalfYear

CASE, JOB_START = table_of(PetitionCase), table_of(JobStart)
_EVERYBODY = sa.true()


@dataclass(frozen=True)
class Came:
    """A contact that counts in the period."""

    reference: str
    channel: str
    on: dt.date
    head_count: int
    outcome: str
    entered_on: dt.date
    anonymous: bool
    chase_up: bool
    collective: bool
    restricted: bool

    @property
    def entered_late(self) -> bool:
        """True where it was entered on a later day."""
        return is_entered_late(self.on, self.entered_on)


@dataclass(frozen=True)
class Start:
    """Somebody started work, with evidence, where the centre had introduced them."""

    case_reference: str
    restricted: bool
    person_id: int
    started_on: dt.date
    evidence: str
    was_unemployed: bool


_OF_START = tuple(Start.__dataclass_fields__)


@dataclass(frozen=True)
class Grant:
    """One-off relief that was granted, in the opinion that stands."""

    case_reference: str
    restricted: bool
    on: dt.date
    amount_fen: Fen


def contacts_of(work: UnitOfWork, period: HalfYear) -> list[Came]:
    """The contacts that count in a period; restricted ones with them, void ones not."""
    sought = Sought(from_on=period.first_on, until_on=period.last_on)
    return [
        Came(
            reference=each.reference,
            channel=each.channel,
            on=each.happened_on,
            head_count=each.head_count,
            outcome=each.outcome,
            entered_on=work.clock.day_of(each.recorded_at),
            anonymous=not each.name,
            chase_up=each.chase_up,
            collective=each.collective,
            restricted=each.restricted,
        )
        for each in list_contacts(work, sought, _EVERYBODY)
        if each.voided_at is None
    ]


def case_lives(work: Work, period: HalfYear) -> list[CaseLife]:
    """Every case that was received by a period's last day, in the order of receipt, with the day by
    which its opinion was owed as things stood on that day."""
    statement = (
        sa.select(CASE)
        .where(CASE.c.received_on <= period.last_on)
        .order_by(CASE.c.received_on, CASE.c.id)
    )
    passages = {
        (kind, case_id): found for kind in KINDS for case_id, found in passages_of_all(work, kind)
    }
    return [
        _life(work, row, passages.get((row["kind"], row["id"]), []), period.last_on)
        for row in work.session.execute(statement).mappings().all()
    ]


def _life(
    work: Work, row: sa.RowMapping, passages: Sequence[Passage], last_on: dt.date
) -> CaseLife:
    life = CaseLife(
        id=row["id"],
        kind=row["kind"],
        reference=row["reference"],
        restricted=row["restricted"],
        received_on=row["received_on"],
        merged_into_id=row["merged_into_id"],
        steps=tuple(_steps(work, passages)),
    )
    owed = list(_while_owed(life, passages, last_on))
    if not owed:
        return life
    definition = pinned_machine(work, row["definition_sha256"]).definition
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


def grants(work: Work, lives: Sequence[CaseLife], period: HalfYear) -> list[Grant]:
    """What was granted within a period, in the words of the opinions that stand at its end: one
    that was returned and redone afterwards changes nothing in it."""
    found = []
    for life in lives:
        served = life.opinion(period.last_on)
        if life.kind != RELIEF or served is None or served.on not in period:
            continue
        words = words_of_step(work, life.kind, life.id, served.number)
        if words.get("decision") == GRANTED:
            amount_fen = parse_yuan(words["granted_amount"])
            found.append(Grant(life.reference, life.restricted, served.on, amount_fen))
    return found


def starts_of_work(work: UnitOfWork, period: HalfYear) -> list[Start]:
    """Who started work in a period after an introduction, by day; a case once.

    A start counts as it stood at the end of the period's last day: one that was taken back
    afterwards stays, and what was entered in its place does not count beside it.
    """
    statement = (
        sa.select(JOB_START, CASE.c.reference.label("case_reference"), CASE.c.restricted)
        .join(CASE, CASE.c.id == JOB_START.c.case_id)
        .where(JOB_START.c.started_on.between(period.first_on, period.last_on))
        .order_by(JOB_START.c.id)
    )
    # A case has one start at a time: where one stood on the last day, it comes first.
    by_case: dict[int, Start] = {}
    for row in work.session.execute(statement).mappings():
        if row["voided_at"] is None or _stood(work, row, period.last_on):
            by_case.setdefault(row["case_id"], Start(**{name: row[name] for name in _OF_START}))
    return sorted(by_case.values(), key=lambda each: each.started_on)


def _stood(work: UnitOfWork, row: sa.RowMapping, last_on: dt.date) -> bool:
    """Whether a start that was taken back was recorded, and not taken back, by the end of a day."""
    day_of = work.clock.day_of
    return day_of(row["recorded_at"]) <= last_on < day_of(row["voided_at"])
