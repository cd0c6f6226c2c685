"""The job of safekeeping: a backup a night. Nights that were missed are not made up one by one."""

from __future__ import annotations

import datetime as dt

from relief.backup.nightly import KEPT_DAYS, back_up_night
from relief.backup.place import is_sqlite
from relief.bootstrap import Relief
from relief.kernel.settings import Settings
from relief.kernel.text import Text, _
from relief.scheduler.job import Apart, Job, today


def _back_up(relief: Relief, period: str) -> Text:
    night = back_up_night(relief, dt.date.fromisoformat(period))
    values = {"first": night.first, "removed": night.removed, "days": KEPT_DAYS}
    if night.second is None:
        return _(
            "Backed up to {first}, without the keys; removed, older than {days} days: {removed}.",
            **values,
        )
    return _(
        "Backed up to {first} and to {second}, without the keys; removed, older than {days} days: "
        "{removed}.",
        second=night.second,
        **values,
    )


def _is_on(settings: Settings) -> bool:
    """PostgreSQL has tools of its own (docs/backup.md)."""
    return settings.nightly_backup and is_sqlite(settings)


BACK_UP = Job(
    "back_up",
    today,
    Apart(_back_up),
    _("The backup of {period} is not complete; the next look tries again: {reason}"),
    is_on=_is_on,
)
