"""Which steps may be chosen for many cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from relief.engine.definitions.definition import Action, Titles
from relief.engine.work import Work, Workflows
from relief.petitions.life.steps import STANDS_ELSEWHERE

# What these say is said of one case: another case, a person, who may see it, one of its papers.
SINGLY = frozenset({"merge", "identify", "name_readers"}) | STANDS_ELSEWHERE
_OFFERS_KEPT = 1024


class Row(NamedTuple):
    """A case of a list by where it stands. `singly`: it goes with others by no step, as is known
    beforehand; `looked_at`: by none that leads it on."""

    kind: str
    state: str
    singly: bool = False
    looked_at: bool = False


@dataclass(frozen=True)
class OfferedStep:
    """A step that may be chosen for many, with its words in each kind of case; `count` of them are
    all that may go together, by what is known beforehand."""

    action: str
    titles: tuple[Titles, ...]
    count: int


def steps_from(work: Work, rows: Sequence[Row], roles: frozenset[str]) -> list[OfferedStep]:
    """The steps that start where these cases stand, of today's workflows, for somebody of
    these roles, each name once; the ones by which the most of them go on come first. Left out are
    steps that say something of one case alone."""
    onward: Counter[str] = Counter()
    titles: dict[str, list[Titles]] = {}
    starts: Counter[str] = Counter()
    for row, count in Counter(rows).items():
        leads = work.workflows.next_step(row.kind, row.state)
        onward[leads.id if leads else ""] += count
        for action in _offered(work.workflows, row.kind, row.state, roles):
            apart = row.singly or (row.looked_at and action.to not in ("", row.state))
            starts[action.id] += 0 if apart else count
            named = titles.setdefault(action.id, [])
            if action.title not in named:
                named.append(action.title)
    first = sorted(titles, key=lambda action: -onward[action])
    return [OfferedStep(action, tuple(titles[action]), starts[action]) for action in first]


@lru_cache(_OFFERS_KEPT)
def _offered(workflows: Workflows, kind: str, state: str, roles: frozenset[str]) -> list[Action]:
    """The steps that may be chosen for many in one place: asked for every list."""
    return [
        action
        for action in workflows.definitions[kind].actions_from(state)
        if roles & set(action.roles)
        and action.id not in SINGLY
        and not workflows.only_follows(action)
    ]
