"""Reads of the one matter that a receipt is for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from relief.engine.journal.passages import Passage
from relief.kernel.text import is_plain
from relief.kernel.unit_of_work import UnitOfWork
from relief.petitions.queries import CASE, case_row

_BY_NUMBER = sa.select(CASE).where(CASE.c.reference == sa.bindparam("b_reference"))


def row_of(work: UnitOfWork, number: str) -> Mapping[str, Any] | None:
    """The case of a receipt's number, restricted or not; the check code says who may ask."""
    wanted = number if is_plain(number) else ""
    found = work.connection.execute(_BY_NUMBER, {"b_reference": wanted})
    row = found.mappings().one_or_none()
    return dict(row) if row else None


def where_it_went(work: UnitOfWork, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """The case in which a matter is worked on: where it was merged, the other one, and so on."""
    while row["merged_into_id"]:
        row = case_row(work, row["merged_into_id"])
    return row


def entered(passages: list[Passage]) -> Passage:
    """The step by which a case came to the state it stands in."""
    moved = [each for each in passages if each.from_state != each.to_state]
    return moved[-1]
