"""The rows against the journal: household, month, amount and paper are those that were recorded,
and one counts from the instant of its confirmation, or not at all. Confirmed ones against what was
known then: none was for more than was over-paid."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

import sqlalchemy as sa

from relief.engine.journal.chain import JOURNAL
from relief.kernel.errors import Problem
from relief.kernel.money import Fen, format_yuan
from relief.kernel.months import Month, format_month
from relief.kernel.text import _
from relief.kernel.unit_of_work import UnitOfWork
from relief.payouts.over_paid.kinds import WRITE_OFF, MoneyKind
from relief.payouts.over_paid.paper_numbers import paper_key
from relief.payouts.verification.given_up import still_given_up
from relief.payouts.verification.known import HOUSEHOLD, known_households, known_rates
from relief.payouts.verification.plain import owed
from relief.payouts.words import yuan

_KEPT = ("recorded_at", "recorded_by", "confirmed_at", "confirmed_by")
_RECORD, _CONFIRM = JOURNAL.alias("record"), JOURNAL.alias("confirm")
_WORDS = {
    "reference": _("number"),
    "household_no": _("household"),
    "month": _("month"),
    "amount": _("amount"),
    "receipt_no": _("receipt"),
    "minutes_no": _("minutes"),
    "recorded_at": _("recorded at"),
    "recorded_by": _("recorded by"),
    "confirmed_at": _("confirmed at"),
    "confirmed_by": _("confirmed by"),
}


def facts_of(
    kind: MoneyKind, reference: str, household_no: str, month: Month, amount_fen: Fen, paper_no: str
) -> dict[str, str]:
    """What the journal keeps of a recording; `amount_fen` as people write it."""
    return {
        "reference": reference,
        "household_no": household_no,
        "month": format_month(month),
        "amount": format_yuan(amount_fen),
        kind.paper: paper_no,
    }


def differences(work: UnitOfWork, kind: MoneyKind, subject_id: int | None = None) -> list[Problem]:
    """Every row of a kind, or the one, that is not what its journal says."""
    return list(_differences(work, kind, subject_id))


def too_large(work: UnitOfWork, kind: MoneyKind, but_not: Collection[str]) -> list[Problem]:
    """Every confirmed one, but for the references, that was more than was over-paid in its month
    when it was confirmed: the guards refuse such, so that somebody changed what was known then."""
    confirmed = _rows(kind, None).where(
        kind.table.c.confirmed_at.is_not(None), kind.table.c.reference.not_in(but_not)
    )
    return list(filter(None, (_too_large(work, kind, row) for row in work.rows(confirmed))))


def _too_large(work: UnitOfWork, kind: MoneyKind, row: Any) -> Problem | None:
    amount_fen = kind.written_fen(row.amount_fen)
    over_fen = _over_before(work, kind, row)
    if amount_fen <= over_fen:
        return None
    text = _(
        "{no} is of {amount}, but {over} was over-paid in {month} when it was confirmed.",
        no=row.reference,
        amount=yuan(amount_fen),
        over=yuan(over_fen),
        month=format_month(row.month),
    )
    return Problem(f"{kind.key}.too_large", text)


def _over_before(work: UnitOfWork, kind: MoneyKind, row: Any) -> Fen:
    """What was over-paid at the instant of the confirmation, but for this one."""
    at, month = row.confirmed_at, row.month
    household = next(known_households(work, at, household_nos=[row.household_no]), None)
    if household is None:
        return 0
    owed_fen = owed(household, known_rates(work, at), month).owed_fen
    paid_fen, given_up = household.paid.get(month, 0), household.written_off.get(month, ())
    if kind is WRITE_OFF:
        given_up = given_up[:-1]
    else:
        paid_fen -= row.amount_fen
    return max(paid_fen - owed_fen - still_given_up(given_up, owed_fen), 0)


def _differences(work: UnitOfWork, kind: MoneyKind, subject_id: int | None) -> Iterator[Problem]:
    for row in work.stream(_rows(kind, subject_id)):
        stored, told = _stored(kind, row), _told(row)
        changed = [name for name in stored if stored[name] != told.get(name)]
        if kind.paper not in changed and not _is_key_of(row, row[kind.paper]):
            changed.append(kind.paper)
        if changed:
            text = _(
                "{no} is not what its journal says: {what} was changed by hand.",
                no=row["reference"],
                what=[_WORDS[name] for name in changed],
            )
            yield Problem(f"{kind.key}.altered", text)


def _is_key_of(row: sa.RowMapping, paper_no: str) -> bool:
    """True where a row is found by its paper; of those that stood on one paper before the database
    held it, a later one has its own number behind."""
    key = paper_key(paper_no)
    return row["paper_key"] in (key, f"{key} {row['reference']}")


def _rows(kind: MoneyKind, subject_id: int | None) -> sa.Select[Any]:
    """Rows with the entries that recorded and confirmed them; one without a journal is told by the
    chain's own check."""
    table = kind.table
    entries = (
        table.join(HOUSEHOLD, HOUSEHOLD.c.id == table.c.household_id)
        .join(_RECORD, _of(_RECORD, kind, "record"))
        .outerjoin(_CONFIRM, _of(_CONFIRM, kind, "confirm"))
    )
    where = [table.c.id == subject_id] if subject_id is not None else []
    return (
        sa.select(
            table,
            HOUSEHOLD.c.household_no,
            _RECORD.c.facts,
            _RECORD.c.at.label("told_recorded_at"),
            _RECORD.c.actor.label("told_recorded_by"),
            _CONFIRM.c.at.label("told_confirmed_at"),
            sa.func.coalesce(_CONFIRM.c.actor, "").label("told_confirmed_by"),
        )
        .select_from(entries)
        .where(*where)
        .order_by(table.c.id)
    )


def _of(entry: sa.FromClause, kind: MoneyKind, action: str) -> sa.ColumnElement[bool]:
    return sa.and_(
        entry.c.subject_kind == kind.key,
        entry.c.subject_id == kind.table.c.id,
        entry.c.action == action,
    )


def _stored(kind: MoneyKind, row: sa.RowMapping) -> dict[str, Any]:
    return {
        **facts_of(
            kind,
            row["reference"],
            row["household_no"],
            row["month"],
            kind.written_fen(row["amount_fen"]),
            row[kind.paper],
        ),
        **{name: row[name] for name in _KEPT},
    }


def _told(row: sa.RowMapping) -> dict[str, Any]:
    return {**_facts(row["facts"]), **{name: row[f"told_{name}"] for name in _KEPT}}


def _facts(text: str) -> dict[str, Any]:
    """An entry's facts; none where somebody wrote there what is no such thing."""
    try:
        facts = json.loads(text)
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}
