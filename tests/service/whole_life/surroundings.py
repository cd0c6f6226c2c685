"""Time, the office's calendar, seals."""

from __future__ import annotations

import datetime as dt

from hypothesis import strategies as st

from relief.engine.calendar.file import DayRow
from relief.engine.calendar.hours import Hours
from relief.engine.calendar_changes import import_days, set_hours
from relief.engine.journal.seals import seal_day
from relief.kernel.files.columns import Place
from tests.office import AN
from tests.service.whole_life.centre import Centre, always, deed

_MORNING = ((480, 720),)  # 08:00 to 12:00, in minutes
_DAY = (*_MORNING, (840, 1_080))


class Surroundings(Centre):
    """What happens around the work."""

    @deed(always, days=st.sampled_from((15, 30, 8)), sealed=st.booleans())
    def time_passes(self, days: int, sealed: bool) -> None:
        """Nothing happens by that alone; the journal is sealed, once a day."""
        self.pass_days(days)
        if sealed:
            self.attempt("seal", self._seal)

    @deed(always, ahead=st.integers(-5, 20), worked=st.booleans())
    def declare_a_day(self, ahead: int, worked: bool) -> None:
        """A day is free, or worked, other than it was: deadlines move, amounts do not."""
        day = self.life.day + dt.timedelta(days=ahead)
        row = DayRow(Place("days", 2, {}), day, worked, "declared", f"2005-{self.steps}")

        def declare() -> None:
            with self.office.relief.work() as work:
                import_days(work, AN, [row])
                work.commit()

        self.attempt("calendar", declare)

    @deed(always, hours=st.sampled_from((_MORNING, _DAY)))
    def set_the_hours(self, hours: Hours) -> None:
        """The office works other hours."""

        def change() -> None:
            with self.office.relief.work() as work:
                set_hours(work, AN, hours)
                work.commit()

        self.attempt("hours", change)

    def _seal(self) -> None:
        with self.office.relief.work() as work:
            seal_day(work, self.life.day)
            work.commit()
