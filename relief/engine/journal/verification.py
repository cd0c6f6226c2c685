"""The search for what was tampered with, over all that was written down: every case's journal, the
seals, the published workflows.

What is found is named by the case, the entry's number and its id.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from relief.engine.journal.chain import JOURNAL, unread
from relief.engine.journal.seals import verify_seals
from relief.engine.journal.tampering import (
    chain_faults,
    head_faults,
    is_unchanged,
    missing_entries,
)
from relief.engine.kinds import Recorded
from relief.engine.publishing import verify_published
from relief.engine.work import Work
from relief.kernel.errors import Problem
from relief.kernel.text import _
from relief.kernel.unit_of_work import UnitOfWork

_OF_KIND = (
    sa.select(JOURNAL)
    .where(JOURNAL.c.subject_kind == sa.bindparam("b_kind"))
    .order_by(JOURNAL.c.subject_id, JOURNAL.c.number)
)
_KINDS = sa.select(JOURNAL.c.subject_kind).distinct().order_by(JOURNAL.c.subject_kind)


def verify_journal(work: Work) -> list[Problem]:
    """Everything that was changed, removed or swapped since it was written."""
    kinds = work.workflows.recorded
    problems = [fault for kind in kinds.values() for fault in _verify_kind(work, kind)]
    problems += [fault for kind in kinds.values() if kind.altered for fault in kind.altered(work)]
    problems += [
        Problem(
            "journal.kind_unknown",
            _('The journal has entries of a kind that is not known: "{kind}".', kind=kind),
        )
        for (kind,) in work.rows(_KINDS)
        if kind not in kinds
    ]
    return [*problems, *verify_seals(work), *verify_published(work)]


def _verify_kind(work: UnitOfWork, kind: Recorded) -> Iterator[Problem]:
    """The cases of one kind, each with its entries; the entries are streamed."""
    cases = _cases(work, kind)
    found = work.stream(_OF_KIND, {"b_kind": kind.key})
    for subject_id, group in groupby(found, key=itemgetter("subject_id")):
        entries = [dict(entry) for entry in group]
        case = cases.pop(subject_id, None)
        reference = case["reference"] if case else f"{kind.key} {subject_id}"
        yield from chain_faults(reference, entries)
        yield from head_faults(reference, case, entries[-1])
        if case and "journal_key" in case:
            yield from _unread_faults(work, case, entries)
    for case in cases.values():
        yield from missing_entries(case["reference"], range(1, max(case["version"], 1) + 1))


def _unread_faults(
    work: UnitOfWork, case: Mapping[str, Any], entries: Iterable[Mapping[str, Any]]
) -> Iterator[Problem]:
    """Words that do not open, though their entry is as it was written."""
    found = unread(work.cipher, entries, case["journal_key"] or b"")
    if found is not None and is_unchanged(found):
        text = _(
            "What was written with entry {number} of {reference} cannot be read: the key to the "
            "words of this case was changed or removed by hand.",
            number=found["number"],
            reference=case["reference"],
        )
        yield Problem("journal.unreadable", text)


def _cases(work: UnitOfWork, kind: Recorded) -> dict[int, Mapping[str, Any]]:
    rows = work.rows(kind.heads.order_by(sa.text("id")))
    return {row.id: dict(row._mapping) for row in rows}
