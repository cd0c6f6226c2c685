"""Rows that are made once, and end at most once, each with entries of the journal: one that was put
in, changed, brought back or removed by hand is named, as far back as the daily seals reach.

An entry holds a keyed mark of the row: nobody can make one but the office, nor read the row by it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import sqlalchemy as sa

from relief.engine.actors import SYSTEM, Actor
from relief.engine.journal.against import rows_of
from relief.engine.journal.chain import JOURNAL
from relief.engine.journal.records import Recording, write_down
from relief.engine.kinds import RecordKind
from relief.kernel.errors import Problem
from relief.kernel.row_texts import as_text
from relief.kernel.text import _
from relief.kernel.unit_of_work import UnitOfWork

STANDING, ENDED = "standing", "ended"
_HEAD = JOURNAL.alias("head")
_MADE, _ENDED = 1, 2


@dataclass(frozen=True)
class KeptRows:
    """A table of such rows; `reference` is what people call one. Where it has `ended_at`, a row
    ends by that."""

    key: str
    table: sa.Table
    reference: sa.ColumnElement[str]

    @property
    def record(self) -> RecordKind:
        """How the journal knows them."""
        return RecordKind(self.key, self._heads, altered=partial(_differences, kept=self))

    @property
    def _number(self) -> sa.ColumnElement[int]:
        if "ended_at" not in self.table.c:
            return sa.literal(_MADE)
        return sa.case((self.table.c.ended_at.is_(None), _MADE), else_=_ENDED)

    @property
    def _heads(self) -> sa.Select[Any]:
        """A row remembers no entry: its last is that of its number, and the mark holds the two
        together."""
        head = (
            sa.select(_HEAD.c.hash)
            .where(
                _HEAD.c.subject_kind == self.key,
                _HEAD.c.subject_id == self.table.c.id,
                _HEAD.c.number == self._number,
            )
            .correlate(self.table)
            .scalar_subquery()
        )
        state = sa.case((self._number == _MADE, STANDING), else_=ENDED)
        return sa.select(
            self.table.c.id,
            state.label("state"),
            self._number.label("version"),
            sa.func.coalesce(head, "").label("journal_head"),
            sa.literal("").label("definition_sha256"),
            self.reference.label("reference"),
        )


def write_made(work: UnitOfWork, actor: Actor, kept: KeptRows, row_id: int) -> None:
    """Write down that a row was made, just now."""
    _write(work, actor, kept, _row(work, kept, row_id), _MADE)


def write_ended(work: UnitOfWork, actor: Actor, kept: KeptRows, row_id: int) -> None:
    """Write down that a row ended, just now."""
    _write(work, actor, kept, _row(work, kept, row_id), _ENDED)


def stands_by_journal(work: UnitOfWork, kept: KeptRows, row_id: int) -> bool:
    """Whether the journal says that a row was made and has not ended; the row itself may say what
    somebody wrote by hand."""
    entries = sa.select(JOURNAL.c.number).where(
        JOURNAL.c.subject_kind == kept.key, JOURNAL.c.subject_id == row_id
    )
    return [row.number for row in work.rows(entries)] == [_MADE]


def any_written(work: UnitOfWork, every: Iterable[KeptRows]) -> bool:
    """Whether the journal has begun to tell of such rows."""
    kinds = JOURNAL.c.subject_kind.in_([kept.key for kept in every])
    return bool(work.rows(sa.select(JOURNAL.c.id).where(kinds).limit(1)))


def take_over(work: UnitOfWork, kept: KeptRows) -> None:
    """Write entries for the rows from before they had any (`relief init`, once: `any_written`)."""
    rows, _unreadable = rows_of(work, kept.table)
    for row in rows:
        as_made = {**row, **{name: None for name in ("ended_at", "ended_by") if name in row}}
        _write(work, SYSTEM, kept, as_made, _MADE, "take_over")
        if row.get("ended_at"):
            _write(work, SYSTEM, kept, row, _ENDED, "take_over")


def _write(
    work: UnitOfWork,
    actor: Actor,
    kept: KeptRows,
    row: Mapping[str, Any],
    number: int,
    action: str = "",
) -> None:
    is_new = number == _MADE
    recording = Recording(
        kind=kept.key,
        subject_id=row["id"],
        number=number,
        action=action or ("make" if is_new else "end"),
        from_state="" if is_new else STANDING,
        to_state=STANDING if is_new else ENDED,
        previous_hash="" if is_new else _first_hash(work, kept, row["id"]),
        facts={"row": _mark(work, kept, row)},
    )
    write_down(work, actor, recording, work.instant())


def _first_hash(work: UnitOfWork, kept: KeptRows, row_id: int) -> str:
    first = sa.select(JOURNAL.c.hash).where(
        JOURNAL.c.subject_kind == kept.key,
        JOURNAL.c.subject_id == row_id,
        JOURNAL.c.number == _MADE,
    )
    return next((str(row.hash) for row in work.rows(first)), "")


def _row(work: UnitOfWork, kept: KeptRows, row_id: int) -> Mapping[str, Any]:
    of_id = sa.select(kept.table).where(kept.table.c.id == row_id)
    return dict(work.connection.execute(of_id).mappings().one())


def _mark(work: UnitOfWork, kept: KeptRows, row: Mapping[str, Any]) -> str:
    return work.cipher.blind_index(as_text(row), f"row of {kept.table.name}")


def _differences(work: UnitOfWork, kept: KeptRows) -> Iterator[Problem]:
    """Every row that is not what its last entry says."""
    told = {
        (row.subject_id, row.number): row.facts
        for row in work.rows(
            sa.select(JOURNAL.c.subject_id, JOURNAL.c.number, JOURNAL.c.facts).where(
                JOURNAL.c.subject_kind == kept.key
            )
        )
    }
    rows, unreadable = rows_of(work, kept.table)
    yield from unreadable
    heads = kept.record.heads.subquery()
    names = {row.id: row.reference for row in work.rows(sa.select(heads.c.id, heads.c.reference))}
    for row in rows:
        facts = told.get((row["id"], _ENDED if row.get("ended_at") else _MADE))
        # Where there is no entry, the chain's own check tells that.
        if facts is not None and _said_mark(facts) != _mark(work, kept, row):
            text = _(
                "{no} is not what its journal says: row {id} of {table} was changed by hand.",
                no=names.get(row["id"], ""),
                id=row["id"],
                table=kept.table.name,
            )
            yield Problem("record.altered", text)


def _said_mark(facts: str) -> object:
    try:
        said = json.loads(facts)
    except ValueError:
        return None
    return said.get("row") if isinstance(said, dict) else None
