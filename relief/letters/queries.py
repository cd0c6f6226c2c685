"""Reads of issued letters. Who may see a case may see its letters; the caller has found the
case."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from relief.kernel.columns import table_of
from relief.kernel.errors import Conflict, NotFound, refuse
from relief.kernel.text import _
from relief.kernel.unit_of_work import UnitOfWork
from relief.letters.tables import IssuedLetter

LETTER = table_of(IssuedLetter)
_LISTED = [column for column in LETTER.c if column.name != "sealed_page"]
_OF_CASE = (
    sa.select(*_LISTED)
    .where(
        LETTER.c.subject_kind == sa.bindparam("b_kind"),
        LETTER.c.subject_id == sa.bindparam("b_id"),
    )
    .order_by(LETTER.c.number)
)


@dataclass(frozen=True)
class ListedLetter:
    """An issued letter without its page."""

    number: int
    letter: str
    title: str
    language: str
    sha256: str
    issued_on: dt.date
    recorded_at: dt.datetime
    recorded_by: str


def letters_of(work: UnitOfWork, kind: str, subject_id: int) -> list[ListedLetter]:
    """The letters of a case in the order in which they were issued."""
    rows = work.connection.execute(_OF_CASE, {"b_kind": kind, "b_id": subject_id}).mappings()
    return [_listed(dict(row)) for row in rows]


def letter_of(work: UnitOfWork, kind: str, subject_id: int, number: str) -> ListedLetter:
    """The letter of a case that has this number; refused where there is none."""
    for letter in letters_of(work, kind, subject_id):
        if str(letter.number) == number:
            return letter
    raise refuse(NotFound, "letter.unknown", _("There is no such letter."))


def page_of(work: UnitOfWork, kind: str, subject_id: int, number: str) -> bytes:
    """A letter as it was issued, byte for byte; refused where it was altered since."""
    letter = letter_of(work, kind, subject_id, number)
    found = work.connection.execute(
        sa.select(LETTER).where(
            LETTER.c.subject_kind == kind,
            LETTER.c.subject_id == subject_id,
            LETTER.c.number == letter.number,
        )
    )
    return opened(work, dict(found.mappings().one()))


def opened(work: UnitOfWork, row: Mapping[str, Any]) -> bytes:
    """The page of a row, held against its hash."""
    page = work.cipher.open_bytes(row["sealed_page"], seal_context(row["token"]))
    if hashlib.sha256(page).hexdigest() != row["sha256"]:
        text = _("This letter is not what was issued: it was altered in the database.")
        raise refuse(Conflict, "letter.altered", text)
    return page


def seal_context(token: str) -> str:
    """The place that the sealed page of a letter is bound to."""
    return f"issued_letter.page:{token}"


def _listed(row: Mapping[str, Any]) -> ListedLetter:
    return ListedLetter(**{name: row[name] for name in ListedLetter.__dataclass_fields__})
