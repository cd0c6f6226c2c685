"""What `prepare` would give now; nothing is written."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from relief.kernel.months import Quarter
from relief.kernel.unit_of_work import UnitOfWork
from relief.payouts import entitlement, queries, rules
from relief.payouts.entitlement import VERDICTS, Window
from relief.payouts.rules import Item, ListedException, ListedLine
from relief.payouts.runs.listing import exception_amount
from relief.payouts.runs.preparation import live_regular, terms_with_go_live, window_of


@dataclass(frozen=True)
class PreviewLine:
    """What a line would be."""

    household_no: str
    amount_fen: int
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Preview:
    """What `prepare` would give now; nothing is written."""

    quarter: Quarter
    kind: str
    as_of: dt.datetime
    total_fen: int
    sha256: str
    lines: tuple[PreviewLine, ...]
    exceptions: tuple[ListedException, ...]


def preview_run(work: UnitOfWork, quarter: Quarter) -> Preview:
    """What `prepare` would give now, at any time: the regular run, or what a supplementary run
    would add once the regular one is past its draft."""
    terms = terms_with_go_live(work, quarter)
    regular = live_regular(work, quarter)
    kind = rules.REGULAR if regular is None or regular.state == "draft" else rules.SUPPLEMENTARY
    latest = next(iter(queries.runs_of(work, quarter, kind)), None)
    draft_id = latest.id if latest and latest.state == "draft" else None
    window = window_of(terms, quarter, work.as_known_now(), leave_out_run_id=draft_id)
    entitlement.stage(work, window)
    preview = _read_preview(work, quarter, kind, window)
    entitlement.unstage(work)
    return preview


def _read_preview(work: UnitOfWork, quarter: Quarter, kind: str, window: Window) -> Preview:
    items: dict[int, list[Item]] = {}
    staged = entitlement.staged_items(window).subquery("staged")
    for row in work.rows(sa.select(staged).order_by(staged.c.household_id, staged.c.month)):
        household_id, month, item_kind, amount, persons, rate_fen = row
        # PostgreSQL adds up to a Decimal.
        item = Item(month, item_kind, int(amount), persons, rate_fen)
        items.setdefault(household_id, []).append(item)
    rows = work.rows(
        sa.select(VERDICTS, exception_amount().label("left_fen")).order_by(VERDICTS.c.household_no)
    )
    lines = tuple(
        PreviewLine(
            row.household_no, row.due_fen - row.recovery_fen, tuple(items[row.household_id])
        )
        for row in rows
        if row.has_line
    )
    exceptions = tuple(
        ListedException(row.household_no, row.reason, row.left_fen) for row in rows if row.reason
    )
    return Preview(
        quarter,
        kind,
        window.as_of,
        sum(line.amount_fen for line in lines),
        _sha256(work, window.as_of, lines, exceptions),
        lines,
        exceptions,
    )


def _sha256(
    work: UnitOfWork,
    as_of: dt.datetime,
    lines: tuple[PreviewLine, ...],
    exceptions: tuple[ListedException, ...],
) -> str:
    """The hash that the list would have."""
    payees = {row["household_no"]: row for row in work.stream(_payees(as_of))}
    return queries.sha256_of_list(
        (_listed(work, line, payees[line.household_no]) for line in lines), exceptions
    )


def _payees(as_of: dt.datetime) -> sa.Select[Any]:
    """Who would be paid, and where to; the same rows that `prepare` names in a line."""
    account, identity = queries.ACCOUNT, queries.IDENTITY
    payee_identity = sa.and_(
        identity.c.person_id == account.c.payee_id, entitlement.known(identity, as_of)
    )
    return (
        sa.select(
            VERDICTS.c.household_id,
            VERDICTS.c.household_no,
            account.c.payee_name,
            account.c.bank_name,
            account.c.sealed_number.label("account_sealed"),
            account.c.token.label("account_token"),
            identity.c.sealed_number.label("identity_sealed"),
            identity.c.token.label("identity_token"),
        )
        .select_from(
            VERDICTS.join(account, account.c.id == VERDICTS.c.account_id).outerjoin(
                identity, payee_identity
            )
        )
        .where(VERDICTS.c.has_line == 1)
    )


def _listed(work: UnitOfWork, line: PreviewLine, payee: Any) -> ListedLine:
    return ListedLine(
        household_no=line.household_no,
        payee_name=payee["payee_name"],
        id_number=queries.opened_identity(work, payee),
        account_no=queries.opened_account(work, payee),
        bank_name=payee["bank_name"],
        amount_fen=line.amount_fen,
        items=line.items,
    )
