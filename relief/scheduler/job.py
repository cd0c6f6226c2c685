"""What a job is: a name, the periods whose day has come, and what is done for one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from relief.engine.work import Work
from relief.kernel.text import Text


@dataclass(frozen=True)
class Job:
    """One job, done once a period (`job_run`).

    `periods` reads from the tables which periods have come, oldest first, done ones too: nothing
    is missed while the program did not run. `do` works inside the caller's unit of work and says
    what was done. `failed` is said where it failed (`{period}`, `{reason}`).
    """

    key: str
    periods: Callable[[Work], Iterable[str]]
    do: Callable[[Work, str], Text]
    failed: Text


@dataclass(frozen=True)
class Due:
    """One job for one period, whose day has come."""

    job: str
    period: str
