"""What may be done with a case, as its page offers it: by who signed in, as themself or for whom
they act: the step that leads on, then other ways, then what leaves the case where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from relief.engine.actors import Actor
from relief.engine.cases import Case
from relief.engine.definitions.definition import Action, Titles
from relief.engine.step import Choice, Refusal
from relief.engine.steps.recusal import recused
from relief.engine.steps.standing import choices_of
from relief.engine.work import Work
from relief.petitions.life.steps import STANDS_ELSEWHERE

# What is said against every step to who stands aside.
_ASIDE = "step.recused"
_LATE = "step.too_late"
# A step that is about somebody who stands aside.
_OF_WHO_STANDS_ASIDE = frozenset({"end_recusal"})
# The roles that steps are for, and the people whom a refusal names.
_Others = tuple[tuple[str, ...], tuple[Actor, ...], tuple[Actor, ...]]


@dataclass(frozen=True)
class Offer:
    """A step: as whom it may be taken ("" is themself; nobody: it is not open), and everything that
    stands against it where it is not."""

    action: Action
    acting: tuple[str, ...]
    refusals: tuple[Refusal, ...]
    may_be_lifted: bool = False

    @property
    def is_open(self) -> bool:
        """True where the form can be opened and sent."""
        return bool(self.acting) or self.may_be_lifted

    @property
    def is_late(self) -> bool:
        """True where nothing stands against it but that its time has run: what happened in time may
        still be entered, with its day."""
        return {refusal.problem.code for refusal in self.refusals} == {_LATE}


@dataclass(frozen=True)
class ForOthers:
    """Steps that nothing stands against but that they are for another role, and who could take
    them; `unseeing` as of a refusal."""

    titles: tuple[Titles, ...]
    roles: tuple[str, ...]
    who: tuple[Actor, ...]
    unseeing: tuple[Actor, ...]


@dataclass(frozen=True)
class Offers:
    """The steps that start here: `lead` leads on to the end; `other_ways` lead elsewhere, or move
    the deadline; `beside` leave the case where it stands; `closed` are not open to this reader."""

    lead: Offer | None
    other_ways: tuple[Offer, ...]
    beside: tuple[Offer, ...]
    closed: tuple[Offer, ...]

    @property
    def any_open(self) -> bool:
        """True where this reader may take a step."""
        return bool(self.other_ways or self.beside) or bool(self.lead and self.lead.is_open)

    def named(self, action: str) -> Offer | None:
        """The step of this name."""
        every = (*((self.lead,) if self.lead else ()), *self.other_ways, *self.beside, *self.closed)
        return next((offer for offer in every if offer.action.id == action), None)

    @property
    def for_others(self) -> list[ForOthers]:
        """Of those that are closed the ones that are for another role alone, by those who could
        take them."""
        found: dict[_Others, list[Titles]] = {}
        for offer in filter(_for_others, self.closed):
            key = (offer.action.roles, offer.refusals[0].who, offer.refusals[0].unseeing)
            found.setdefault(key, []).append(offer.action.title)
        return [ForOthers(tuple(titles), *key) for key, titles in found.items()]

    @property
    def refused(self) -> list[Offer]:
        """Of those that are closed the others: something about the case stands against them, or
        about who reads this."""
        refused = (offer for offer in self.closed if not _for_others(offer))
        return [offer for offer in map(_but_aside, refused) if offer.refusals]

    @property
    def lead_refusals(self) -> tuple[Refusal, ...]:
        """What stands against the step that leads on."""
        return _but_aside(self.lead).refusals if self.lead else ()

    @property
    def aside(self) -> Refusal | None:
        """That who reads this stands aside, which stands against every step: said once."""
        every = (*((self.lead,) if self.lead else ()), *self.closed)
        found = (each for offer in every for each in offer.refusals)
        return next((each for each in found if each.problem.code == _ASIDE), None)


def offers_of(
    work: Work, case: Case, identities: Sequence[Actor], own: Sequence[Choice] | None = None
) -> Offers:
    """What is offered to somebody: as themself (the first of `identities`; `own` are their choices
    where they are known already) and for each for whom they act. Steps that only follow by
    themselves are left out."""
    others = identities[1:] if own is not None else identities
    chosen = [own] if own is not None else []
    if others:
        at = work.as_known_now()
        chosen += [choices_of(work, case, each, at) for each in others]
    names = [each.on_behalf_of or "" for each in identities]
    aside = recused(work, case.kind.key, case.id)
    left_out = STANDS_ELSEWHERE if aside else STANDS_ELSEWHERE | _OF_WHO_STANDS_ASIDE
    offers = [
        _offer(names, same)
        for same in zip(*chosen, strict=True)
        if same[0].by_itself and same[0].action.id not in left_out
    ]
    onward = _onward(work, case, offers)
    rest = [offer for offer in offers if offer.action is not onward]
    return Offers(
        lead=next((offer for offer in offers if offer.action is onward), None),
        other_ways=tuple(each for each in rest if each.is_open and _leads_elsewhere(each.action)),
        beside=tuple(each for each in rest if each.is_open and not _leads_elsewhere(each.action)),
        closed=tuple(each for each in rest if not each.is_open),
    )


def _onward(work: Work, case: Case, offers: Sequence[Offer]) -> Action | None:
    """The step that leads on. Where something about the case stands against it (what was refused is
    not carried out), the first that is open and leads farther along the line; else the first that
    nothing but who reads this stands against: it is for somebody else."""
    definition = case.machine.definition
    onward = work.workflows.leads_on(definition, case.state)
    refusals = [r for each in offers if each.action is onward for r in each.refusals]
    if onward is None or not any(not each.personal for each in refusals):
        return onward
    line = work.workflows.line(definition, onward.to)
    farther = [each for each in offers if each.action.to in line]
    theirs = (each.action for each in farther if each.is_open)
    others = (each.action for each in farther if all(r.personal for r in each.refusals))
    return next(theirs, next(others, onward))


def _offer(names: Sequence[str], same: Sequence[Choice]) -> Offer:
    acting = tuple(name for name, choice in zip(names, same, strict=True) if choice.allowed)
    action, refusals = same[0].action, () if acting else same[0].refusals
    codes = {refusal.problem.code for refusal in refusals}
    return Offer(action, acting, refusals, action.overridable and codes == {"step.kept_apart"})


def _but_aside(offer: Offer) -> Offer:
    left = tuple(each for each in offer.refusals if each.problem.code != _ASIDE)
    return replace(offer, refusals=left)


def _for_others(offer: Offer) -> bool:
    return [refusal.problem.code for refusal in offer.refusals] == ["step.role"]


def _leads_elsewhere(action: Action) -> bool:
    return bool(action.to or action.extends_days)
