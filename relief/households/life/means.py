"""What the figures of a survey say: the grade that is proposed, and its arithmetic. Pure.

(annual disposable income − unavoidable expense) / 12 / persons living together is held against
the local minimum living line: below it deep, below twice the line relative; else accidental where
the loss by an accident exceeds 80 percent of the annual income. The program proposes, a person
decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from relief.households.words import EXCLUSION_WORDS
from relief.kernel.errors import Invalid
from relief.kernel.money import Fen, format_yuan, parse_yuan
from relief.kernel.months import Month, format_month
from relief.kernel.text import Text, _

LOSS_PERCENT = 80
NO_EXCLUSION = "none"


@dataclass(frozen=True)
class Means:
    """What a household lives on: fen a year, and how many live together (one at least)."""

    annual_income_fen: Fen
    unavoidable_expense_fen: Fen
    persons: int
    accident_loss_fen: Fen = 0
    exclusion_criterion: str = NO_EXCLUSION

    @property
    def net_fen(self) -> Fen:
        """What is left of a year's income; below 0 where the expense is more."""
        return self.annual_income_fen - self.unavoidable_expense_fen

    @property
    def net_per_person(self) -> Fraction:
        """Fen a person a month, not rounded."""
        return Fraction(self.net_fen, 12 * self.persons)

    @property
    def is_hit_by_accident(self) -> bool:
        """True where the loss exceeds 80 percent of the annual income."""
        return self.accident_loss_fen * 100 > self.annual_income_fen * LOSS_PERCENT


@dataclass(frozen=True)
class LineInForce:
    """The minimum living line that figures are judged by."""

    id: int
    from_month: Month
    line_fen: Fen
    document_no: str


def means_of(fields: Mapping[str, str]) -> Means | None:
    """The figures as they were typed; None while they are not all there, or not all readable (the
    form says so)."""
    try:
        persons = int(fields.get("persons", ""))
        means = Means(
            parse_yuan(fields.get("annual_household_income", "")),
            parse_yuan(fields.get("unavoidable_expense", "")),
            persons,
            parse_yuan(fields.get("accident_loss", "0")),
            fields.get("exclusion_criterion", NO_EXCLUSION),
        )
    except (ValueError, Invalid):
        return None
    return means if persons > 0 else None


def proposed_grade(means: Means, line_fen: Fen) -> str:
    """The grade that the figures propose; empty where they propose none."""
    if means.exclusion_criterion != NO_EXCLUSION:
        return ""
    if means.net_per_person < line_fen:
        return "deep"
    if means.net_per_person < 2 * line_fen:
        return "relative"
    return "accidental" if means.is_hit_by_accident else ""


def arithmetic(means: Means, line: LineInForce) -> tuple[Text, ...]:
    """How the proposal comes about, line by line. Shares of a fen are left away in what is shown,
    not in what is compared."""
    return (*_net(means), _line(line), *_verdict(means, line.line_fen))


def _net(means: Means) -> Iterator[Text]:
    yield _(
        "annual household income {income} − unavoidable expense {expense} = {net}",
        income=_yuan(means.annual_income_fen),
        expense=_yuan(means.unavoidable_expense_fen),
        net=_yuan(means.net_fen),
    )
    yield _(
        "{net} / 12 months / {persons} persons living together = {each} a person a month",
        net=_yuan(means.net_fen),
        persons=means.persons,
        each=_each(means),
    )


def _line(line: LineInForce) -> Text:
    return _(
        "minimum living line from {month} on (document {no}): {line}, twice the line: {twice}",
        month=format_month(line.from_month),
        no=line.document_no,
        line=_yuan(line.line_fen),
        twice=_yuan(2 * line.line_fen),
    )


def _verdict(means: Means, line_fen: Fen) -> Iterator[Text]:
    values = {"each": _each(means), "line": _yuan(line_fen), "twice": _yuan(2 * line_fen)}
    if means.net_per_person < line_fen:
        yield Text(_("{each} is below the line of {line}: deep").msgid, values)
    elif means.net_per_person < 2 * line_fen:
        yield Text(_("{each} is below twice the line, {twice}: relative").msgid, values)
    else:
        yield Text(_("{each} is not below twice the line, {twice}").msgid, values)
        yield _accident(means)
    if means.exclusion_criterion != NO_EXCLUSION:
        word = EXCLUSION_WORDS.get(means.exclusion_criterion, means.exclusion_criterion)
        yield _("exclusion criterion: {criterion}; no grade is proposed", criterion=word)


def _accident(means: Means) -> Text:
    values = {"loss": _yuan(means.accident_loss_fen), "income": _yuan(means.annual_income_fen)}
    if means.is_hit_by_accident:
        text = _("loss by an accident {loss}, more than 80 percent of {income}: accidental")
    else:
        text = _(
            "loss by an accident {loss}, not more than 80 percent of {income}: no grade is proposed"
        )
    return Text(text.msgid, values)


def _each(means: Means) -> str:
    return _yuan(floor(means.net_per_person))


def _yuan(amount_fen: Fen) -> str:
    return format_yuan(amount_fen, grouped=True)
