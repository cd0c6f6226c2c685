"""Jobs of reminders: made in office hours; the day's mail written once a day, and sent."""

from __future__ import annotations

from relief.bootstrap import Relief
from relief.engine.work import Work
from relief.kernel.errors import Conflict, refuse
from relief.kernel.settings import Settings
from relief.kernel.text import NAMED_MAX, Text, _, named
from relief.reminders.mail import MailServer
from relief.reminders.making import change_due, in_office_hours, make_reminders
from relief.reminders.outbox import (
    MailRoute,
    anything_to_send,
    anything_to_write,
    write_digests,
)
from relief.scheduler.job import Apart, Job, today
from relief.scheduler.jobs.mail_round import send_waiting

_SLOT_MINUTES = 5


def _this_hour(work: Work) -> list[str]:
    """The hour, while the office is open."""
    if not in_office_hours(work):
        return []
    return [f"{work.clock.now().astimezone(work.clock.zone):%Y-%m-%d %H}:00"]


def _anything_to_change(work: Work, _period: str) -> bool:
    return bool(change_due(work))


def _make(work: Work, _period: str) -> Text:
    change = make_reminders(work)
    return _("Reminders made: {made}; ended: {ended}.", made=change.made, ended=len(change.ended))


def _open_day(work: Work) -> list[str]:
    return today(work) if in_office_hours(work) else []


def _anything_to_write(work: Work, _period: str) -> bool:
    return anything_to_write(work)


def _write(work: Work, period: str) -> Text:
    count = write_digests(work)
    return _("Mails of {day} are written: {count}.", day=period, count=count)


def _slot(work: Work) -> list[str]:
    """A stretch of a few minutes: what failed is tried again in a later one."""
    local = work.clock.now().astimezone(work.clock.zone)
    minute = local.minute // _SLOT_MINUTES * _SLOT_MINUTES
    return [f"{local:%Y-%m-%d %H}:{minute:02}"]


def _anything_to_send(work: Work, _period: str) -> bool:
    return anything_to_send(work)


def _send(relief: Relief, _period: str) -> Text | None:
    settings = relief.settings
    route = MailRoute(MailServer.of(settings), settings.locale_unasked, settings.pages_url)
    posted = send_waiting(relief.work, route)
    if posted is None:
        return None
    if posted.faults:
        text = _(
            "{sent} were sent; of the others: {faults}",
            sent=posted.sent,
            faults=named(posted.faults[:NAMED_MAX], count=len(posted.faults)),
        )
        raise refuse(Conflict, "mail.not_sent", text)
    return _("Mails sent: {sent}.", sent=posted.sent)


def _mail_is_on(settings: Settings) -> bool:
    return bool(settings.smtp_host)


MAKE_REMINDERS = Job(
    "make_reminders",
    _this_hour,
    _make,
    _("The reminders of {period} were not made; the next look tries again: {reason}"),
    _anything_to_change,
)
WRITE_DIGESTS = Job(
    "write_digests",
    _open_day,
    _write,
    _("The mails of {period} were not written; the next look tries again: {reason}"),
    _anything_to_write,
    _mail_is_on,
)
SEND_DIGESTS = Job(
    "send_digests",
    _slot,
    Apart(_send),
    _("Not every mail of {period} was sent: {reason}"),
    _anything_to_send,
    _mail_is_on,
)
