"""Outliers: which of many cases do not go with the others, and why (pure).

What many cases are sent at once is looked at once; so whatever of one of them wants a look of its
own is taken out, with every reason, and its step is taken singly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from relief.engine.definitions.definition import Titles
from relief.kernel.errors import Problem
from relief.kernel.money import Fen, format_yuan
from relief.kernel.text import _

# Of fewer amounts nobody can say what is usual.
AMOUNTS_MIN = 3
# How many times the median, or a part of it, is far away.
TIMES_FAR = 3
# How many median distances (MAD) are far away; and the least that counts: a quarter of the median.
DISTANCES_FAR, PART_COUNTED = 5, 4


@dataclass(frozen=True)
class Place:
    """Where a case stands: its kind, the version of its workflow, its state; the words for them."""

    kind: str
    definition_sha256: str
    state: str
    kind_title: Titles
    state_title: Titles

    @property
    def key(self) -> tuple[str, str, str]:
        """What has to be the same for cases that go together."""
        return self.kind, self.definition_sha256, self.state


@dataclass(frozen=True)
class Looked:
    """What is looked at of a case. `starts` is whether the step starts where it stands, `refusals`
    all that stands against it; `amount_fen` the amount that it is about, where there is one;
    `nobody_told` that the step asks for a notice to a petitioner whom nobody knows;
    `granted` what is to be known of the same person's or household's other grants."""

    reference: str
    place: Place
    starts: bool
    refusals: tuple[Problem, ...] = ()
    amount_fen: Fen | None = None
    overdue: bool = False
    awaits_papers: bool = False
    urgent: bool = False
    collective: bool = False
    restricted: bool = False
    nobody_told: bool = False
    granted: tuple[Problem, ...] = ()


def usual_place(cases: Sequence[Looked]) -> Place | None:
    """Where most of those stand in which the step starts (of as many the first); None where it
    starts in none."""
    places = {each.place.key: each.place for each in reversed(cases) if each.starts}
    counted = Counter(each.place.key for each in cases if each.starts)
    return places[counted.most_common(1)[0][0]] if counted else None


def reasons_of(cases: Sequence[Looked], *, leads_on: bool) -> dict[str, tuple[Problem, ...]]:
    """Why each case is to be looked at by itself, by its number; nothing where it goes with the
    others. A step that leaves cases where they stand (not `leads_on`: a note, another case worker)
    asks no more of what is overdue, urgent or collective than of others."""
    usual = usual_place(cases)
    alike = {each.reference: each.amount_fen for each in cases
             if each.amount_fen is not None and usual and each.place.key == usual.key}  # fmt: skip
    far = far_amounts(alike)
    return {
        each.reference: (
            *each.refusals,
            *_elsewhere(each, usual),
            *_amount(each, far),
            *each.granted,
            *_special(each, usual, leads_on=leads_on),
        )
        for each in cases
    }


def far_amounts(amounts: Mapping[str, Fen]) -> dict[str, Fen]:
    """The amounts that are far from the others, each with the median: more than three times the
    median, or less than a third of it; or farther from it than five times the median distance, and
    more than a quarter of it. Of fewer than three amounts none is."""
    if len(amounts) < AMOUNTS_MIN:
        return {}
    middle = median(amounts.values())
    distance = median(abs(amount - middle) for amount in amounts.values())

    def is_far(amount: Fen) -> bool:
        if amount > TIMES_FAR * middle or amount * TIMES_FAR < middle:
            return True
        away = abs(amount - middle)
        return distance > 0 and away > DISTANCES_FAR * distance and away * PART_COUNTED > middle

    return {reference: round(middle) for reference, amount in amounts.items() if is_far(amount)}


def _elsewhere(case: Looked, usual: Place | None) -> Iterator[Problem]:
    if usual is None or case.place.key == usual.key:
        return
    if case.place.kind != usual.kind:
        text = _(
            "It is of another kind, {kind}; those that go together here are {usual}.",
            kind=case.place.kind_title,
            usual=usual.kind_title,
        )
        yield Problem("bulk.kind", text)
    elif case.place.state != usual.state and case.starts:
        text = _(
            'It stands at "{state}"; most stand at "{usual}".',
            state=case.place.state_title,
            usual=usual.state_title,
        )
        yield Problem("bulk.state", text)
    elif case.place.state == usual.state:
        text = _("It began under another version of the workflow than most.")
        yield Problem("bulk.version", text)


def _amount(case: Looked, far: Mapping[str, Fen]) -> Iterator[Problem]:
    if case.reference in far and case.amount_fen is not None:
        text = _(
            "The amount is far from the others: {amount} yuan; the median of those that stand "
            "together is {median} yuan.",
            amount=format_yuan(case.amount_fen, grouped=True),
            median=format_yuan(far[case.reference], grouped=True),
        )
        yield Problem("bulk.amount", text)


def _special(case: Looked, usual: Place | None, *, leads_on: bool) -> Iterator[Problem]:
    if case.awaits_papers and not (usual and usual.key == case.place.key):
        yield Problem("bulk.papers", _("Papers are still missing."))
    if case.restricted:
        yield Problem("bulk.restricted", _("It is restricted."))
    if case.nobody_told:
        text = _("The petitioner is not known, and nobody is told in writing.")
        yield Problem("bulk.nobody_told", text)
    if not leads_on:
        return
    if case.overdue:
        yield Problem("bulk.overdue", _("It is overdue."))
    if case.urgent:
        yield Problem("bulk.urgent", _("It is urgent."))
    if case.collective:
        yield Problem("bulk.collective", _("It is a collective matter."))
