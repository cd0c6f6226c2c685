"""The way that a case went: which states it came to, when, and how long it stood there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from relief.engine.cases import Case
from relief.engine.definitions.definition import LANGUAGES, Titles
from relief.engine.journal.passages import Passage, passages_of
from relief.engine.work import Work
from relief.kernel.text import Text, _
from relief.web.language import say
from relief.web.workflows.drawn import days_text


@dataclass(frozen=True)
class Stay:
    """A time in a state: by which step the case came there, when, and how many days it stood;
    `until` is None where it stands there still."""

    state: str
    step: Titles
    came_at: dt.datetime
    until: dt.datetime | None
    days: int


@dataclass(frozen=True)
class Walk:
    """All that a case went through, and the ways that it took: step, from where, to where."""

    stays: Sequence[Stay]
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
            yield days_text(sum(stay.days for stay in here))


def walk_of(work: Work, case: Case) -> Walk:
    """The way of a case, as its journal has it."""
    zone = work.clock.zone
    moves = [
        passage
        for passage in passages_of(work, case.kind.key, case.id)
        if passage.from_state != passage.to_state
    ]
    ends = [*(move.happened_at for move in moves[1:]), None]
    stays = [
        Stay(
            state=move.to_state,
            step=_title(case, move),
            came_at=move.happened_at,
            until=until,
            days=(
                work.clock.day_of(until or work.as_known_now())
                - work.clock.day_of(move.happened_at)
            ).days,
        )
        for move, until in zip(moves, ends, strict=True)
    ]
    ways = frozenset((move.action, move.from_state, move.to_state) for move in moves)
    is_over = case.machine.definition.state_by_id[case.state].final
    return Walk(stays, ways, zone, is_over)


def _title(case: Case, move: Passage) -> Titles:
    """The word for a step; of one that its workflow does not know any more, its name."""
    named = case.machine.definition.actions_named(move.action)
    return named[0].title if named else dict.fromkeys(LANGUAGES, move.action)
