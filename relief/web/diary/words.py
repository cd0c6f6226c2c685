"""The scheduler's jobs in words: what each does, and how often."""

from __future__ import annotations

from typing import NamedTuple

from relief.kernel.text import Text, _
from relief.scheduler.diary import DONE, FAILED, OVERTAKEN


class Rhythm(NamedTuple):
    """How often a job is done, and when it comes again once it was."""

    often: Text
    again: Text


class JobWords(NamedTuple):
    """What a job does, and how often."""

    title: Text
    rhythm: Rhythm


_CHANGED = Rhythm(_("when the calendar changed"), _("when it changes again"))
_DAILY = Rhythm(_("every day"), _("tomorrow"))
_OFFICE_HOURS = Rhythm(_("every hour of the office"), _("in the next hour of the office"))
_MONTHLY = Rhythm(_("every month"), _("next month"))
_QUARTERLY = Rhythm(_("every quarter"), _("next quarter"))
_LIST_DAY = Rhythm(_("on the day of the list"), _("on the day of the next list"))
JOB_WORDS = {
    "reckon_deadlines_anew": JobWords(_("Reckon deadlines anew"), _CHANGED),
    "mark_overdue": JobWords(_("Mark what is overdue"), _DAILY),
    "prepare_regular_run": JobWords(_("Prepare the quarterly list"), _LIST_DAY),
    "warn_of_staffing": JobWords(_("Warn where nobody is left for the list"), _QUARTERLY),
    "tell_rechecks_due": JobWords(_("Tell the re-checks that are due"), _MONTHLY),
    "remove_old_drafts": JobWords(_("Remove old drafts of forms"), _DAILY),
    "remove_unnamed_files": JobWords(_("Remove files that no case names"), _DAILY),
    "seal_journal": JobWords(_("Seal the journal"), _DAILY),
    "make_reminders": JobWords(_("Remind of what is due and overdue"), _OFFICE_HOURS),
    "write_digests": JobWords(_("Write the day's mails"), _DAILY),
    "send_digests": JobWords(_("Send the day's mails"), _DAILY),
    "back_up": JobWords(_("Back up"), _DAILY),
}
STATE_WORDS: dict[str, tuple[Text, str]] = {
    DONE: (_("done"), "good"),
    FAILED: (_("failed"), "bad"),
    OVERTAKEN: (_("failed, made up for since"), "done"),
}
