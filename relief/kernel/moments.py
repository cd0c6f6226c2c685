"""When something happened, as day and time of day are typed (pure)."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

_DAY = re.compile(
    r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})|(\d{4})(\d{2})(\d{2})|(\d{4})年(\d{1,2})月(\d{1,2})日?",
    re.ASCII,
)
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)

# Of an earlier day whose time nobody wrote down. The middle of the day: it stays on that day,
# whoever reads it, and lies within office hours or their break.
UNNAMED_TIME = dt.time(12, 0)


def parse_day(typed: str) -> dt.date | None:
    """A day: 2005-06-30, 2005/6/30, 2005.6.30, 20050630, 2005年6月30日, in digits of any width;
    None where it is no such day."""
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", typed.strip()))
    if not found:
        return None
    try:
        return dt.date(*(int(part) for part in found.groups() if part and part.isdigit()))
    except ValueError:
        return None


def parse_time(typed: str) -> dt.time | None:
    """A time of day written as 14:30; None where it is none."""
    found = _TIME.fullmatch(typed)
    return dt.time(int(found[1]), int(found[2])) if found else None


def moment_of(
    on: dt.date | None, at: dt.time | None, now: dt.datetime, zone: dt.tzinfo
) -> dt.datetime:
    """The instant that is meant: now for today, noon of an earlier day, where no time is named.
    A time without a day is one of today."""
    today = now.astimezone(zone).date()
    if at is None and on in (None, today):
        return now
    local = dt.datetime.combine(on or today, at or UNNAMED_TIME, zone)
    # The first night of the first year lies before all that UTC can say; it is refused anyway.
    return local if local.year == dt.MINYEAR else local.astimezone(dt.UTC)
