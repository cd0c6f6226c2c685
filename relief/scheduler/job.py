"""What a job is: a name, the periods whose day has come, and what is done for one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from relief.bootstrap import Relief
from relief.engine.work import Work
from relief.kernel.settings import Settings
from relief.kernel.text import Text


def always_due(_work: Work, _period: str) -> bool:
    """A job that has something to do in every period."""
    return True


def always_on(_settings: Settings) -> bool:
    """A job that no setting switches off."""
    return True


@dataclass(frozen=True)
class Apart:
    """A way to do what takes long and writes nothing into the tables: without the lock, before the
    diary has it. Two schedulers may do it at once, so that it comes to the same both times. None:
    there was nothing (any more), and the diary says nothing of it."""

    do: Callable[[Relief, str], Text | None]


@dataclass(frozen=True)
class Job:
    """One job, done once a period (`job_run`). Four questions, asked in this order:

    - `is_on`: is it a job of this office? One that is switched off is not looked at, and what it
      had failed at is told no more.
    - `periods`: which have come, oldest first, done ones too; it costs next to nothing. The lists
      name every quarter since go-live, so that none is missed while the program did not run; the
      others name the day or the month that it is: what they find then covers what an earlier one
      would have found.
    - `is_due`: is there anything to do for a period that was not done? It asks the tables, with a
      limit, before the lock is taken and once more under it.
    - `do`: what is done, and what is said of it; within the unit of work that notes it in the diary
      (whole or not at all), or `Apart`.

    `failed` is said where it failed (`{period}`, `{reason}`).
    """

    key: str
    periods: Callable[[Work], Iterable[str]]
    do: Callable[[Work, str], Text] | Apart
    failed: Text
    is_due: Callable[[Work, str], bool] = always_due
    is_on: Callable[[Settings], bool] = always_on


@dataclass(frozen=True)
class Due:
    """One job for one period, whose day has come."""

    job: str
    period: str


def today(work: Work) -> list[str]:
    """The period of what is done once a day."""
    return [work.today.isoformat()]
