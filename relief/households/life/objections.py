"""Objections to a public notice, read from the file's journal, with what became of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from relief.engine.actors import CASE_ROLES, Actor
from relief.engine.journal.chain import Entry
from relief.engine.journal.history import history
from relief.engine.work import Work
from relief.people.rules import mask_name

DECISIONS = {"dismiss_objection": "dismissed", "uphold_objection": "upheld"}
# Who looks into an objection, or decides on it, knows who raised it; nobody else needs to.
_TOLD = frozenset(CASE_ROLES)


@dataclass(frozen=True)
class Objection:
    """Who objected (empty: unnamed) to what; `decision` is empty while it is looked into."""

    objected_on: dt.date
    objector: str
    objection: str
    recorded_by: str
    decision: str = ""
    decided_on: dt.date | None = None
    decided_by: str = ""
    reason: str = ""


def objections_of(work: Work, household_id: int) -> list[Objection]:
    """Every objection to a household's notices, oldest first."""
    return list(_decided(work, history(work, "household", household_id)))


def shown_objections(work: Work, household_id: int, reader: Actor | None) -> list[Objection]:
    """The same, as they may be shown to a reader."""
    return [
        replace(each, objector=shown_objector(each.objector, reader))
        for each in objections_of(work, household_id)
    ]


def shown_objector(name: str, reader: Actor | None) -> str:
    """Who objected, masked but for clerks and approvers; empty where nobody gave a name."""
    told = reader is not None and bool(reader.roles & _TOLD)
    return name if told or not name else mask_name(name)


def _decided(work: Work, entries: list[Entry]) -> Iterator[Objection]:
    standing: Objection | None = None
    for entry in entries:
        day = work.clock.day_of(entry.happened_at)
        if entry.action == "object":
            said = entry.fields
            standing = Objection(
                day, said.get("objector", ""), said.get("objection", ""), entry.actor
            )
        elif standing is not None and entry.from_state == "objection" != entry.to_state:
            decision = DECISIONS.get(entry.action, entry.action)
            yield replace(
                standing,
                decision=decision,
                decided_on=day,
                decided_by=entry.actor,
                reason=entry.reason,
            )
            standing = None
    if standing is not None:
        yield standing
