"""The report as tests ask for it."""

from __future__ import annotations

from relief.reports.half_year import HalfYearReport, half_year_report
from relief.reports.periods import HalfYear
from tests.office import Office


def report(office: Office, period: str = "2005H1") -> HalfYearReport:
    with office.relief.reading() as work:
        return half_year_report(work, HalfYear.parse(period))


def values(office: Office, period: str, *names: str) -> list[object]:
    found = report(office, period)
    return [found.figure(name).value for name in names]


def rows(office: Office, period: str, name: str) -> list[tuple[str, str, int]]:
    found = report(office, period).figure(name).rows
    return [(row.reference, row.counts_on.isoformat(), row.counts) for row in found]
