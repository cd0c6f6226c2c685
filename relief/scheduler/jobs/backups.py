"""The job of safekeeping: a backup a night. Nights that were missed are not made up one by one."""

from __future__ import annotations

import datetime as dt

from relief.backup.making import papers_not_in_it
from relief.backup.nightly import KEPT_DAYS, Night, back_up_night
from relief.backup.place import is_sqlite
from relief.bootstrap import Relief
from relief.kernel.settings import Settings
from relief.kernel.text import Text, _
from relief.kernel.unit_of_work import UnitOfWork
from relief.scheduler.diary import last_said
from relief.scheduler.job import Apart, Job, today

_PAPERS_NAMED = 20
_MISSING = _(
    "{backed_up} Papers that are NOT in it as they were attached: {count}. Look for them in older "
    "backups, and keep those: {papers}"
)


def _back_up(relief: Relief, period: str) -> Text:
    """The backup stands whatever is missing in it; that is said, with the papers' names."""
    told = _told(back_up_night(relief, dt.date.fromisoformat(period)))
    missing = papers_not_in_it(relief)
    if not missing:
        return told
    named = [problem.text for problem in missing[:_PAPERS_NAMED]]
    return Text(_MISSING.msgid, {"backed_up": told, "count": len(missing), "papers": named})


def papers_missing(work: UnitOfWork) -> Text | None:
    """What the last night said of papers that are not in its backup as they were attached."""
    said = last_said(work, BACK_UP.key)
    return said if isinstance(said, Text) and said.msgid == _MISSING.msgid else None


def _told(night: Night) -> Text:
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
