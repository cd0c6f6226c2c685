"""Whatever happens to a household, each of its amounts can be told, and the telling adds up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given, settings, event

from relief.kernel.database import UnitOfWork
from relief.kernel.text import Translator
from relief.payouts import queries
from relief.payouts.explanation import Explanation, explain_line
from relief.payouts.queries import Run
from tests.life import Life, lives
from tests.office import Office


def _explained(work: UnitOfWork, run: Run) -> dict[str, Explanation]:
    lines = [line.household_no for line in queries.iterate_lines(work, run.id)]
    exceptions = [found.household_no for found in queries.exceptions_of(work, run.id)]
    return {no: explain_line(work, run, no) for no in {*lines, *exceptions}}


@settings(max_examples=700)
@given(events=lives)
def test_explanation_tells_every_amount_when_anything_may_have_happened(
    new_office: Callable[[], Office], events: Any
) -> None:
    office = new_office()
    life = Life(office)
    life.begin()
    for days, ev in events:
        try:
            life.live(days, ev)
        except AssertionError as e:
            if "nothing new" in str(e):
                break
            raise
    with office.relief.reading() as work:
        for run in queries.all_runs(work):
            for explanation in _explained(work, run).values():
                _check(explanation)
    office.relief.database.dispose()


def _check(explanation: Explanation) -> None:
    told = list(map(Translator("en"), explanation.text))
    assert "{" not in "".join(told)
    event("reason " + explanation.reason + (" line" if explanation.reference else ""))
    for part in explanation.parts:
        event("form " + part.form + " " + part.kind)
        [event(str(w).split(" 20")[0][:40]) for w in part.why]
        assert part.form != "strange", told
        if part.kind != "regular" or part.form == "part":
            assert part.why, told
    if explanation.reason == "over_paid":
        assert any("still over-paid" in text and "(" in text for text in told), told
