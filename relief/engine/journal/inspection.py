"""The journal for those who inspect it: how much there is, and all of it to take away.

What was sealed (reasons, what was typed) stays sealed; the hashes cover its ciphertext.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from relief.engine.actors import Actor
from relief.engine.journal.chain import JOURNAL
from relief.engine.journal.seals import SEALS
from relief.engine.kinds import Recorded
from relief.engine.work import Work
from relief.kernel.errors import NotAllowed, refuse
from relief.kernel.text import _
from relief.kernel.unit_of_work import UnitOfWork

_INSPECTORS = frozenset({"auditor", "admin"})
_NOT_HANDED_OUT = frozenset({"sealed", "subject_id", "facts", "at"})
# Of a restricted case, to whom nobody named: neither which it is nor who did what in it, and when.
_TOLD_OF_ALL = frozenset({"id", "subject_kind", "previous_hash", "hash"})


def journal_size(work: UnitOfWork) -> tuple[int, int]:
    """How many entries and how many seals there are."""
    entries, seals = (
        work.connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
        for table in (JOURNAL, SEALS)
    )
    return int(entries), int(seals)


def handed_out_entries(work: Work, actor: Actor) -> Iterator[dict[str, Any]]:
    """Every entry in the order of record, by the case's reference (auditor, admin). Of a case that
    is not for this reader only the kind, the id and the hashes are told: they prove that the entry
    is there."""
    check_inspector(actor)
    return _entries(work, actor)


def check_inspector(actor: Actor) -> None:
    """Refuse whoever is neither auditor nor admin."""
    if not actor.roles & _INSPECTORS:
        raise refuse(
            NotAllowed,
            "audit.role",
            _("Only an auditor or an admin may take out the journal."),
            "actor",
        )


def handed_out_lines(work: Work, actor: Actor) -> Iterator[bytes]:
    """The same as lines of JSON, one an entry."""
    entries = handed_out_entries(work, actor)
    return ((json.dumps(each, ensure_ascii=False, sort_keys=True) + "\n").encode()
            for each in entries)  # fmt: skip


def _entries(work: Work, actor: Actor) -> Iterator[dict[str, Any]]:
    hidden = {kind: set(_hidden(work, kind, actor)) for kind in work.workflows.kinds}
    recorded = work.workflows.recorded
    references = {key: dict(_references(work, kind)) for key, kind in recorded.items()}
    statement = sa.select(JOURNAL).order_by(JOURNAL.c.id)
    for row in work.stream(statement):
        case = references.get(row["subject_kind"], {})
        entry = {
            **{name: value for name, value in row.items() if name not in _NOT_HANDED_OUT},
            "reference": case.get(row["subject_id"]),
            "facts": json.loads(row["facts"]),
            "at": row["at"].astimezone(dt.UTC).isoformat(),
        }
        is_hidden = row["subject_id"] in hidden.get(row["subject_kind"], ())
        yield _told_of_restricted(entry) if is_hidden else entry


def _told_of_restricted(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: value if name in _TOLD_OF_ALL else None for name, value in entry.items()}


def _hidden(work: Work, kind: str, actor: Actor) -> Iterator[int]:
    """The ids of the cases that an actor may not see."""
    subject = work.workflows.kinds[kind]
    if subject.visible is None:
        return
    statement = sa.select(subject.table).where(subject.mine)
    for row in work.connection.execute(statement).mappings().all():
        if not subject.visible(work, dict(row), actor):
            yield row["id"]


def _references(work: Work, kind: Recorded) -> Iterator[tuple[int, str]]:
    heads = kind.heads.subquery()
    for row in work.rows(sa.select(heads.c.id, heads.c.reference)):
        yield row[0], row[1]
