"""Entries about what no workflow drives: each chained to the one before it, as those of a case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from relief.engine.actors import Actor
from relief.engine.journal.chain import append, with_hash
from relief.kernel.text import as_json
from relief.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Recording:
    """Something changed: the `number`th entry about a subject, after the entry with the hash
    `previous_hash` ("" before the first). `facts` are public: nothing personal, nothing secret."""

    kind: str
    subject_id: int
    number: int
    action: str
    from_state: str
    to_state: str
    previous_hash: str
    facts: Mapping[str, Any]


def write_down(work: UnitOfWork, actor: Actor, recording: Recording, at: dt.datetime) -> str:
    """Append an entry; gives its hash, which the subject keeps as the head of its journal."""
    record = with_hash(
        {
            "subject_kind": recording.kind,
            "subject_id": recording.subject_id,
            "number": recording.number,
            "action": recording.action,
            "from_state": recording.from_state,
            "to_state": recording.to_state,
            "actor": actor.username,
            "on_behalf_of": actor.on_behalf_of,
            "at": at,
            "definition_sha256": "",
            "facts": as_json(recording.facts),
            "sealed": None,
            "previous_hash": recording.previous_hash,
        }
    )
    append(work, record)
    return str(record["hash"])
