"""The bridge from the last regular list to this one: what came and went, and that nothing is left.

Regular items of the last live regular run + came - gone ± months ± persons ± grade ± rate +
released - blocked ± paid by other lists + brought back + arrears - recovery = this run, household
by household. Months are matched by their place in the quarter, and taken apart in that order. A
month counts with persons × rate; what another list paid of it, or a household brought back, is a
step of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from relief.kernel.money import Fen
from relief.kernel.text import Text, _

STEPS: dict[str, Text] = {
    "came": _("came"),
    "gone": _("gone"),
    "months": _("months counted"),
    "persons": _("persons"),
    "grade": _("grade"),
    "rate": _("rate"),
    "released": _("released from a block"),
    "blocked": _("blocked"),
    "paid_before": _("paid by other lists"),
    "repaid": _("brought back, and owed again"),
    "arrears": _("arrears"),
    "recovery": _("recovery"),
}


@dataclass(frozen=True)
class RegularMonth:
    """A regular item; `repaid_fen` of the month was brought back before, outside any list."""

    persons: int
    rate_fen: Fen
    amount_fen: Fen
    repaid_fen: Fen = 0

    @property
    def whole_fen(self) -> Fen:
        """Persons × rate."""
        return self.persons * self.rate_fen


@dataclass(frozen=True)
class Side:
    """A household in one of the two runs. `months` by the place in the quarter; `blocked` where
    the run held it back, or its line was withdrawn (then it has no months)."""

    months: Mapping[int, RegularMonth] = field(default_factory=dict)
    arrears_fen: Fen = 0
    recovery_fen: Fen = 0
    blocked: bool = False

    @property
    def regular_fen(self) -> Fen:
        """The sum of the regular items."""
        return sum(month.amount_fen for month in self.months.values())

    @property
    def whole_fen(self) -> Fen:
        """The same, had no other list paid a part."""
        return sum(month.whole_fen for month in self.months.values())

    @property
    def repaid_fen(self) -> Fen:
        """What was brought back of these months."""
        return sum(month.repaid_fen for month in self.months.values())

    @property
    def paid_before_fen(self) -> Fen:
        """What other lists had paid of these months, as a deduction."""
        return self.regular_fen - self.whole_fen - self.repaid_fen

    @property
    def total_fen(self) -> Fen:
        """The line's amount."""
        return self.regular_fen + self.arrears_fen + self.recovery_fen


@dataclass(frozen=True)
class HouseholdBridge:
    """The steps of one household, those that are not 0."""

    household_no: str
    previous_fen: Fen
    steps: Mapping[str, Fen]
    this_fen: Fen

    @property
    def rest_fen(self) -> Fen:
        """What no step explains; always 0."""
        return self.this_fen - self.previous_fen - sum(self.steps.values())


@dataclass(frozen=True)
class BridgeStep:
    """One step over all households."""

    name: str
    amount_fen: Fen

    @property
    def title(self) -> Text:
        """The step's word."""
        return STEPS[self.name]


@dataclass(frozen=True)
class Bridge:
    """The whole: `previous` names the run it starts from, empty where there was none."""

    run: str
    previous: str
    previous_fen: Fen
    steps: tuple[BridgeStep, ...]
    this_fen: Fen
    households: tuple[HouseholdBridge, ...]

    @property
    def rest_fen(self) -> Fen:
        """What no step explains; always 0."""
        return self.this_fen - self.previous_fen - sum(step.amount_fen for step in self.steps)


@dataclass(frozen=True)
class Crossing:
    """A household in both runs. `regraded`, by place: where the grade changed, the rate that the
    new grade had in the previous run's month."""

    household_no: str
    previous: Side
    this: Side
    regraded: Mapping[int, Fen] = field(default_factory=dict)

    @property
    def repriced(self) -> list[int]:
        """The places in which the rate is another: by the grade, or by itself."""
        before, now = self.previous.months, self.this.months
        return [p for p in now if p in before and now[p].rate_fen != before[p].rate_fen]


def household_bridge(crossing: Crossing) -> HouseholdBridge:
    """Take one household's difference apart."""
    previous, this = crossing.previous, crossing.this
    steps = dict.fromkeys(STEPS, 0)
    if previous.months and this.months:
        _change_months(steps, crossing)
    elif this.months:
        steps["released" if previous.blocked else "came"] += this.whole_fen
    elif previous.months:
        steps["blocked" if this.blocked else "gone"] -= previous.whole_fen
    steps["paid_before"] += this.paid_before_fen - previous.paid_before_fen
    steps["repaid"] += this.repaid_fen - previous.repaid_fen
    steps["arrears"] += this.arrears_fen
    steps["recovery"] += this.recovery_fen
    bridge = HouseholdBridge(
        household_no=crossing.household_no,
        previous_fen=previous.regular_fen,
        steps={name: amount_fen for name, amount_fen in steps.items() if amount_fen},
        this_fen=this.total_fen,
    )
    assert bridge.rest_fen == 0, f"the bridge of household {crossing.household_no} has a rest"
    return bridge


def _change_months(steps: dict[str, Fen], crossing: Crossing) -> None:
    """Months counted, then persons, then grade, then rate."""
    previous, this = crossing.previous.months, crossing.this.months
    for place in previous.keys() | this.keys():
        before, now = previous.get(place), this.get(place)
        if before is None or now is None:
            steps["months"] += now.whole_fen if now else 0
            steps["months"] -= before.whole_fen if before else 0
            continue
        regraded_fen = crossing.regraded.get(place, before.rate_fen)
        steps["persons"] += (now.persons - before.persons) * before.rate_fen
        steps["grade"] += now.persons * (regraded_fen - before.rate_fen)
        steps["rate"] += now.persons * (now.rate_fen - regraded_fen)


def build_bridge(run: str, previous: str, crossings: Iterable[Crossing]) -> Bridge:
    """Add the households up; those without any amount on either side are left out."""
    bridges = [household_bridge(crossing) for crossing in crossings]
    listed = tuple(b for b in bridges if b.previous_fen or b.this_fen or b.steps)
    steps = tuple(
        BridgeStep(name, sum(bridge.steps.get(name, 0) for bridge in listed)) for name in STEPS
    )
    bridge = Bridge(
        run=run,
        previous=previous,
        previous_fen=sum(b.previous_fen for b in listed),
        steps=steps,
        this_fen=sum(b.this_fen for b in listed),
        households=listed,
    )
    assert bridge.rest_fen == 0, f"the bridge to {run} has a rest"
    return bridge
