"""Why this amount: a line, or what a list did not settle, told so that a clerk can tell it on."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from relief.kernel.database import UnitOfWork
from relief.kernel.errors import Conflict, NotFound, refuse
from relief.kernel.money import Fen, format_yuan
from relief.kernel.months import Month, format_month
from relief.kernel.text import Text, _
from relief.payouts import queries, words
from relief.payouts.explanation import background
from relief.payouts.explanation.evidence import Evidence
from relief.payouts.explanation.gathering import gather
from relief.payouts.explanation.slip import Part, parts_of, total
from relief.payouts.queries import Line, Run
from relief.payouts.rules import Item, ListedException
from relief.payouts.verification import plain
from relief.payouts.verification.known import known_households, known_rates
from relief.payouts.verification.plain import Window


@dataclass(frozen=True)
class Explanation:
    """Why a household gets this amount, or none. The parts add up to `amount_fen`: what the line
    pays, or, where `reference` is empty, what a list holds back."""

    run: str
    household_no: str
    reference: str
    state: str
    reason: str
    amount_fen: Fen
    heading: Text
    parts: tuple[Part, ...]
    notes: tuple[Text, ...]

    def __post_init__(self) -> None:
        assert not self.parts or total(self.parts) == self.amount_fen, self.heading
        assert self.parts or not self.reference, self.heading

    @property
    def text(self) -> list[Text]:
        """Line by line, in no language yet."""
        sums = [part.text for part in self.parts]
        if sums:
            sums.append(_("= {amount}", amount=words.yuan(self.amount_fen)))
        return [self.heading, *sums, *self.notes]

    def as_dict(self, translate: Callable[[Text], str] = str) -> dict[str, Any]:
        """For JSON; the sentences in the reader's language."""
        return {
            "run": self.run,
            "household_no": self.household_no,
            "reference": self.reference or None,
            "state": self.state or None,
            "exception": self.reason or None,
            "amount": format_yuan(self.amount_fen),
            "parts": [
                {
                    "kind": part.kind,
                    "months": [format_month(month) for month in part.months],
                    "amount": format_yuan(part.amount_fen),
                    "text": translate(part.text),
                }
                for part in self.parts
            ],
            "text": [translate(text) for text in self.text],
        }


def explain_line(work: UnitOfWork, run: Run, household_no: str) -> Explanation:
    """Explain a household's line in a run, or its exception; refused where it has neither."""
    evidence = gather(work, household_no)
    no = evidence.household_no
    lines = queries.lines_of(work, run.id, no)
    exceptions = [e for e in queries.exceptions_of(work, run.id) if e.household_no == no]
    exception = exceptions[0] if exceptions else None
    if lines:
        return _line(evidence, run, lines[0], exception)
    if exception is not None:
        return _exception(work, evidence, run, exception)
    raise refuse(NotFound, "explain.not_listed", _not_listed(evidence, run), "household_no")


def _line(
    evidence: Evidence, run: Run, line: Line, exception: ListedException | None
) -> Explanation:
    parts = parts_of(evidence, run, line.items)
    if total(parts) != line.amount_fen or not parts:
        raise _altered(run, line.household_no)
    months = sorted(item.month for item in line.items if item.amount_fen > 0)
    return Explanation(
        run=run.reference,
        household_no=line.household_no,
        reference=line.reference,
        state=line.state,
        reason=exception.reason if exception else "",
        amount_fen=line.amount_fen,
        heading=_(
            "Line {line}, household {no}: {amount} yuan, as known on {day}",
            line=line.reference,
            no=line.household_no,
            amount=words.yuan(line.amount_fen),
            day=evidence.day_of(run.as_of),
        ),
        parts=parts,
        notes=(
            *background.basis(evidence, run, months),
            *background.left_over_paid(evidence, run, line.items, _percent(run)),
            *background.fate(evidence, line.id),
        ),
    )


def _exception(
    work: UnitOfWork, evidence: Evidence, run: Run, exception: ListedException
) -> Explanation:
    items = _held_items(work, run, exception)
    parts = parts_of(evidence, run, items)
    if parts and total(parts) != exception.amount_fen:
        raise _altered(run, exception.household_no)
    months = sorted(item.month for item in items if item.amount_fen > 0)
    return Explanation(
        run=run.reference,
        household_no=exception.household_no,
        reference="",
        state="",
        reason=exception.reason,
        amount_fen=exception.amount_fen,
        heading=_(
            "Household {no} has no line in {run}: {reason}. Not settled: {amount} yuan, as known "
            "on {day}",
            no=exception.household_no,
            run=run.reference,
            reason=words.EXCEPTION_REASONS[exception.reason],
            amount=words.yuan(exception.amount_fen),
            day=evidence.day_of(run.as_of),
        ),
        parts=parts,
        notes=(
            *background.why_not_settled(evidence, run, _window(run).months, exception.reason),
            *background.basis(evidence, run, months),
            *background.left_over_paid(evidence, run, items, _percent(run)),
        ),
    )


def _held_items(work: UnitOfWork, run: Run, exception: ListedException) -> tuple[Item, ...]:
    """The items of the line that would be there without the hold, or with an account."""
    if exception.reason not in ("on_hold", "no_account"):
        return ()
    known = next(known_households(work, run.as_of, household_nos=[exception.household_no]))
    free = replace(known, held=False, has_account=True)
    rates = known_rates(work, run.as_of)
    outcome = plain.compute(free, rates, _window(run), _percent(run))
    return tuple(Item(*item) for item in outcome.items)


def _window(run: Run) -> Window:
    return Window(json.loads(run.settings)["go_live_month"], run.last_month)


def _percent(run: Run) -> int:
    return int(json.loads(run.settings)["recovery_percent_max"])


def _altered(run: Run, household_no: str) -> Exception:
    return refuse(
        Conflict,
        "explain.altered",
        _(
            "What is stored for household {no} in {run} does not add up, so it cannot be "
            'explained. "relief payouts verify {run}" names the difference.',
            no=household_no,
            run=run.reference,
        ),
        "household_no",
    )


def _not_listed(evidence: Evidence, run: Run) -> Text:
    return _(
        "Household {no} is not on the list {run}: {why}.",
        no=evidence.household_no,
        run=run.reference,
        why=_why_not_listed(evidence, run, _window(run).months),
    )


def _why_not_listed(evidence: Evidence, run: Run, months: range) -> Text:
    day = evidence.day_of(run.as_of)
    if evidence.recorded_at > run.as_of:
        return _("its file was opened after the list was made on {day}", day=day)

    def owed(month: Month) -> Fen:
        return evidence.view(run.as_of, month).owed_fen

    if not any(owed(month) for month in months):
        return _("as known on {day} nothing was owed to it in any month", day=day)
    if not any(owed(month) for month in months if month >= run.first_month):
        return _(
            "as known on {day} nothing was owed to it in {quarter}, and all before was paid",
            day=day,
            quarter=run.quarter,
        )
    return _("as known on {day} all that was owed to it had been paid by other lists", day=day)
