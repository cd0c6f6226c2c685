"""Terms of days: the days that count, one after the other, and the roll of the last one. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import islice
from zoneinfo import ZoneInfo

from relief.engine.calendar import WorkingCalendar
from relief.engine.clocks.terms import DAYS_MAX, ONE_DAY, Course, Reckoned, end_of
from relief.engine.definitions.definition import Term
from relief.kernel.text import Text, _


class TermOfDays:
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
        """The office's date at an instant."""
        return instant.astimezone(self.zone).date()

    @property
    def length(self) -> int:
        """How many days have to be counted, extensions included."""
        return self.term.days + sum(days for _on, days in self.course.extensions)

    def reckoned(self) -> Reckoned:
        """Count to the end, or to where the clock stands still."""
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
        if self.term.counting == "calendar" and not self.skipped and self.length < DAYS_MAX:
            return self.started_on + ONE_DAY * self.length  # every day counts
        return next(islice(self._counted_days(None), self.length - 1, None))

    def _counted_days(self, until: dt.date | None) -> Iterator[dt.date]:
        """The days after the first that count, one after the other."""
        for offset in range(1, DAYS_MAX):
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


def _spans(days: Sequence[dt.date]) -> Iterator[Text | dt.date]:
    """Days in a row by the first and the last of them."""
    first = days[0]
    for day, following in zip(days, [*days[1:], None], strict=True):
        if following == day + ONE_DAY:
            continue
        yield day if day == first else _("{first} to {last}", first=first, last=day)
        first = following or day
