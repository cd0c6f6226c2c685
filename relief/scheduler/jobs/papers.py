"""The job of papers: once a day, take away the files that no case names."""

from __future__ import annotations

from relief.bootstrap import Relief
from relief.kernel.settings import Settings
from relief.kernel.text import Text, _
from relief.papers.store import FOLDER
from relief.papers.sweeping import remove_unnamed
from relief.scheduler.job import Apart, Job, today


def _sweep(relief: Relief, _period: str) -> Text:
    with relief.work() as work:
        count = remove_unnamed(work, relief.papers)
    return _("Files of papers that no case names, removed: {count}.", count=count)


def _is_on(settings: Settings) -> bool:
    """An office that never attached anything has nothing to sweep."""
    return (settings.data_dir / FOLDER).is_dir()


REMOVE_UNNAMED_FILES = Job(
    "remove_unnamed_files",
    today,
    Apart(_sweep),
    _("Files that no case names were not removed on {period}; the next look tries again: {reason}"),
    is_on=_is_on,
)
