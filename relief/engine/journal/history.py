"""What a case has been through, as people read it: every step with its words."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from relief.engine.cases import Case
from relief.engine.journal.chain import JOURNAL, Entry, opened
from relief.engine.work import Work
from relief.kernel.errors import NotFound, refuse
from relief.kernel.text import _
from relief.kernel.unit_of_work import in_chunks

_OF_CASE = (
    sa.select(JOURNAL)
    .where(
        JOURNAL.c.subject_kind == sa.bindparam("b_kind"),
        JOURNAL.c.subject_id == sa.bindparam("b_id"),
    )
    .order_by(JOURNAL.c.number)
)


def history(work: Work, kind: str, subject_id: int) -> list[Entry]:
    """Every step of a case, oldest first, with its words where they were not shredded."""
    connection = work.connection
    by_id = work.workflows.kinds[kind].by_id
    row = connection.execute(by_id, {"b_id": subject_id}).mappings().one_or_none()
    if row is None:
        raise refuse(NotFound, "case.unknown", _("There is no such case."))
    return _opened(work, kind, subject_id, row["journal_key"])


def entries_of(work: Work, case: Case) -> list[Entry]:
    """The same of a case that is in the hand (one statement)."""
    return _opened(work, case.kind.key, case.id, case.row["journal_key"])


def last_entry(work: Work, kind: str, subject_id: int, action: str) -> Entry | None:
    """The last time that a step was taken of a case: that entry alone is opened."""
    return _one(work, kind, subject_id, JOURNAL.c.action == action)


def last_entries(
    work: Work, kind: str, subject_ids: Collection[int], action: str
) -> dict[int, Entry]:
    """The same of many cases, by their ids; of those of which it was never taken there is none."""
    cases = work.workflows.kinds[kind].table
    found: dict[int, dict[str, Any]] = {}
    for chunk in in_chunks(subject_ids):
        statement = (
            sa.select(JOURNAL, cases.c.journal_key)
            .join(cases, cases.c.id == JOURNAL.c.subject_id)
            .where(
                JOURNAL.c.subject_kind == kind,
                JOURNAL.c.subject_id.in_(chunk),
                JOURNAL.c.action == action,
            )
            .order_by(JOURNAL.c.number)
        )
        found |= {row.subject_id: dict(row._mapping) for row in work.rows(statement)}
    return {each: opened(work.cipher, row, row["journal_key"]) for each, row in found.items()}


def numbered_entry(work: Work, kind: str, subject_id: int, number: int) -> Entry | None:
    """The entry of this number, alone."""
    return _one(work, kind, subject_id, JOURNAL.c.number == number)


def _one(work: Work, kind: str, subject_id: int, which: sa.ColumnElement[bool]) -> Entry | None:
    cases = work.workflows.kinds[kind].table
    statement = (
        sa.select(JOURNAL, cases.c.journal_key)
        .join(cases, cases.c.id == JOURNAL.c.subject_id)
        .where(JOURNAL.c.subject_kind == kind, JOURNAL.c.subject_id == subject_id, which)
        .order_by(JOURNAL.c.number.desc())
        .limit(1)
    )
    row = work.connection.execute(statement).mappings().one_or_none()
    return opened(work.cipher, dict(row), row["journal_key"]) if row else None


def _opened(work: Work, kind: str, subject_id: int, journal_key: bytes) -> list[Entry]:
    entries = work.connection.execute(_OF_CASE, {"b_kind": kind, "b_id": subject_id}).mappings()
    return [opened(work.cipher, dict(entry), journal_key) for entry in entries]
