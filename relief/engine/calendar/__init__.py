"""Working days and office hours: what was announced for the country, below the office's own."""

from relief.engine.calendar.hours import DEFAULT_HOURS, Hours
from relief.engine.calendar.working import Found, Judged, Source, WorkingCalendar

__all__ = ["DEFAULT_HOURS", "Found", "Hours", "Judged", "Source", "WorkingCalendar"]
