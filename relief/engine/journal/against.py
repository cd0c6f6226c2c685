"""Rows beside the journal, held against what was written down of them: read so that one that was
altered past reading is named, and does not stop the search."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from relief.engine.journal.chain import JOURNAL, Entry, opened
from relief.engine.work import Work
from relief.kernel.errors import Problem, ReliefError
from relief.kernel.text import _
from relief.kernel.unit_of_work import UnitOfWork

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Written:
    """A step as its entry says: the columns, the facts (none where they cannot be read), and what
    was typed (None where that was erased, or does not open)."""

    record: Row
    facts: Mapping[str, Any]
    fields: Mapping[str, str] | None

    @property
    def subject(self) -> tuple[str, int]:
        """Of which case."""
        return self.record["subject_kind"], self.record["subject_id"]


def rows_of(work: UnitOfWork, table: sa.Table) -> tuple[list[Row], list[Problem]]:
    """Every row of a table by its id, and those that no program of ours could have written."""
    try:
        found = work.connection.execute(sa.select(table).order_by(table.c.id))
        return [dict(row) for row in found.mappings()], []
    except (ValueError, TypeError):  # what stands in a column is nothing that it holds
        return _one_by_one(work, table)


def steps_of(work: Work, actions: Collection[str]) -> Iterator[Written]:
    """Every entry of these steps, oldest first."""
    statement = sa.select(JOURNAL).where(JOURNAL.c.action.in_(actions)).order_by(JOURNAL.c.id)
    keys: dict[tuple[str, int], bytes] = {}
    for kind in work.workflows.kinds.values():
        of_kind = sa.select(JOURNAL.c.subject_id).where(
            JOURNAL.c.action.in_(actions), JOURNAL.c.subject_kind == kind.key
        )
        cases = kind.table.c
        rows = work.rows(sa.select(cases.id, cases.journal_key).where(cases.id.in_(of_kind)))
        keys |= {(kind.key, row.id): row.journal_key for row in rows}
    for record in work.connection.execute(statement).mappings():
        key = keys.get((record["subject_kind"], record["subject_id"]), b"")
        yield _written(work, dict(record), key)


def _written(work: Work, record: Row, key: bytes) -> Written:
    try:
        facts = json.loads(record["facts"])
    except ValueError:  # altered: the chain names the entry
        facts = None
    facts = facts if isinstance(facts, dict) else {}
    entry = _opened(work, {**record, "facts": "{}"}, key)
    return Written(record, facts, entry.fields if entry and entry.readable else None)


def _opened(work: Work, record: Row, key: bytes) -> Entry | None:
    try:
        return opened(work.cipher, record, key)
    except (ReliefError, ValueError, TypeError):
        return None


def _one_by_one(work: UnitOfWork, table: sa.Table) -> tuple[list[Row], list[Problem]]:
    rows: list[Row] = []
    problems: list[Problem] = []
    for (row_id,) in work.rows(sa.select(table.c.id).order_by(table.c.id)):
        try:
            found = work.connection.execute(sa.select(table).where(table.c.id == row_id))
            rows.append(dict(found.mappings().one()))
        except (ValueError, TypeError):
            text = _(
                "Row {id} of {table} cannot be read: it was changed in the database.",
                id=row_id,
                table=table.name,
            )
            problems.append(Problem("audit.row_unreadable", text))
    return rows, problems
