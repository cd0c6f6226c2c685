"""Sentences in which nothing is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable

from relief.kernel.errors import Problem
from relief.kernel.text import Text

_PLACEHOLDER = re.compile(r"\{\w+\}")


def legible(text: Text | str) -> str:
    """The sentence in English; every value that it speaks of is there."""
    said = str(text)
    assert "None" not in said, said
    assert not _PLACEHOLDER.search(said), said
    return said


def codes_of(problems: Iterable[Problem]) -> list[str]:
    """What kinds of faults there are, each told in a whole sentence."""
    problems = list(problems)
    assert all(legible(problem.text) for problem in problems)
    return [problem.code for problem in problems]
