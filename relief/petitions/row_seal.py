"""The office's seal over a case's row: none but the office can make it, so a row that was changed
by hand shows. A row that was put back together with its seal shows by the journal (`replay`)."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from relief.engine.tables import Subject
from relief.kernel.crypto import FieldCipher
from relief.kernel.row_texts import as_text
from relief.kernel.unit_of_work import UnitOfWork, in_chunks
from relief.petitions.queries import CASE

# The engine's own columns change with every step, and are held against the chain; the key to the
# words of a case never changes.
_OURS = tuple(
    column.name
    for column in CASE.c
    if column.name not in Subject.model_fields and column.name != "row_seal"
)
_SEALED = (*_OURS, "journal_key")
_SEAL = (
    sa.update(CASE).where(CASE.c.id == sa.bindparam("b_id")).values(row_seal=sa.bindparam("b_seal"))
)


def seal_of(cipher: FieldCipher, row: Mapping[str, Any]) -> str:
    """The seal over the columns of a case that its feature writes, and the key to its words."""
    return _seal_over(cipher, row, _SEALED)


def is_sealed(cipher: FieldCipher, row: Mapping[str, Any]) -> bool:
    """False for a row that was changed, or put in, by hand."""
    return _bears(row, seal_of(cipher, row))


def write_row(work: UnitOfWork, case_id: int, *, is_new: bool = False, **values: Any) -> None:
    """Change columns of a case, and seal its row: the only way in which the feature does. A row
    that was changed by hand meanwhile gets no new seal, so that it goes on to show."""
    of_case = sa.select(CASE).where(CASE.c.id == case_id)
    found = dict(work.connection.execute(of_case).mappings().one())
    if is_new or is_sealed(work.cipher, found):
        values["row_seal"] = seal_of(work.cipher, {**found, **values})
    if values:
        work.connection.execute(sa.update(CASE).where(CASE.c.id == case_id).values(**values))


def any_sealed(work: UnitOfWork) -> bool:
    """Whether a row bears a seal, of whatever kind."""
    return bool(work.rows(sa.select(CASE.c.id).where(CASE.c.row_seal != "").limit(1)))


def any_sealed_now(work: UnitOfWork) -> bool:
    """Whether a row bears the seal as it is made today."""
    rows = work.stream(sa.select(CASE).where(CASE.c.row_seal != ""))
    return any(is_sealed(work.cipher, dict(row)) for row in rows)


def seal_earlier_rows(work: UnitOfWork, *, is_first: bool) -> None:
    """Seal the rows that stood before (`relief init`): those that bear the seal of 0023, which left
    out the key to their words; and, where none was sealed before (`is_first`), all. A row that came
    later without a seal was put in by hand, and gets none."""
    ids = [row.id for row in work.rows(sa.select(CASE.c.id))]
    for chunk in in_chunks(ids):
        of_cases = sa.select(CASE).where(CASE.c.id.in_(chunk))
        found = map(dict, work.connection.execute(of_cases).mappings())
        seals = [
            {"b_id": row["id"], "b_seal": seal_of(work.cipher, row)}
            for row in found
            if is_first or _bore_seal(work.cipher, row)
        ]
        if seals:
            work.connection.execute(_SEAL, seals)


def _bore_seal(cipher: FieldCipher, row: Mapping[str, Any]) -> bool:
    return _bears(row, _seal_over(cipher, row, _OURS))


def _bears(row: Mapping[str, Any], seal: str) -> bool:
    return hmac.compare_digest(seal.encode(), str(row["row_seal"]).encode())


def _seal_over(cipher: FieldCipher, row: Mapping[str, Any], names: Sequence[str]) -> str:
    return cipher.blind_index(as_text({name: row[name] for name in names}), "row of petition_case")
