"""The steps that may be chosen for many cases, as options of a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from relief.engine.work import Work
from relief.kernel.text import _
from relief.petitions.many.bulk_steps import OfferedStep, Row, steps_from
from relief.web.language import say

# A step that is called otherwise in each kind of case is told by so many of its names.
_NAMES_TOLD = 2


def step_options(
    work: Work,
    rows: Sequence[Row],
    roles: frozenset[str],
    counts: Mapping[str, int] | None = None,
) -> list[tuple[str, str]]:
    """The steps that start in these cases for somebody of these roles; of one by which not all of
    them go together by how many they do, where that is known (`counts`), else how many at most."""
    return [
        (step.action, _counted(step, len(rows), counts)) for step in steps_from(work, rows, roles)
    ]


def _counted(step: OfferedStep, of: int, counts: Mapping[str, int] | None) -> str:
    title = _told([say(each) for each in step.titles])
    count = step.count if counts is None else counts.get(step.action, 0)
    if count == of:
        return title
    if counts is None:
        return say(_("{step} (at most {count})", step=title, count=count))
    return say(_("{step} ({count} of {all} go together)", step=title, count=count, all=of))


def _told(names: list[str]) -> str:
    said = " / ".join(names[:_NAMES_TOLD])
    return f"{said} …" if len(names) > _NAMES_TOLD else said
