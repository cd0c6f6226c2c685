"""The half-year report: all figures as of one instant.

What happens after a half-year's last day changes none of its figures. What is entered late with a
day within it, or put right because it had been entered wrongly, restates them; each subject's
package says what that may be.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from relief.engine.work import Work
from relief.kernel.errors import NotFound, refuse
from relief.kernel.text import _
from relief.petitions.queries import kinds_of_cases
from relief.reports.cases.figures import case_figures
from relief.reports.cases.lives import Cases
from relief.reports.cases.queries import case_lives
from relief.reports.cases.step_figures import step_figures
from relief.reports.contacts.figures import contact_figures
from relief.reports.contacts.queries import contacts_of
from relief.reports.grants.figures import grant_figure
from relief.reports.grants.queries import grants
from relief.reports.households.figures import household_figures
from relief.reports.households.queries import approvals
from relief.reports.money import queries as money
from relief.reports.money.figures import Money, money_figures, standing
from relief.reports.periods import HalfYear
from relief.reports.reemployment.figures import work_figures
from relief.reports.reemployment.queries import starts_of_work
from relief.reports.rules import Figure
from relief.reports.satisfaction.figures import satisfaction_figures
from relief.reports.satisfaction.queries import words_said


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
    cases = Cases(period, work.today, case_lives(work, period), kinds_of_cases(work))
    return HalfYearReport(
        period=period,
        as_of=work.as_known_now(),
        is_over=period.is_over(work.today),
        figures=(
            *contact_figures(contacts_of(work, period)),
            *case_figures(cases),
            *step_figures(cases),
            *satisfaction_figures(words_said(work, cases.lives, period)),
            *household_figures(period, approvals(work, period)),
            *money_figures(_money(work, period)),
            grant_figure(grants(work, cases.lives, period)),
            *work_figures(cases, starts_of_work(work, period)),
        ),
    )


def _money(work: Work, period: HalfYear) -> Money:
    movements = money.movements(work, period)
    paid_lines = (each.line_id for each in standing(movements))
    return Money(
        movements,
        list(money.covered_members(work, paid_lines)),
        money.paid_back(work, period),
        money.given_up(work, period),
    )
