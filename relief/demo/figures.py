"""The figures of the half-year, read from the database as anybody else would read them."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from relief.demo.office import PEOPLE, QUARTER
from relief.engine.work import Work
from relief.kernel.money import Fen
from relief.payouts import queries
from relief.payouts.bank.answers import Reconciliation, reconcile
from relief.payouts.queries import Line, Run
from relief.reports.half_year import HalfYearReport, half_year_report
from relief.reports.periods import HalfYear

FAILED = "failed"
PERIOD = HalfYear(2005, 1)


@dataclass(frozen=True)
class SettledRate:
    """What was settled at one rate: so many people in each of so many months."""

    rate_fen: Fen
    persons: int
    months: int
    amount_fen: Fen


@dataclass(frozen=True)
class DemoStory:
    """What the half-year came to. `not_settled` has the household numbers by reason: the run's
    exception, or `failed`."""

    folder: Path
    password: str
    ended_on: dt.date
    run: Run
    reconciliation: Reconciliation
    households_enrolled: int
    households_settled: int
    amount_settled_fen: Fen
    settled_by_rate: tuple[SettledRate, ...]
    not_settled: dict[str, list[str]]
    report: HalfYearReport
    usernames: tuple[str, ...] = tuple(PEOPLE)


def read_story(work: Work, folder: Path, password: str) -> DemoStory:
    """Read the figures as they stand today."""
    run = queries.find_run(work, str(QUARTER))
    lines = queries.lines_of(work, run.id)
    settled = [line for line in lines if line.state == "paid"]
    report = half_year_report(work, PERIOD)
    enrolled = {row.reference for row in report.figure("households_enrolled").rows}
    why = {e.household_no: e.reason for e in queries.exceptions_of(work, run.id)}
    why |= {line.household_no: FAILED for line in lines if line.state == "failed"}
    not_settled = defaultdict(list)
    for household_no in sorted(enrolled - {line.household_no for line in settled}):
        not_settled[why[household_no]].append(household_no)
    return DemoStory(
        folder=folder,
        password=password,
        ended_on=work.today,
        run=run,
        reconciliation=reconcile(work, run),
        households_enrolled=len(enrolled),
        households_settled=len(settled),
        amount_settled_fen=sum(line.amount_fen for line in settled),
        settled_by_rate=tuple(_by_rate(settled)),
        not_settled=dict(not_settled),
        report=report,
    )


def _by_rate(settled: Iterable[Line]) -> Iterable[SettledRate]:
    """Months in which as many people were paid at one rate go together, the highest rate first."""
    persons: Counter[tuple[Fen, int]] = Counter()
    amounts: Counter[tuple[Fen, int]] = Counter()
    for line in settled:
        for item in line.items:
            persons[item.rate_fen, item.month] += item.persons
            amounts[item.rate_fen, item.month] += item.amount_fen
    alike: dict[tuple[Fen, int], list[Fen]] = defaultdict(list)
    for (rate_fen, month), count in persons.items():
        alike[rate_fen, count].append(amounts[rate_fen, month])
    for (rate_fen, count), amounts_fen in sorted(alike.items(), reverse=True):
        yield SettledRate(rate_fen, count, len(amounts_fen), sum(amounts_fen))
