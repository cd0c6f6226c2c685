"""Cases for programs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from relief.cli.contacts.contact_view import contact_as_json
from relief.cli.language import say
from relief.cli.office import iso
from relief.engine.journal.chain import Entry
from relief.engine.listing import ListedCase
from relief.engine.step import Choice
from relief.petitions.one_case.reading import CaseView, Matter


def case_as_json(view: CaseView) -> dict[str, object]:
    """A case for programs."""
    case, row = view.case, view.case.row
    found: dict[str, object] = {
        "case": case.reference,
        "kind": case.kind.key,
        "state": case.state,
        "version": case.version,
        "deadline": _deadline(view),
        "recused": sorted(view.recused),
        "history": [_entry(view, entry) for entry in view.entries],
        "next": None if view.choices is None else [_choice(choice) for choice in view.choices],
    }
    if view.matter:
        found |= _petition(row) | _matter_as_json(view.matter, view.zone)
    return found


def listed_as_json(case: ListedCase, today: dt.date, at: dt.datetime) -> dict[str, object]:
    """A case as the list has it."""
    stored = case.deadline
    found: dict[str, object] = {
        "case": case.reference,
        "kind": case.kind,
        "state": case.state,
        "version": case.row["version"],
        "deadline": None
        if stored is None
        else {
            "due_on": stored.due_on.isoformat() if stored.due_on else None,
            "days_left": case.days_left(today),
            "overdue": case.is_overdue(at),
            "paused": stored.due_at is None,
            "provisional": stored.provisional,
        },
    }
    return found | (_petition(case.row) if "petitioner_name" in case.row else {})


def _petition(row: Mapping[str, Any]) -> dict[str, object]:
    names = ("urgent", "collective", "restricted")
    return {
        "petitioner": row["petitioner_name"] or None,
        "case_worker": row["case_worker"] or None,
        "matter_class": row["matter_class"] or None,
        "received_on": row["received_on"].isoformat(),
        **{name: row[name] for name in names},
    }


def _matter_as_json(matter: Matter, zone: dt.tzinfo) -> dict[str, object]:
    ends_on = matter.limitation_ends_on
    return {
        "matter": matter.text,
        "phone": matter.phone_masked or None,
        "readers": list(matter.readers),
        "merged_into": matter.merged_into or None,
        "limitation_ends_on": ends_on.isoformat() if ends_on else None,
        "contacts": [
            contact_as_json(joined.contact, None, zone) | {"relation": joined.relation}
            for joined in matter.contacts
        ],
    }


def _deadline(view: CaseView) -> dict[str, object] | None:
    runs = view.deadline
    if runs is None:
        return None
    return {
        "due_on": runs.due_on.isoformat() if runs.due_on else None,
        "days_left": (runs.due_on - view.today).days if runs.due_on else None,
        "overdue": view.is_overdue,
        "paused": runs.paused,
        "provisional": runs.provisional,
        "source": say(runs.term.source),
        "arithmetic": [say(line) for line in runs.lines],
    }


def _entry(view: CaseView, entry: Entry) -> dict[str, object]:
    return {
        "number": entry.number,
        "action": entry.action,
        "from": entry.from_state or None,
        "to": entry.to_state,
        "actor": entry.actor,
        "on_behalf_of": entry.on_behalf_of,
        "happened_at": iso(entry.happened_at, view.zone),
        "recorded_at": iso(entry.at, view.zone),
        "entered_late": entry.entered_late(view.zone),
        "reason": entry.reason or None,
        "fields": dict(entry.fields),
        "override": entry.override or None,
        "readable": entry.readable,
    }


def _choice(choice: Choice) -> dict[str, object]:
    return {
        "action": choice.action.id,
        "allowed": choice.allowed,
        "fields": list(choice.action.fields),
        "optional_fields": list(choice.action.optional_fields),
        "reason": choice.action.reason,
        "refusals": [
            {
                "code": refusal.problem.code,
                "text": say(refusal.problem.text),
                "who": [actor.username for actor in refusal.who],
            }
            for refusal in choice.refusals
        ],
    }
