"""Reads of papers. Who may see a case may see its papers; the caller has found the case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from relief.kernel.columns import table_of
from relief.kernel.errors import Conflict, NotFound, ReliefError, refuse
from relief.kernel.looking import asked_once, know
from relief.kernel.text import Text, _
from relief.kernel.unit_of_work import UnitOfWork, in_chunks
from relief.papers.contents import TYPES
from relief.papers.tables import Paper

PAPER = table_of(Paper)
_OF_CASE = (
    sa.select(PAPER)
    .where(
        PAPER.c.subject_kind == sa.bindparam("b_kind"),
        PAPER.c.subject_id == sa.bindparam("b_id"),
    )
    .order_by(PAPER.c.number)
)
_ATTACHED = (
    sa.select(PAPER.c.subject_id, PAPER.c.number)
    .where(
        PAPER.c.subject_kind == sa.bindparam("b_kind"),
        PAPER.c.subject_id.in_(sa.bindparam("b_ids", expanding=True)),
        PAPER.c.detached_at.is_(None),
    )
    .order_by(PAPER.c.number)
)


_DAMAGED = _("damaged in the database: not what was attached")


@dataclass(frozen=True)
class ListedPaper:
    """A paper of a case, its name opened; of one whose row was damaged the name is empty, or the
    type none that there is."""

    number: int
    kind: str
    name: str
    file_type: str
    size_bytes: int
    sha256: str
    recorded_at: dt.datetime
    recorded_by: str
    detached_at: dt.datetime | None
    detached_by: str

    @property
    def type_title(self) -> Text:
        """What the file is."""
        return _DAMAGED if self.is_damaged else TYPES[self.file_type].title

    @property
    def is_damaged(self) -> bool:
        """True where the row was damaged, or changed by hand, so that it cannot be read."""
        return not self.name or self.file_type not in TYPES

    @property
    def stands(self) -> bool:
        """False where it was taken back."""
        return self.detached_at is None


@asked_once
def papers_of(work: UnitOfWork, kind: str, subject_id: int) -> list[ListedPaper]:
    """The papers of a case in the order in which they came, those taken back among them."""
    rows = work.connection.execute(_OF_CASE, {"b_kind": kind, "b_id": subject_id}).mappings()
    return [_listed(work, dict(row)) for row in rows]


@asked_once
def numbers_attached(work: UnitOfWork, kind: str, subject_id: int) -> list[int]:
    """The numbers of the papers that are attached to a case and were not taken back."""
    return _numbers(work, kind, [subject_id])[subject_id]


def know_attached(work: UnitOfWork, kind: str, subject_ids: Collection[int]) -> None:
    """Read the same of many cases beforehand."""
    for subject_id, numbers in _numbers(work, kind, subject_ids).items():
        know(work, numbers_attached, numbers, kind, subject_id)


def know_papers(work: UnitOfWork, kind: str, subject_id: int) -> None:
    """Read the papers of a case, which several ask for, beforehand."""
    standing = [paper.number for paper in papers_of(work, kind, subject_id) if paper.stands]
    know(work, numbers_attached, standing, kind, subject_id)


def _numbers(work: UnitOfWork, kind: str, subject_ids: Collection[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {subject_id: [] for subject_id in subject_ids}
    for chunk in in_chunks(subject_ids):
        for row in work.connection.execute(_ATTACHED, {"b_kind": kind, "b_ids": chunk}):
            found[row.subject_id].append(row.number)
    return found


def paper_of(work: UnitOfWork, kind: str, subject_id: int, number: str) -> ListedPaper:
    """One paper of a case by its number, as an address has it; refused where its row is
    damaged."""
    for paper in papers_of(work, kind, subject_id):
        if str(paper.number) == number:
            if paper.is_damaged:
                raise refuse(Conflict, "paper.damaged", _DAMAGED)
            return paper
    raise refuse(NotFound, "paper.unknown", _("There is no such paper."))


def next_number(work: UnitOfWork, kind: str, subject_id: int) -> int:
    """The number of the next paper of a case; the caller has the lock of record."""
    statement = sa.select(sa.func.count()).where(
        PAPER.c.subject_kind == kind, PAPER.c.subject_id == subject_id
    )
    return int(work.connection.execute(statement).scalar_one()) + 1


def names_in_use(work: UnitOfWork) -> frozenset[str]:
    """Under which names files lie that some case names."""
    return frozenset(work.connection.execute(sa.select(PAPER.c.sha256)).scalars())


def seal_context(token: str) -> str:
    """The place that the sealed name of a paper is bound to."""
    return f"paper.name:{token}"


def _listed(work: UnitOfWork, row: Mapping[str, Any]) -> ListedPaper:
    values = {name: row[name] for name in ListedPaper.__dataclass_fields__ if name in row}
    return ListedPaper(**values, name=name_in(work, row) or "")


def name_in(work: UnitOfWork, row: Mapping[str, Any]) -> str | None:
    """The name in a row, opened; None where it was damaged."""
    try:
        return work.cipher.open(row["sealed_name"], seal_context(row["token"]))
    except (ReliefError, ValueError, TypeError):
        return None
