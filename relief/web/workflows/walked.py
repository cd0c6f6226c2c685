"""The way that a case went: which states it came to, when, and how long it stood there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from relief.engine.cases import Case
from relief.engine.definitions.definition import LANGUAGES, Titles
from relief.engine.journal.passages import passages_of
from relief.engine.work import Work
from relief.flows.stays import TENTHS, Stay, moves_of, stays_in
from relief.kernel.text import Text, _
from relief.web.language import say
from relief.web.workflows.drawn import days_text


@dataclass(frozen=True)
class Walk:
    """All that a case went through, by which steps (a title for each stay), and the ways that it
    took: step, from where, to where."""

    stays: Sequence[Stay]
    steps: Sequence[Titles]
    ways: frozenset[tuple[str, str, str]]
    zone: dt.tzinfo
    is_over: bool

    @property
    def states(self) -> frozenset[str]:
        """Where it has been."""
        return frozenset(stay.state for stay in self.stays)

    def notes(self) -> dict[str, Sequence[str]]:
        """What stands below the titles of states: when the case came there last, how often, and how
        many days it stood there in all."""
        return {state: [say(line) for line in self._told(state)] for state in self.states}

    def _told(self, state: str) -> Iterator[Text]:
        here = [stay for stay in self.stays if stay.state == state]
        yield _("since {day}", day=here[-1].came_at.astimezone(self.zone).date())
        if len(here) > 1:
            yield _("{count} times", count=len(here))
        if here[-1].until or not self.is_over:
            yield days_text(sum(stay.tenths for stay in here) / TENTHS)


def walk_of(work: Work, case: Case) -> Walk:
    """The way of a case, as its journal has it."""
    passages = passages_of(work, case.kind.key, case.id)
    stays = stays_in(passages, work.as_known_now())
    ways = frozenset((move.action, move.from_state, move.to_state) for move in moves_of(passages))
    is_over = case.machine.definition.state_by_id[case.state].final
    return Walk(
        stays=stays,
        steps=[_title(case, stay.action) for stay in stays],
        ways=ways,
        zone=work.clock.zone,
        is_over=is_over,
    )


def _title(case: Case, action: str) -> Titles:
    """The word for a step; of one that its workflow does not know any more, its name."""
    named = case.machine.definition.actions_named(action)
    return named[0].title if named else dict.fromkeys(LANGUAGES, action)
