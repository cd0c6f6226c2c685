"""Time, the office's calendar, seals."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from relief.accounts.absences import AbsenceForm, record_absence
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

    @deed(
        always,
        who=st.sampled_from(("fang", "gao", "ping")),
        days=st.sampled_from((3, 12)),
        deputy=st.sampled_from(("", "gao", "ping", "chen")),
    )
    def go_away(self, who: str, days: int, deputy: str) -> None:
        """Somebody is away from today on, perhaps with a deputy; nobody acts for themselves."""
        until = self.life.day + dt.timedelta(days=days)
        form = AbsenceForm(who, self.life.day, until, deputy)

        def leave() -> None:
            with self.office.relief.work() as work:
                record_absence(work, AN, form)
                work.commit()

        taken = self.attempt("away", leave)
        assert not (taken and who == deputy), "somebody is their own deputy"

    @deed(always, terms=st.sampled_from(
        ({"recovery_percent_max": 30}, {"recovery_percent_max": 0}, {"places_max": 2},
         {"places_max": 50}, {"band_low_fen": 17_000}, {"band_low_fen": 15_000},
         {"stop_rule": "event_month_unpaid"}, {"start_rule": "same_month"},
         {"go_live_month": 24_062})
    ))  # fmt: skip
    def change_the_terms(self, terms: dict[str, Any]) -> None:
        """The scheme's terms change: lists that were made keep theirs."""
        lists_before = [run.reference for run in self.runs]
        taken = self.attempt("terms", lambda: self.office.scheme(**terms))
        assert not (taken and lists_before and "go_live_month" in terms), "a window was moved"

    def _seal(self) -> None:
        with self.office.relief.work() as work:
            seal_day(work, self.life.day)
            work.commit()
