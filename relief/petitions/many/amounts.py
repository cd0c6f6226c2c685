"""The amount that a case is about: that which was written last in one of its steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from relief.engine.cases import Case
from relief.engine.definitions.definition import Definition
from relief.engine.journal.chain import JOURNAL, opened
from relief.engine.work import Work
from relief.kernel.money import Fen, parse_yuan
from relief.kernel.unit_of_work import in_chunks
from relief.petitions.rules import FAMILY


def last_amounts(work: Work, cases: Sequence[Case]) -> dict[int, Fen]:
    """The amount that was written last in a step of each case, by the case's id; cases of kinds
    that ask for no amount are not looked at."""
    found: dict[int, Fen] = {}
    by_id = {case.id: case for case in cases}
    asking = {case.id: _asking(case.machine.definition) for case in cases}
    for chunk in in_chunks(case_id for case_id, fields in asking.items() if fields):
        for entry in work.rows(_entries(work, chunk)):
            case = by_id[entry.subject_id]
            fields = asking[entry.subject_id].get(entry.action, ())
            if entry.subject_kind == case.kind.key and fields:
                words = opened(work.cipher, dict(entry._mapping), case.row["journal_key"]).fields
                for name in fields:
                    if words.get(name):
                        found[case.id] = parse_yuan(words[name])
    return found


def _entries(work: Work, ids: Sequence[int]) -> sa.Select[Any]:
    return (
        sa.select(JOURNAL)
        .where(
            JOURNAL.c.subject_kind.in_(tuple(work.workflows.of_family(FAMILY))),
            JOURNAL.c.subject_id.in_(ids),
        )
        .order_by(JOURNAL.c.subject_id, JOURNAL.c.number)
    )


def _asking(definition: Definition) -> dict[str, list[str]]:
    """The steps that ask for an amount, each with those fields."""
    amounts = {field.id for field in definition.fields if field.type == "amount"}
    asked = {
        action.id: [name for name in (*action.fields, *action.optional_fields) if name in amounts]
        for action in definition.actions
    }
    return {action: fields for action, fields in asked.items() if fields}
