"""The journal, entry by entry: each chained by its hash to the one before it of the same case.

The hash covers the ciphertext, not the words: a case's words could be shredded by throwing away its
key (`journal_key` made empty), and the chain would still hold. Nothing does so today, and a journal
whose words do not open is named by the audit (`unread`).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from relief.engine.cases import Case
from relief.engine.step import HAPPENED_AT, Step
from relief.engine.tables import JournalEntry
from relief.kernel.columns import table_of
from relief.kernel.crypto import FieldCipher
from relief.kernel.errors import Conflict, ReliefError, refuse
from relief.kernel.text import _, as_json
from relief.kernel.unit_of_work import UnitOfWork

JOURNAL = table_of(JournalEntry)
HASHED = tuple(column.name for column in JOURNAL.c if column.name not in ("id", "hash"))
_KEY_CONTEXT = "journal_key"
_INSERT = sa.insert(JOURNAL)

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Entry:
    """A journal entry, opened. Where the words of its case were shredded, `readable` is False and
    `reason`, `fields` and `override` are empty."""

    id: int
    subject_kind: str
    subject_id: int
    number: int
    action: str
    from_state: str
    to_state: str
    actor: str
    on_behalf_of: str | None
    at: dt.datetime
    definition_sha256: str
    facts: Mapping[str, Any]
    hash: str
    reason: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    override: str = ""
    readable: bool = True

    @property
    def happened_at(self) -> dt.datetime:
        """When it happened; where nothing was said, when it was recorded."""
        return happened_at(self.facts, self.at)

    def entered_late(self, zone: dt.tzinfo) -> bool:
        """True where it was recorded on a later day than it happened."""
        return self.happened_at.astimezone(zone).date() < self.at.astimezone(zone).date()


def happened_at(facts: Mapping[str, Any], at: dt.datetime) -> dt.datetime:
    """When an entry's step happened, from its facts, else the instant of record."""
    said = facts.get(HAPPENED_AT)
    return dt.datetime.fromisoformat(said) if said else at


def hash_of(record: Record, names: tuple[str, ...] = HASHED) -> str:
    """SHA-256 over the canonical JSON of these columns."""
    canonical = as_json({name: _canonical(record[name]) for name in names})
    return hashlib.sha256(canonical.encode()).hexdigest()


def new_journal_key(cipher: FieldCipher) -> bytes:
    """A fresh key for the words of one case, sealed by the office's keys."""
    return cipher.seal(os.urandom(32), _KEY_CONTEXT)


def compose(cipher: FieldCipher, case: Case, step: Step, to_state: str) -> Record:
    """The next entry of a case."""
    number = case.version + 1
    record = {
        "subject_kind": case.kind.key,
        "subject_id": case.id,
        "number": number,
        "action": step.action,
        "from_state": step.state,
        "to_state": to_state,
        "actor": step.actor.username,
        "on_behalf_of": step.actor.on_behalf_of,
        "at": step.at,
        "definition_sha256": case.machine.definition.sha256,
        "facts": as_json(step.facts),
        "sealed": _sealed(cipher, case, step, number),
        "previous_hash": case.row["journal_head"],
    }
    return with_hash(record)


def with_hash(record: Record) -> Record:
    """An entry with its hash."""
    return {**record, "hash": hash_of(record)}


def append(work: UnitOfWork, record: Record) -> int:
    """Write an entry; gives its id."""
    key = work.connection.execute(_INSERT, record).inserted_primary_key
    assert key is not None
    return int(key[0])


def opened(cipher: FieldCipher, record: Record, journal_key: bytes) -> Entry:
    """An entry as people read it."""
    if record["sealed"] is None:
        return entry_of(record, {})
    if not journal_key:
        return entry_of(record, {"readable": False})
    plain = _case_cipher(cipher, journal_key).open(record["sealed"], _context(record))
    return entry_of(record, json.loads(plain))


def unread(cipher: FieldCipher, records: Iterable[Record], journal_key: bytes) -> Record | None:
    """The first of a case's entries whose words do not open."""
    try:
        of_case = _case_cipher(cipher, journal_key)
    except ReliefError:
        of_case = None
    return next((each for each in records if each["sealed"] and not _opens(of_case, each)), None)


def _opens(of_case: FieldCipher | None, record: Record) -> bool:
    try:
        return of_case is not None and bool(of_case.open_bytes(record["sealed"], _context(record)))
    except ReliefError:
        return False


def entry_of(record: Record, words: Record) -> Entry:
    """An entry from its columns and its words."""
    public = {name: record[name] for name in _PUBLIC}
    return Entry(**{**public, "facts": json.loads(record["facts"]), **words})


def words_of(step: Step) -> Record:
    """What of a step is for the sealed part."""
    return {"reason": step.reason, "fields": dict(step.fields), "override": step.override}


def _sealed(cipher: FieldCipher, case: Case, step: Step, number: int) -> bytes | None:
    words = words_of(step)
    if not any(words.values()):
        return None
    if not case.row["journal_key"]:
        raise refuse(
            Conflict,
            "case.shredded",
            _(
                "The personal part of {reference} was erased for good; a step with words cannot "
                "be recorded on it any more. Open a new case.",
                reference=case.reference,
            ),
        )
    place = {"subject_kind": case.kind.key, "subject_id": case.id, "number": number}
    return _case_cipher(cipher, case.row["journal_key"]).seal(as_json(words), _context(place))


def _case_cipher(cipher: FieldCipher, journal_key: bytes) -> FieldCipher:
    return FieldCipher([cipher.open_bytes(journal_key, _KEY_CONTEXT)])


def _context(record: Record) -> str:
    return "journal_entry.sealed:{subject_kind}:{subject_id}:{number}".format_map(record)


def _canonical(value: object) -> object:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    return value.hex() if isinstance(value, bytes) else value


_PUBLIC = tuple(name for name in Entry.__dataclass_fields__ if name in JOURNAL.c)
