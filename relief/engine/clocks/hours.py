"""Terms of working hours: the office's hours of worked days, less the pauses. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from relief.engine.clocks.days import TermOfDays
from relief.engine.clocks.terms import DAYS_MAX, ONE_DAY, Pause, Reckoned, end_of
from relief.kernel.text import Text, _

HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)
Stretch = tuple[dt.datetime, dt.datetime]


class TermOfHours(TermOfDays):
    """A term of working hours: the office's hours of worked days, less the pauses."""

    def reckoned(self) -> Reckoned:
        """Count to the end, or to where the clock stands still."""
        left = HOUR * self.term.hours
        lines: list[Text] = []
        for day, stretches in self._worked(self.course.paused_at):
            worked = sum((last - first for first, last in stretches), dt.timedelta())
            if worked >= left:
                due_at = _after(stretches, left)
                lines.append(self._counted_line(day, stretches, due_at))
                return self._hours_reckoned(due_at, dt.timedelta(), lines)
            if worked:
                left -= worked
                lines.append(self._counted_line(day, stretches, stretches[-1][1]))
        words = {"day": self.paused_on, "hours": left // HOUR, "minutes": left % HOUR // MINUTE}
        text = _("the clock stands still since {day}: {hours} h {minutes} min left", **words)
        return self._hours_reckoned(None, left, [*lines, text])

    def _hours_reckoned(
        self, due_at: dt.datetime | None, left: dt.timedelta, lines: Sequence[Text]
    ) -> Reckoned:
        due_on = self.day_of(due_at) if due_at else None
        heading = _("from {instant}: {hours} working hours", **self._words())
        return Reckoned(
            term=self.term,
            started_on=self.started_on,
            nominal_on=due_on,
            due_on=due_on,
            due_at=due_at,
            provisional=self.provisional,
            paused_on=None if due_at else self.paused_on,
            left=left // MINUTE,
            lines=(heading, *lines, *self._doubt()),
        )

    def _words(self) -> dict[str, object]:
        local = self.course.started_at.astimezone(self.zone)
        return {"instant": f"{local:%Y-%m-%d %H:%M}", "hours": self.term.hours}

    def _worked(self, until: dt.datetime | None) -> Iterator[tuple[dt.date, list[Stretch]]]:
        """Day by day, the stretches that count, up to where the clock stands still."""
        for offset in range(DAYS_MAX):
            day = self.started_on + ONE_DAY * offset
            if until is not None and day > self.day_of(until):
                return
            if self._is_worked(day):
                yield day, list(self._stretches(day, until))
        raise AssertionError("a term that does not end")

    def _stretches(self, day: dt.date, until: dt.datetime | None) -> Iterator[Stretch]:
        for first_minute, last_minute in self.calendar.intervals:
            first = max(_instant(day, first_minute, self.zone), self.course.started_at)
            last = _instant(day, last_minute, self.zone)
            last = min(last, until) if until else last
            yield from _without(first, last, self.course.pauses)

    def _counted_line(self, day: dt.date, stretches: list[Stretch], until: dt.datetime) -> Text:
        """One day of the sum: which stretches of it count."""
        spans = [
            f"{first.astimezone(self.zone):%H:%M}-{min(last, until).astimezone(self.zone):%H:%M}"
            for first, last in stretches
            if first < until
        ]
        return _("{day}: {spans}", day=day, spans=spans)


def _instant(day: dt.date, minute: int, zone: ZoneInfo) -> dt.datetime:
    """A minute of the office's day; 1440 is the midnight at its end."""
    if minute == 1440:
        return end_of(day, zone)
    clock = dt.time(minute // 60, minute % 60)
    return dt.datetime.combine(day, clock, zone).astimezone(dt.UTC)


def _without(first: dt.datetime, last: dt.datetime, pauses: Sequence[Pause]) -> Iterator[Stretch]:
    """What is left of a stretch when the pauses are taken out."""
    for pause in pauses:
        if pause.until_at is None or pause.until_at <= first:
            continue
        if first < min(pause.from_at, last):
            yield first, min(pause.from_at, last)
        first = max(first, pause.until_at)
    if first < last:
        yield first, last


def _after(stretches: Sequence[Stretch], left: dt.timedelta) -> dt.datetime:
    """The instant at which so much of the stretches is over."""
    (first, last), *later = stretches
    if left <= last - first:
        return first + left
    return _after(later, left - (last - first))
