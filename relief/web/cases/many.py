"""The steps that may be chosen for many cases, as options of a form."""

from __future__ import annotations

from collections.abc import Sequence

from relief.engine.work import Work
from relief.petitions.bulk_steps import steps_from
from relief.web.language import say

# A step that is called otherwise in each kind of case is told by so many of its names.
_NAMES_TOLD = 2


def step_options(
    work: Work, places: Sequence[tuple[str, str]], roles: frozenset[str]
) -> list[tuple[str, str]]:
    """The steps that start in these places (kind and state) for somebody of these roles."""
    return [(step.action, _told([say(title) for title in step.titles]))
            for step in steps_from(work, places, roles)]  # fmt: skip


def _told(names: list[str]) -> str:
    said = " / ".join(names[:_NAMES_TOLD])
    return f"{said} …" if len(names) > _NAMES_TOLD else said
