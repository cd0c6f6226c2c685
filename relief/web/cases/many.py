"""The steps that may be chosen for many cases, as options of a form."""

from __future__ import annotations

from collections.abc import Sequence

from relief.engine.work import Work
from relief.kernel.text import _
from relief.petitions.many.bulk_steps import OfferedStep, steps_from
from relief.web.language import say

# A step that is called otherwise in each kind of case is told by so many of its names.
_NAMES_TOLD = 2


def step_options(
    work: Work, places: Sequence[tuple[str, str]], roles: frozenset[str]
) -> list[tuple[str, str]]:
    """The steps that start in these places (kind and state) for somebody of these roles; of one
    that starts in some of them alone, in how many."""
    return [
        (step.action, _counted(_told([say(title) for title in step.titles]), step, len(places)))
        for step in steps_from(work, places, roles)
    ]


def _counted(title: str, step: OfferedStep, of: int) -> str:
    if step.count == of:
        return title
    return say(_("{step} (starts in {count} of {all})", step=title, count=step.count, all=of))


def _told(names: list[str]) -> str:
    said = " / ".join(names[:_NAMES_TOLD])
    return f"{said} …" if len(names) > _NAMES_TOLD else said
