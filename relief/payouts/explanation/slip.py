"""The sums of a slip: a line's items as sentences whose amounts add up to the line. Pure.

Months in a row that are told alike become one sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from relief.kernel.money import Fen
from relief.kernel.months import Month
from relief.kernel.text import Text, _
from relief.payouts import words
from relief.payouts.explanation import causes
from relief.payouts.explanation.causes import Why
from relief.payouts.explanation.evidence import Evidence
from relief.payouts.queries import Run
from relief.payouts.rules import Item
from relief.payouts.verification.plain import Balance

Form = Literal["whole", "part", "fewer", "cheaper", "some", "strange"]


@dataclass(frozen=True)
class Part:
    """Months of one sentence. `each_fen` is what every one of them adds to the line.

    `whole`: persons × rate. `part`: what remains of it. `fewer` persons, or `cheaper` by a rate:
    persons × rate less. `some` of an over-payment. `strange`: it does not follow from the facts.
    What a sentence does not say of the month is 0, so that months told alike are alike.
    """

    form: Form
    kind: str
    months: tuple[Month, ...]
    persons: int
    rate_fen: Fen
    each_fen: Fen
    owed_fen: Fen
    paid_fen: Fen
    over_fen: Fen
    why: Why

    @property
    def amount_fen(self) -> Fen:
        """What the sentence adds to the line."""
        return self.each_fen * len(self.months)

    @property
    def text(self) -> Text:
        """The sentence."""
        said = {
            "people": words.people(self.persons),
            "rate": words.yuan(self.rate_fen),
            "months": words.months(self.months),
            "why": words.in_brackets(self.why),
            "amount": words.yuan(self.amount_fen),
            "owed": words.yuan(self.owed_fen),
            "paid": words.yuan(self.paid_fen),
            "each": words.yuan(abs(self.each_fen)),
            "over": words.yuan(self.over_fen),
        }
        return _sentence(self, said)


def parts_of(evidence: Evidence, run: Run, items: Iterable[Item]) -> tuple[Part, ...]:
    """The sentences: what is paid by month, then what is taken back by month."""
    ordered = sorted(items, key=lambda item: (item.amount_fen < 0, item.month))
    parts: list[Part] = []
    for item in ordered:
        part = _part(evidence, run, item)
        if parts and (joined := _joined(parts[-1], part)):
            parts[-1] = joined
        else:
            parts.append(part)
    return tuple(parts)


def _joined(part: Part, following: Part) -> Part | None:
    """One sentence of two, where the second month goes on as the first."""
    one_after = following.months[0] == part.months[-1] + 1
    alike = replace(following, months=part.months, why=part.why) == part
    if one_after and alike and following.why in ((), part.why):
        return replace(part, months=(*part.months, *following.months))
    return None


def _part(evidence: Evidence, run: Run, item: Item) -> Part:
    """One item beside the month's amounts as known at T."""
    balance = evidence.balance(run.as_of, item.month)
    part = Part(
        form="strange",
        kind=item.kind,
        months=(item.month,),
        persons=balance.owed.persons,
        rate_fen=balance.owed.rate_fen,
        each_fen=item.amount_fen,
        owed_fen=0,
        paid_fen=0,
        over_fen=0,
        why=(),
    )
    if (item.persons, item.rate_fen) != (part.persons, part.rate_fen):
        return part
    if item.amount_fen < 0:
        return _recovery(evidence, run, part, balance)
    if item.amount_fen != balance.due_fen:
        return part
    why = causes.why_due(evidence, run, item.month)
    if not balance.paid_fen:
        return replace(part, form="whole", why=why)
    owed_fen, paid_fen = balance.owed.owed_fen, balance.paid_fen
    return replace(part, form="part", owed_fen=owed_fen, paid_fen=paid_fen, why=why)


def _recovery(evidence: Evidence, run: Run, part: Part, balance: Balance) -> Part:
    """As persons × rate, where the over-payment is that and is taken whole."""
    now, taken_fen = balance.owed, -part.each_fen
    was = causes.last_even_owed(evidence, run.as_of, balance.month)
    why = causes.why_over(evidence, run.as_of, balance.month)
    fewer, cheaper_fen = was.persons - now.persons, was.rate_fen - now.rate_fen
    if taken_fen == was.owed_fen - now.owed_fen:
        if fewer > 0 and (not cheaper_fen or not now.persons):
            return replace(part, form="fewer", persons=fewer, rate_fen=was.rate_fen, why=why)
        if not fewer and cheaper_fen > 0:
            return replace(part, form="cheaper", rate_fen=cheaper_fen, why=why)
    if taken_fen <= balance.over_fen:
        return replace(part, form="some", over_fen=balance.over_fen, why=why)
    return part


def _sentence(part: Part, said: dict[str, object]) -> Text:
    several = len(part.months) > 1
    if part.form == "whole":
        return _("{people} × {rate} × {months}{why} = {amount}", **said)
    if part.form == "part":
        return _remaining(said, several=several, below_nothing=part.paid_fen < 0)
    if part.form in ("fewer", "cheaper"):
        return _("less {people} × {rate} × {months}{why} = {amount}", **said)
    if part.form == "strange":
        return _(
            "{months}: {amount}, which does not follow from what was known; "
            "the verification of the run names the difference",
            **said,
        )
    if several:
        return _(
            "less {each} of the {over} paid too much in each of {months}{why} = {amount}", **said
        )
    return _("less {each} of the {over} paid too much in {months}{why} = {amount}", **said)


def _remaining(said: dict[str, object], *, several: bool, below_nothing: bool) -> Text:
    """What is paid of a month of which another list had paid a part, or taken back too much."""
    paid = _("{paid} paid already", **said)
    if below_nothing:
        paid = _("{paid} paid already (more was taken back than had been paid)", **said)
    said = {**said, "paid": paid}
    if several:
        return _(
            "{months}, each: {people} × {rate} = {owed} owed, {paid}, {each} remain{why}; "
            "together {amount}",
            **said,
        )
    return _("{months}: {people} × {rate} = {owed} owed, {paid}, {amount} remain{why}", **said)


def total(parts: Sequence[Part]) -> Fen:
    """What the sentences add up to."""
    return sum(part.amount_fen for part in parts)
