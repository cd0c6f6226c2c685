"""The journal a page at a time, the latest entry first (auditor, admin).

Of a restricted case that is not for this reader an entry tells the kind and its hash, as when the
journal is handed out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from relief.engine.actors import Actor
from relief.engine.cases import Case
from relief.engine.journal.chain import JOURNAL
from relief.engine.journal.inspection import check_inspector
from relief.engine.kinds import SubjectKind
from relief.engine.work import Work
from relief.kernel.page_keys import row_after

PAGE_SIZE = 25


class ListedEntry(NamedTuple):
    """An entry as a list shows it. Where it is hidden, `reference` is None and who did what in it,
    and when, is left out."""

    id: int
    kind: str
    hash: str
    reference: str | None = None
    number: int = 0
    action: str = ""
    from_state: str = ""
    to_state: str = ""
    actor: str = ""
    on_behalf_of: str | None = None
    at: dt.datetime | None = None


class JournalPage(NamedTuple):
    """Some entries, and the key that the next page goes on from ("": these were the last)."""

    entries: list[ListedEntry]
    after: str


def journal_page(
    work: Work, actor: Actor, *, of: Case | None = None, after: str = "", size: int = PAGE_SIZE
) -> JournalPage:
    """Entries of all cases, or of one that this reader may see."""
    check_inspector(actor)
    statement = sa.select(JOURNAL).order_by(JOURNAL.c.id.desc()).limit(size + 1)
    if of is not None:
        statement = statement.where(
            JOURNAL.c.subject_kind == of.kind.key, JOURNAL.c.subject_id == of.id
        )
    if after:
        statement = statement.where(JOURNAL.c.id < row_after(after))
    found = [row._mapping for row in work.rows(statement)]
    references = _references(work, actor, found[:size])
    entries = [_listed(row, references) for row in found[:size]]
    return JournalPage(entries, str(entries[-1].id) if len(found) > size else "")


def _references(
    work: Work, actor: Actor, entries: Iterable[Mapping[str, Any]]
) -> dict[tuple[str, int], str]:
    """What the cases of some entries are called, of those that are for this reader."""
    ids: dict[str, set[int]] = {}
    for entry in entries:
        ids.setdefault(entry["subject_kind"], set()).add(entry["subject_id"])
    return {
        (kind, subject_id): reference
        for kind, of_kind in ids.items()
        for subject_id, reference in _of_kind(work, actor, kind, sorted(of_kind))
    }


def _of_kind(work: Work, actor: Actor, kind: str, ids: Sequence[int]) -> Iterable[tuple[int, str]]:
    subject = work.workflows.recorded.get(kind)
    if subject is None:
        return
    if not isinstance(subject, SubjectKind):
        heads = subject.heads.subquery()
        named = sa.select(heads.c.id, heads.c.reference).where(heads.c.id.in_(ids))
        yield from ((row[0], row[1]) for row in work.rows(named))
        return
    found = work.rows(sa.select(subject.table).where(subject.table.c.id.in_(ids)))
    for row in (dict(each._mapping) for each in found):
        if subject.visible is None or subject.visible(work, row, actor):
            yield row["id"], row[subject.reference]


def _listed(row: Mapping[str, Any], references: Mapping[tuple[str, int], str]) -> ListedEntry:
    told = ListedEntry(row["id"], row["subject_kind"], row["hash"])
    reference = references.get((row["subject_kind"], row["subject_id"]))
    if reference is None:
        return told
    names = ("number", "action", "from_state", "to_state", "actor", "on_behalf_of", "at")
    return told._replace(reference=reference, **{name: row[name] for name in names})
