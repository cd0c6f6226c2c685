"""The job of what was typed and not saved: once a day, remove what is older than it is kept."""

from __future__ import annotations

from relief.engine.work import Work
from relief.kernel.text import Text, _
from relief.scheduler.job import Job, today
from relief.typed.tidying import anything_old, remove_old


def _anything_old(work: Work, _period: str) -> bool:
    return anything_old(work)


def _remove_old(work: Work, _period: str) -> Text:
    gone = remove_old(work)
    return _(
        "Removed what was typed and not saved: drafts {drafts}, keys of forms {forms}.",
        drafts=gone.drafts,
        forms=gone.forms,
    )


REMOVE_OLD_DRAFTS = Job(
    "remove_old_drafts",
    today,
    _remove_old,
    _("Old drafts of {period} were not removed; the next look tries again: {reason}"),
    _anything_old,
)
