"""By when, and not before when: the arithmetic of terms. Pure: no clock is read, no table.

A term is so many days, or so many working hours (a workflow's file says it). Days are counted
without the first, as 民法典 article 201 has it; a last day that is not worked may roll (article
203). The last day ends at midnight.

While a case stands in a state that pauses the clock, nothing is counted. Of days, that is every
day at whose end the case was paused: a pause from Monday to Wednesday takes out two, one that
begins and ends on the same day takes out none. Of hours, it is the hours.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from relief.engine.calendar import WorkingCalendar
from relief.engine.definitions.definition import Term
from relief.kernel.text import Text, _

ONE_DAY = dt.timedelta(days=1)
HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)
Stretch = tuple[dt.datetime, dt.datetime]
# Nobody waits ten years: a count that goes on so long has met a calendar without working days.
_DAYS_MAX = 3_660


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
        return self.due_at is not None and at >= self.due_at


def reckon(term: Term, course: Course, calendar: WorkingCalendar, zone: ZoneInfo) -> Reckoned:
    """Count a term to its end, and write the arithmetic down line by line."""
    return (_Hours if term.hours else _Days)(term, course, calendar, zone).reckoned()


class _Days:
    """A term of days."""

    def __init__(
        self, term: Term, course: Course, calendar: WorkingCalendar, zone: ZoneInfo
    ) -> None:
        self.term, self.course, self.calendar, self.zone = term, course, calendar, zone
        self.provisional = False
        self.started_on = self.day_of(course.started_at)
        paused_at = course.paused_at
        self.paused_on = self.day_of(paused_at) if paused_at else None
        self.skipped: list[tuple[dt.date, dt.date]] = [
            (self.day_of(pause.from_at), self.day_of(pause.until_at))
            for pause in course.pauses
            if pause.until_at is not None
        ]

    def day_of(self, instant: dt.datetime) -> dt.date:
        return instant.astimezone(self.zone).date()

    @property
    def length(self) -> int:
        return self.term.days + sum(days for _on, days in self.course.extensions)

    def reckoned(self) -> Reckoned:
        if self.paused_on is not None:
            before = list(self._counted_days(self.paused_on - ONE_DAY))
            if len(before) < self.length:  # else it had run already when the clock stopped
                return self._stopped(self.paused_on, len(before))
        nominal_on = self._counted_to_the_end()
        due_on = self._rolled(nominal_on)
        return Reckoned(
            term=self.term,
            started_on=self.started_on,
            nominal_on=nominal_on,
            due_on=due_on,
            due_at=end_of(due_on, self.zone),
            provisional=self.provisional,
            paused_on=None,
            left=0,
            lines=(*self._beginning(), *self._end(nominal_on, due_on), *self._doubt()),
        )

    def _stopped(self, paused_on: dt.date, counted: int) -> Reckoned:
        """The clock stands still: the days before count, that of the pause does not."""
        left = self.length - counted
        words = {"day": paused_on, "counted": counted, "left": left}
        standing = _("the clock stands still since {day}: {counted} counted, {left} left", **words)
        return Reckoned(
            term=self.term,
            started_on=self.started_on,
            nominal_on=None,
            due_on=None,
            due_at=None,
            provisional=self.provisional,
            paused_on=paused_on,
            left=left,
            lines=(*self._beginning(), standing, *self._doubt()),
        )

    def _counted_to_the_end(self) -> dt.date:
        last = self.started_on
        for count, day in enumerate(self._counted_days(None), start=1):
            last = day
            if count == self.length:
                break
        return last

    def _counted_days(self, until: dt.date | None) -> Iterator[dt.date]:
        """The days after the first that count, one after the other."""
        for offset in range(1, _DAYS_MAX):
            day = self.started_on + ONE_DAY * offset
            if until is not None and day > until:
                return
            if any(first <= day < last for first, last in self.skipped):
                continue
            if self.term.counting == "working" and not self._is_worked(day):
                continue
            yield day
        raise AssertionError("a term that does not end")

    def _is_worked(self, day: dt.date) -> bool:
        judged = self.calendar.is_working_day(day)
        self.provisional = self.provisional or judged.provisional
        return judged.is_worked

    def _rolled(self, day: dt.date) -> dt.date:
        if self.term.roll == "none":
            return day
        roll = self.calendar.roll_back
        found = roll(day) if self.term.roll == "back" else self.calendar.roll_forward(day)
        self.provisional = self.provisional or found.provisional
        return found.day

    def _beginning(self) -> Iterator[Text]:
        yield _("from {day}, which is not counted itself", day=self.started_on)
        if self.term.counting == "working":
            yield _("+ {days} working days", days=self.term.days)
        else:
            yield _("+ {days} calendar days", days=self.term.days)
        for extended_on, days in self.course.extensions:
            yield _("+ {days} days: extended on {day}", days=days, day=extended_on)
        for first, last in self.skipped:
            if first < last:
                through = last - ONE_DAY
                yield _("not counted: {first} to {last}, paused", first=first, last=through)

    def _end(self, nominal_on: dt.date, due_on: dt.date) -> Iterator[Text]:
        rest = self._days_of_rest(nominal_on)
        if rest:
            yield _("not counted: {days}, not worked", days=list(_spans(rest)))
        yield _("= {day}", day=nominal_on)
        if due_on > nominal_on:
            yield _("a day of rest, so the next working day: {day}", day=due_on)
        if due_on < nominal_on:
            yield _("a day of rest, so the working day before: {day}", day=due_on)

    def _days_of_rest(self, last: dt.date) -> list[dt.date]:
        if self.term.counting != "working":
            return []
        days = (self.started_on + ONE_DAY * n for n in range(1, (last - self.started_on).days))
        paused = self.skipped
        return [
            day
            for day in days
            if not any(first <= day < until for first, until in paused)
            and not self.calendar.is_working_day(day).is_worked
        ]

    def _doubt(self) -> Iterator[Text]:
        if self.provisional:
            yield _(
                "provisional: the working days of a year on the way are not announced yet; it is "
                "reckoned anew when they are"
            )


class _Hours(_Days):
    """A term of working hours: the office's hours of worked days, less the pauses."""

    def reckoned(self) -> Reckoned:
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
        for offset in range(_DAYS_MAX):
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


def _spans(days: Sequence[dt.date]) -> Iterator[Text | dt.date]:
    """Days in a row by the first and the last of them."""
    first = days[0]
    for day, following in zip(days, [*days[1:], None], strict=True):
        if following == day + ONE_DAY:
            continue
        yield day if day == first else _("{first} to {last}", first=first, last=day)
        first = following or day


def end_of(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    """The midnight at which a day of the office ends."""
    return dt.datetime.combine(day + ONE_DAY, dt.time(), zone).astimezone(dt.UTC)


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
    for first, last in stretches:
        if left <= last - first:
            return first + left
        left -= last - first
    raise AssertionError("the stretches are too short")
