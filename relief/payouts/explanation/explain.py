"""Why this amount: a line, or what a list did not settle, told so that a clerk can tell it on."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from relief.kernel.errors import Conflict, NotFound, refuse
from relief.kernel.money import Fen, format_yuan
from relief.kernel.months import Month, format_month
from relief.kernel.text import Text, _
from relief.kernel.unit_of_work import UnitOfWork
from relief.payouts import queries, words
from relief.payouts.explanation import background
from relief.payouts.explanation.evidence import Evidence
from relief.payouts.explanation.gathering import gather
from relief.payouts.explanation.slip import Part, parts_of, total
from relief.payouts.queries import Line, Run
from relief.payouts.rules import Item, ListedException
from relief.payouts.verification import plain
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


class _Terms(NamedTuple):
    """Of the terms that a run was made with, those that say what it looks at and takes back."""

    window: Window
    percent: int


def _terms_of(run: Run) -> _Terms:
    settings = json.loads(run.settings)
    window = Window(settings["go_live_month"], run.last_month)
    return _Terms(window, settings["recovery_percent_max"])


def explain_line(work: UnitOfWork, run: Run, household_no: str) -> Explanation:
    """Explain a household's line in a run, or its exception; refused where it has neither."""
    evidence, terms = gather(work, household_no), _terms_of(run)
    no = evidence.household_no
    lines = queries.lines_of(work, run.id, no)
    exceptions = [e for e in queries.exceptions_of(work, run.id) if e.household_no == no]
    exception = exceptions[0] if exceptions else None
    if lines:
        return _line(evidence, run, terms, lines[0], exception)
    if exception is not None:
        return _exception(evidence, run, terms, exception)
    not_listed = _not_listed(evidence, run, terms)
    raise refuse(NotFound, "explain.not_listed", not_listed, "household_no")


def _line(
    evidence: Evidence, run: Run, terms: _Terms, line: Line, exception: ListedException | None
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
            *background.left_over_paid(evidence, run, line.items, terms.percent),
            *background.settled_outside(evidence, run, line.items),
            *background.fate(evidence, line.id),
        ),
    )


def _exception(
    evidence: Evidence, run: Run, terms: _Terms, exception: ListedException
) -> Explanation:
    items = _held_items(evidence, run, terms, exception)
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
            *background.why_not_settled(evidence, run, terms.window.months, exception.reason),
            *background.basis(evidence, run, months),
            *background.left_over_paid(evidence, run, items, terms.percent),
            *background.settled_outside(evidence, run, items),
        ),
    )


def _held_items(
    evidence: Evidence, run: Run, terms: _Terms, exception: ListedException
) -> tuple[Item, ...]:
    """The items of the line that would be there without the hold, or with an account."""
    if exception.reason not in ("on_hold", "no_account"):
        return ()
    then = evidence.known_at(run.as_of)
    free = replace(then.household, held=False, has_account=True)
    outcome = plain.compute(free, then.rates, terms.window, terms.percent)
    return tuple(Item(*item) for item in outcome.items)


def _altered(run: Run, household_no: str) -> Exception:
    return refuse(
        Conflict,
        "explain.altered",
        _(
            "What is stored for household {no} in {run} does not add up, so it cannot be "
            "explained.",
            no=household_no,
            run=run.reference,
        ),
        "household_no",
    )


def _not_listed(evidence: Evidence, run: Run, terms: _Terms) -> Text:
    return _(
        "Household {no} is not on the list {run}: {why}.",
        no=evidence.household_no,
        run=run.reference,
        why=_why_not_listed(evidence, run, terms.window.months),
    )


def _why_not_listed(evidence: Evidence, run: Run, months: range) -> Text:
    day = evidence.day_of(run.as_of)
    if evidence.recorded_at > run.as_of:
        return _("its file was opened after the list was made on {day}", day=day)

    def owed(month: Month) -> Fen:
        return evidence.balance(run.as_of, month).owed.owed_fen

    if not any(owed(month) for month in months):
        return _("as known on {day} nothing was owed to it in any month", day=day)
    if not any(owed(month) for month in months if month >= run.first_month):
        return _(
            "as known on {day} nothing was owed to it in {quarter}, and all before was paid",
            day=day,
            quarter=run.quarter,
        )
    return _("as known on {day} all that was owed to it had been paid by other lists", day=day)
