"""Which days the pages of the desk are of."""

from __future__ import annotations

import datetime as dt

from relief.engine.work import Work

_DAYS_NEAR = 3_660


def near(work: Work, on: dt.date | None) -> dt.date:
    """A day that deadlines are counted from; today where it is none, or in another age."""
    is_near = on is not None and abs((on - work.today).days) <= _DAYS_NEAR
    return on if on is not None and is_near else work.today
