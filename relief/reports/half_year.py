"""The half-year report: all figures as of one instant."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from relief.engine.work import Work
from relief.kernel.errors import NotFound, refuse
from relief.kernel.text import _
from relief.reports import case_queries, queries
from relief.reports.case_figures import Cases, case_figures
from relief.reports.contact_figures import contact_figures
from relief.reports.household_figures import household_figures
from relief.reports.money_figures import Money, money_figures, standing
from relief.reports.periods import HalfYear
from relief.reports.rules import Figure
from relief.reports.step_figures import grant_figure, step_figures, work_figures


@dataclass(frozen=True)
class HalfYearReport:
    """The figures of a half-year as what is recorded at `as_of` gives them; `is_over` is False
    while its last day has not passed."""

    period: HalfYear
    as_of: dt.datetime
    is_over: bool
    figures: tuple[Figure, ...]

    def figure(self, figure_id: str) -> Figure:
        """One figure by its id; an unknown one is refused with those there are."""
        for each in self.figures:
            if each.id == figure_id:
                return each
        raise refuse(
            NotFound,
            "report.figure_unknown",
            _(
                'There is no figure "{name}"; there are {known}.',
                name=figure_id[:40],
                known=[each.id for each in self.figures],
            ),
            "rows",
        )


def half_year_report(work: Work, period: HalfYear) -> HalfYearReport:
    """Compute every figure of a half-year from what is recorded now."""
    cases = Cases(period, work.today, case_queries.case_lives(work, period))
    return HalfYearReport(
        period=period,
        as_of=work.as_known_now(),
        is_over=period.is_over(work.today),
        figures=(
            *contact_figures(case_queries.contacts_of(work, period)),
            *case_figures(cases),
            *step_figures(cases),
            *household_figures(period, queries.approvals(work, period)),
            *money_figures(_money(work, period)),
            grant_figure(case_queries.grants(work, cases.lives, period)),
            *work_figures(cases, case_queries.starts_of_work(work, period)),
        ),
    )


def _money(work: Work, period: HalfYear) -> Money:
    movements = queries.movements(work, period)
    paid_lines = (each.line_id for each in standing(movements))
    return Money(
        movements,
        list(queries.covered_members(work, paid_lines)),
        queries.paid_back(work, period),
    )
