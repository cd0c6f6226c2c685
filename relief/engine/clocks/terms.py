"""What a term is reckoned from, and what it comes to (values)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from relief.engine.definitions.definition import Term
from relief.kernel.text import Text

ONE_DAY = dt.timedelta(days=1)
# No term is longer than ten years (`TERM_DAYS_MAX`): a count that goes on for a hundred has met a
# calendar without working days.
DAYS_MAX = 36_600


@dataclass(frozen=True)
class Pause:
    """The clock stood still from one instant to another; still does, where there is no other."""

    from_at: dt.datetime
    until_at: dt.datetime | None = None


@dataclass(frozen=True)
class Course:
    """What a term is reckoned from: when it began, when the clock stood still (oldest first, not
    overlapping), and by how many days it was extended, each with the day of it."""

    started_at: dt.datetime
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[tuple[dt.date, int], ...] = ()

    @property
    def paused_at(self) -> dt.datetime | None:
        """Since when the clock stands still; None where it runs."""
        standing = [pause.from_at for pause in self.pauses if pause.until_at is None]
        return standing[0] if standing else None


@dataclass(frozen=True)
class Reckoned:
    """What a term comes to. While the clock stands still there is no due day, but what is left:
    days, of a term of hours minutes. `provisional`: a year on the way is not announced yet."""

    term: Term
    started_on: dt.date
    nominal_on: dt.date | None
    due_on: dt.date | None
    due_at: dt.datetime | None
    provisional: bool
    paused_on: dt.date | None
    left: int
    lines: tuple[Text, ...]

    @property
    def paused(self) -> bool:
        """True while the clock stands still."""
        return self.due_at is None

    def has_run(self, at: dt.datetime) -> bool:
        """True where the whole term lies before an instant."""
        return has_run(self.due_at, at)


def has_run(due_at: dt.datetime | None, at: dt.datetime) -> bool:
    """True where a term that ends at `due_at` (None: no clock runs) lies before an instant. Days do
    not say so: a term of hours ends within one."""
    return due_at is not None and due_at <= at


def end_of(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    """The midnight at which a day of the office ends."""
    return dt.datetime.combine(day + ONE_DAY, dt.time(), zone).astimezone(dt.UTC)
