"""A contact for programs, and what is worth a mark."""

from __future__ import annotations

import datetime as dt

from relief.cli.office import iso
from relief.desk.queries import ListedContact
from relief.desk.service import is_late
from relief.kernel.text import Text, _


def contact_as_json(contact: ListedContact, case: str | None, zone: dt.tzinfo) -> dict[str, object]:
    """A contact for programs."""
    return {
        "contact": contact.reference,
        "channel": contact.channel,
        "happened_at": iso(contact.happened_at, zone),
        "happened_on": contact.happened_on.isoformat(),
        "head_count": contact.head_count,
        "name": contact.name or None,
        "outcome": contact.outcome,
        "case": case,
        "chase_up": contact.chase_up,
        "urgent": contact.urgent,
        "collective": contact.collective,
        "restricted": contact.restricted,
        "recorded_at": iso(contact.recorded_at, zone),
        "recorded_by": contact.recorded_by,
        "on_behalf_of": contact.on_behalf_of,
        "entered_late": is_late(contact, zone),
        "voided_at": iso(contact.voided_at, zone),
        "voided_by": contact.voided_by,
    }


def marks_of(contact: ListedContact) -> list[Text]:
    """What is special about a contact."""
    marks = (
        (contact.voided_at is not None, _("void")),
        (contact.urgent, _("urgent")),
        (contact.collective, _("collective")),
        (contact.restricted, _("restricted")),
        (contact.chase_up, _("chase-up")),
    )
    return [word for holds, word in marks if holds]
