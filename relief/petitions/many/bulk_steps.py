"""Which steps may be chosen for many cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from relief.engine.definitions.definition import Titles
from relief.engine.work import Work, Workflows
from relief.petitions.life.steps import STANDS_ELSEWHERE

# What these say is said of one case: another case, a person, who may see it, one of its papers.
SINGLY = frozenset({"merge", "identify", "name_readers"}) | STANDS_ELSEWHERE
_OFFERS_KEPT = 1024


@dataclass(frozen=True)
class OfferedStep:
    """A step that may be chosen for many, with its words in each kind of case; it starts in `count`
    of them."""

    action: str
    titles: tuple[Titles, ...]
    count: int


def steps_from(
    work: Work, places: Sequence[tuple[str, str]], roles: frozenset[str]
) -> list[OfferedStep]:
    """The steps that start in these places (kind and state), of today's workflows, for somebody of
    these roles, each name once; the ones by which the most of them go on come first. Left out are
    steps that say something of one case alone."""
    onward: Counter[str] = Counter()
    titles: dict[str, list[Titles]] = {}
    starts: Counter[str] = Counter()
    for (kind, state), count in Counter(places).items():
        leads = work.workflows.next_step(kind, state)
        onward[leads.id if leads else ""] += count
        for action, title in _offered(work.workflows, kind, state, roles):
            starts[action] += count
            named = titles.setdefault(action, [])
            if title not in named:
                named.append(title)
    first = sorted(titles, key=lambda action: -onward[action])
    return [OfferedStep(action, tuple(titles[action]), starts[action]) for action in first]


@lru_cache(_OFFERS_KEPT)
def _offered(
    workflows: Workflows, kind: str, state: str, roles: frozenset[str]
) -> list[tuple[str, Titles]]:
    """The steps that may be chosen for many in one place: asked for every list."""
    return [
        (action.id, action.title)
        for action in workflows.definitions[kind].actions_from(state)
        if roles & set(action.roles)
        and action.id not in SINGLY
        and not workflows.only_follows(action)
    ]
