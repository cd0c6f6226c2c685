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
from relief.engine.work import Work
from relief.kernel.database import UnitOfWork
from relief.kernel.errors import NotAllowed, refuse
from relief.kernel.text import _

_INSPECTORS = frozenset({"auditor", "admin"})
_NOT_HANDED_OUT = frozenset({"sealed", "subject_id", "facts", "at"})


def journal_size(work: UnitOfWork) -> tuple[int, int]:
    """How many entries and how many seals there are."""
    entries, seals = (
        work.session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
        for table in (JOURNAL, SEALS)
    )
    return int(entries), int(seals)


def handed_out_entries(work: Work, actor: Actor) -> Iterator[dict[str, Any]]:
    """Every entry in the order of record, by the case's reference (auditor, admin)."""
    if not actor.roles & _INSPECTORS:
        raise refuse(
            NotAllowed,
            "audit.role",
            _("Only an auditor or an admin may take out the journal."),
            "actor",
        )
    return _entries(work)


def _entries(work: Work) -> Iterator[dict[str, Any]]:
    references = {kind: dict(_references(work, kind)) for kind in work.workflows.kinds}
    statement = sa.select(JOURNAL).order_by(JOURNAL.c.id)
    for row in work.stream(statement):
        case = references.get(row["subject_kind"], {})
        yield {
            **{name: value for name, value in row.items() if name not in _NOT_HANDED_OUT},
            "reference": case.get(row["subject_id"]),
            "facts": json.loads(row["facts"]),
            "at": row["at"].astimezone(dt.UTC).isoformat(),
        }


def _references(work: Work, kind: str) -> Iterator[tuple[int, str]]:
    subject = work.workflows.kinds[kind]
    columns = subject.table.c
    statement = sa.select(columns.id, columns[subject.reference]).where(subject.mine)
    for row in work.rows(statement):
        yield row[0], row[1]
