"""Office hours: the intervals of a worked day, in minutes from midnight (1440 is its end)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from relief.kernel.errors import Invalid, Problem
from relief.kernel.text import _

MINUTES_A_DAY = 1_440
Hours = tuple[tuple[int, int], ...]
DEFAULT_HOURS: Hours = ((510, 720), (840, 1_050))  # 08:30-12:00 14:00-17:30
_INTERVAL = re.compile(
    r"(\d{1,2})[:：]([0-5]\d)\s*[-－–—~～至]\s*(\d{1,2})[:：]([0-5]\d)", re.ASCII
)


def parse_hours(words: Sequence[str]) -> Hours:
    """Office hours as people write them: 08:30-12:00 14:00-17:30. Every fault at once."""
    problems: list[Problem] = []
    hours = []
    for word in words:
        match = _INTERVAL.fullmatch(word.strip())
        if match is None:
            text = _(
                '"{text}" is no interval of a day; write it as 08:30-12:00 (until 24:00 at most).',
                text=word[:40],
            )
            problems.append(Problem("hours.unreadable", text, "hours"))
        else:
            first, past_first, last, past_last = map(int, match.groups())
            hours.append((first * 60 + past_first, last * 60 + past_last))
    problems += hours_problems(hours) if not problems else []
    if problems:
        raise Invalid(problems)
    return tuple(hours)


def hours_problems(hours: Sequence[tuple[int, int]]) -> list[Problem]:
    """What is wrong with office hours: none at all, beyond the day, backwards, out of order."""
    if not hours:
        text = _("An office without hours is never open; give at least one interval.")
        return [Problem("hours.none", text, "hours")]
    problems = [
        Problem(
            "hours.interval",
            _(
                "{interval} is no interval of a day: it has to end after it begins, within 00:00 "
                "and 24:00.",
                interval=_shown(start, end),
            ),
            "hours",
        )
        for start, end in hours
        if not 0 <= start < end <= MINUTES_A_DAY
    ]
    for before, after in pairwise(hours):
        if after[0] < before[1]:
            text = _(
                "{after} begins before {before} has ended; give the intervals in their order, "
                "without an overlap.",
                before=_shown(*before),
                after=_shown(*after),
            )
            problems.append(Problem("hours.order", text, "hours"))
    return problems


def format_hours(hours: Hours) -> str:
    """Office hours as `parse_hours` reads them."""
    return " ".join(_shown(start, end) for start, end in hours)


def _shown(start: int, end: int) -> str:
    return f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"
