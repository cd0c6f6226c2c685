"""The scheduler's jobs in words: what each does, and how often."""

from __future__ import annotations

from relief.kernel.text import Text, _
from relief.scheduler.diary import DONE, FAILED, OVERTAKEN

JOB_WORDS: dict[str, tuple[Text, Text]] = {
    "reckon_deadlines_anew": (
        _("Reckon deadlines anew"),
        _("when the calendar changed"),
    ),
    "mark_overdue": (_("Mark what is overdue"), _("every day")),
    "prepare_regular_run": (_("Prepare the quarterly list"), _("on the day of the list")),
    "warn_of_staffing": (_("Warn where nobody is left for the list"), _("every quarter")),
    "tell_rechecks_due": (_("Tell the re-checks that are due"), _("every month")),
    "remove_old_drafts": (_("Remove old drafts of forms"), _("every day")),
    "remove_unnamed_files": (_("Remove files that no case names"), _("every day")),
    "seal_journal": (_("Seal the journal"), _("every day")),
    "make_reminders": (
        _("Remind of what is due and overdue"),
        _("every hour of the office"),
    ),
    "write_digests": (_("Write the day's mails"), _("every day")),
    "send_digests": (_("Send the day's mails"), _("every day")),
    "back_up": (_("Back up"), _("every day")),
}
STATE_WORDS: dict[str, tuple[Text, str]] = {
    DONE: (_("done"), "good"),
    FAILED: (_("failed"), "bad"),
    OVERTAKEN: (_("failed, made up for since"), "done"),
}
