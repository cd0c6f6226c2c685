"""Whatever happens to a household, each of its amounts can be told, and the telling adds up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings

from relief.kernel.text import Translator
from relief.kernel.unit_of_work import UnitOfWork
from relief.payouts import queries
from relief.payouts.explanation import Explanation, explain_line
from relief.payouts.explanation.gathering import gather
from relief.payouts.queries import Run
from relief.payouts.verification.known import known_households, known_rates
from relief.payouts.verification.plain import balance_of
from tests.life import Life, lives
from tests.office import Office


@pytest.mark.parametrize("database_kind", ["sqlite"])  # the reading is tried on both elsewhere
@settings(max_examples=settings().max_examples // 3)  # each example is a whole life
@given(events=lives)
def test_explanation_tells_every_amount_when_anything_may_have_happened(
    new_office: Callable[[], Office], events: Any
) -> None:
    office = new_office()
    life = Life(office)
    life.begin()
    for days, event in events:
        life.live(days, event)
    with office.relief.reading() as work:
        for run in queries.all_runs(work):
            _check_evidence(work, run)
            for explanation in _explanations(work, run):
                _check_telling(explanation)
    office.relief.database.dispose()


def _explanations(work: UnitOfWork, run: Run) -> list[Explanation]:
    lines = {line.household_no for line in queries.iterate_lines(work, run.id)}
    exceptions = {found.household_no for found in queries.exceptions_of(work, run.id)}
    return [explain_line(work, run, no) for no in sorted(lines | exceptions)]


def _check_telling(explanation: Explanation) -> None:
    """No sum without a reason, and none that the facts do not bear out."""
    told = [Translator("en")(text) for text in explanation.text]
    for part in explanation.parts:
        assert part.form != "strange", told
        if part.kind != "regular" or part.form == "part":
            assert part.why, told
    if explanation.reason == "over_paid":
        assert any("still over-paid" in text and "(" in text for text in told), told


def _check_evidence(work: UnitOfWork, run: Run) -> None:
    """What is explained is what was computed, and the facts told bear it out: as known at T."""
    rates = known_rates(work, run.as_of)
    for household in known_households(work, run.as_of):
        evidence = gather(work, household.household_no)
        for month in range(run.first_month - 3, run.last_month + 1):
            balance = balance_of(household, rates, month)
            view = evidence.view(run.as_of, month)
            assert evidence.balance(run.as_of, month) == balance
            assert view.owed == balance.owed
            assert (len(view.counted) if view.enrolment else 0) == view.owed.persons
            assert (view.grade.grade if view.grade else None) == view.owed.grade
            assert (view.rate.rate_fen if view.rate else 0) == view.owed.rate_fen
