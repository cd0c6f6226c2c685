"""The journal as others use it: its history, its seals, and the search for what was tampered with.

What is found is named by the case, the entry's number and its id.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from relief.engine.definitions.publishing import verify_published
from relief.engine.journal.chain import JOURNAL, Entry, append, opened
from relief.engine.journal.seals import Seal, seal_day, verify_seals
from relief.engine.journal.tampering import chain_faults, head_faults, missing_entries
from relief.engine.work import Work
from relief.engine.workflows import SubjectKind
from relief.kernel.database import UnitOfWork
from relief.kernel.errors import NotFound, Problem, refuse
from relief.kernel.text import _

__all__ = ["Entry", "Seal", "append", "history", "seal_day", "verify_journal"]

_OF_KIND = (
    sa.select(JOURNAL)
    .where(JOURNAL.c.subject_kind == sa.bindparam("b_kind"))
    .order_by(JOURNAL.c.subject_id, JOURNAL.c.number)
)
_OF_CASE = (
    sa.select(JOURNAL)
    .where(
        JOURNAL.c.subject_kind == sa.bindparam("b_kind"),
        JOURNAL.c.subject_id == sa.bindparam("b_id"),
    )
    .order_by(JOURNAL.c.number)
)
_KINDS = sa.select(JOURNAL.c.subject_kind).distinct().order_by(JOURNAL.c.subject_kind)


def history(work: Work, kind: str, subject_id: int) -> list[Entry]:
    """Every step of a case, oldest first, with its words where they were not shredded."""
    connection = work.session.connection()
    by_id = work.workflows.kinds[kind].by_id
    row = connection.execute(by_id, {"b_id": subject_id}).mappings().one_or_none()
    if row is None:
        raise refuse(NotFound, "case.unknown", _("There is no such case."))
    entries = connection.execute(_OF_CASE, {"b_kind": kind, "b_id": subject_id}).mappings()
    return [opened(work.cipher, dict(entry), row["journal_key"]) for entry in entries]


def verify_journal(work: Work) -> list[Problem]:
    """Everything that was changed, removed or swapped since it was written."""
    kinds = work.workflows.kinds
    problems = [fault for kind in kinds.values() for fault in _verify_kind(work, kind)]
    problems += [
        Problem(
            "journal.kind_unknown",
            _('The journal has entries of a kind that is not known: "{kind}".', kind=kind),
        )
        for (kind,) in work.rows(_KINDS)
        if kind not in kinds
    ]
    return [*problems, *verify_seals(work), *verify_published(work)]


def _verify_kind(work: UnitOfWork, kind: SubjectKind) -> Iterator[Problem]:
    """The cases of one kind, each with its entries; the entries are streamed."""
    cases = _cases(work, kind)
    found = work.stream(_OF_KIND, {"b_kind": kind.key})
    for subject_id, group in groupby(found, key=itemgetter("subject_id")):
        entries = [dict(entry) for entry in group]
        case = cases.pop(subject_id, None)
        reference = case["reference"] if case else f"{kind.key} {subject_id}"
        yield from chain_faults(reference, entries)
        yield from head_faults(reference, case, entries[-1])
    for case in cases.values():
        yield from missing_entries(case["reference"], range(1, max(case["version"], 1) + 1))


def _cases(work: UnitOfWork, kind: SubjectKind) -> dict[int, Mapping[str, Any]]:
    columns = kind.table.c
    statement = sa.select(
        columns.id,
        columns.state,
        columns.version,
        columns.journal_head,
        columns.definition_sha256,
        columns[kind.reference].label("reference"),
    )
    statement = statement.where(kind.mine).order_by(columns.id)
    return {row.id: dict(row._mapping) for row in work.rows(statement)}
