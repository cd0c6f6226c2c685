"""A use case as a part of a unit of work, and what is said when it is asked for a second time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from relief.engine.work import Work
from relief.typed.saving import saved_once
from tests.office import CHEN

Act = Callable[[Work, Path], str]
SAME_FILE, SAME_LIST, SAME_FORM = "the same file", "the same list", "the same form"
# It may be done as often as somebody likes, and is written down each time.
ANEW = "done anew"


@dataclass(frozen=True)
class UseCase:
    """`again` is the code of the refusal when it was done already, or what else is told then."""

    stage: str
    act: Act
    again: str


def once(act: Act) -> Act:
    """As a page does it: a form that is sent twice is saved once."""

    def saved(work: Work, folder: Path) -> str:
        made = saved_once(work, CHEN, "0" * 32, {}, lambda: act(work, folder))
        return made.reference if made.anew else SAME_FORM

    return saved
