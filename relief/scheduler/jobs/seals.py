"""The job of the journal: a seal a day over all that was written."""

from __future__ import annotations

import datetime as dt

from relief.engine.journal.seals import seal_day
from relief.engine.work import Work
from relief.kernel.text import Text, _
from relief.scheduler.job import Job, today


def _seal_journal(work: Work, period: str) -> Text:
    seal = seal_day(work, dt.date.fromisoformat(period))
    return _(
        "The journal is sealed for {day}: entries {count}.", day=period, count=seal.entry_count
    )


SEAL = Job(
    "seal_journal",
    today,
    _seal_journal,
    _("The journal was not sealed for {period}; the next look tries again: {reason}"),
)
