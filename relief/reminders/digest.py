"""The day's mail in words: numbers of cases, kinds, days and a link; nothing personal, and of a
restricted matter not even the number: mail leaves the house."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import format_datetime

from relief.kernel.text import Text, Translator, _
from relief.reminders.queries import Told

_LINES_MAX = 50


def digest_mail(
    told: Sequence[Told], say: Translator, at: dt.datetime, link: str, name: str
) -> EmailMessage:
    """A mail of what somebody has not read; `name` makes its Message-ID, so that the same mail is
    the same wherever it turns up twice."""
    overdue = [each for each in told if each.is_overdue]
    due = [each for each in told if not each.is_overdue]
    mail = EmailMessage()
    mail["Subject"] = say(
        _("relief: overdue {overdue}, due soon {due}", overdue=len(overdue), due=len(due))
    )
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{name}@relief.invalid>"
    mail["Auto-Submitted"] = "auto-generated"
    parts = [_part(_("Overdue:"), overdue, say), _part(_("Due soon:"), due, say)]
    if link:
        parts.append(say(_("They stand here: {link}", link=link)))
    parts.append(say(_("You can switch this mail off on your own page, behind your name.")))
    mail.set_content("\n\n".join(filter(None, parts)) + "\n")
    return mail


def _part(title: Text, told: Sequence[Told], say: Translator) -> str:
    if not told:
        return ""
    lines = [say(_line(each)) for each in told[:_LINES_MAX]]
    if len(told) > _LINES_MAX:
        lines.append(say(_("and {count} more", count=len(told) - _LINES_MAX)))
    return "\n".join([say(title), *(f"  {line}" for line in lines)])


def _line(each: Told) -> Text:
    if each.restricted:
        return _("a restricted matter: {day}", day=each.due_on)
    return _(
        "{no} {kind}, {state}: {day}",
        no=each.reference,
        kind=each.kind_title,
        state=each.state_title,
        day=each.due_on,
    )
