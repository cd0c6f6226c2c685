"""Time. Nothing else reads the system clock.

Business time may be rehearsed (a database remembers that it is a rehearsal); what
protects people (sessions, throttles) always takes the real clock.
"""

from __future__ import annotations

import datetime as dt
import time
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """What tells business time.

    `behind_max`: by how much it may stand behind what was recorded last; None where a database may
    lead it (a rehearsal's clock is put forward by whoever comes first).
    """

    behind_max: dt.timedelta | None

    @property
    def zone(self) -> ZoneInfo:
        """The office's time zone."""

    def now(self) -> dt.datetime:
        """The instant, aware, in UTC."""

    def today(self) -> dt.date:
        """The office's calendar date."""

    def day_of(self, instant: dt.datetime) -> dt.date:
        """The office's calendar date at an instant."""


class SystemClock:
    """Business time is real time.

    Five minutes behind the last record are taken: machines that share a server differ by seconds,
    and a time service sets a clock right by less; the order of record holds all the same. More
    means that somebody set the clock, and that "today" may be another day.
    """

    behind_max: dt.timedelta | None = dt.timedelta(minutes=5)

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone

    def now(self) -> dt.datetime:
        """The instant, aware, in UTC."""
        return dt.datetime.now(dt.UTC)

    def today(self) -> dt.date:
        """The office's calendar date."""
        return self.day_of(self.now())

    def day_of(self, instant: dt.datetime) -> dt.date:
        """The office's calendar date at an instant."""
        return instant.astimezone(self.zone).date()


class RehearsalClock:
    """Business time runs on from an instant that was set; it can be put forward, never back."""

    behind_max: dt.timedelta | None = None

    def __init__(self, start: dt.datetime, zone: ZoneInfo) -> None:
        assert start.tzinfo is not None
        self.zone = zone
        self._start = start.astimezone(dt.UTC)
        self._began = time.monotonic_ns()

    def now(self) -> dt.datetime:
        """The instant, aware, in UTC."""
        elapsed = dt.timedelta(microseconds=(time.monotonic_ns() - self._began) // 1000)
        return self._start + elapsed

    def today(self) -> dt.date:
        """The office's calendar date."""
        return self.day_of(self.now())

    def day_of(self, instant: dt.datetime) -> dt.date:
        """The office's calendar date at an instant."""
        return instant.astimezone(self.zone).date()

    def put_forward(self, instant: dt.datetime) -> None:
        """Go on from a later instant; an earlier one changes nothing."""
        if instant > self.now():
            self._start = instant.astimezone(dt.UTC)
            self._began = time.monotonic_ns()


def monotonic_s() -> float:
    """Real seconds from some beginning, which nobody sets back: for how long something takes."""
    return time.monotonic()


class Pace:
    """Lets one pass, then nobody for so many seconds: for what is looked at now and then."""

    def __init__(self, seconds: float) -> None:
        self._every = int(seconds * 1_000_000_000)
        self._next = time.monotonic_ns() + self._every

    def is_due(self) -> bool:
        """True for the first who asks when it is time again."""
        now = time.monotonic_ns()
        if now < self._next:
            return False
        self._next = now + self._every
        return True
