"""What follows from E, P and W for each household: a line with its items, an exception, or both."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from relief.payouts.entitlement.window import (
    ACCOUNT,
    CHOICE,
    ENROLMENT,
    HOLD,
    HOUSEHOLD,
    MONTHS,
    VERDICTS,
    Window,
    known,
)


def verdicts(window: Window) -> sa.Select[Any]:
    """Per household: the sums, the recovery, and the first exception that applies."""
    found = _found(window)
    amount = found.c.due_fen - found.c.recovery_fen
    stopped = sa.case(
        (found.c.lacks_rate > 0, "no_rate"),
        (sa.and_(found.c.held > 0, found.c.due_fen + found.c.over_fen > 0), "on_hold"),
        (sa.and_(amount > 0, found.c.account_id.is_(None)), "no_account"),
    )
    has_line = sa.and_(amount > 0, stopped.is_(None))
    reason = sa.func.coalesce(
        stopped,
        sa.case(
            (found.c.over_fen > found.c.recovery_fen, "over_paid"),
            (sa.and_(amount <= 0, found.c.begins_month > window.last_month), "not_yet"),
            else_="",
        ),
    )
    return sa.select(
        found.c.id,
        found.c.household_no,
        found.c.due_fen,
        found.c.over_fen,
        found.c.recovery_fen,
        found.c.account_id,
        sa.case((has_line, 1), else_=0),
        reason,
    ).where(sa.or_(has_line, reason != ""))


def _found(window: Window) -> sa.Subquery:
    """Per household with something due, over, or still to start: sums, recovery, what stops it."""
    sums = (
        sa.select(
            MONTHS.c.household_id,
            sa.func.sum(MONTHS.c.due_fen).label("due"),
            sa.func.sum(MONTHS.c.over_fen).label("over"),
            sa.func.max(MONTHS.c.lacks_rate).label("lacks_rate"),
        )
        .group_by(MONTHS.c.household_id)
        .subquery("sums")
    )
    hold, account, choice = (
        sa.select(table).where(known(table, window.as_of)).subquery(f"known_{table.name}")
        for table in (HOLD, ACCOUNT, CHOICE)
    )
    begins = _latest_begins(window)
    # Sums of big integers are numeric on PostgreSQL, and would round where integers cut off.
    due, over = (
        sa.cast(sa.func.coalesce(column, 0), sa.BigInteger) for column in (sums.c.due, sums.c.over)
    )
    cap = due * window.recovery_percent // 100
    recovery = sa.case((choice.c.choice == "wait", 0), (over < cap, over), else_=cap).label(
        "recovery_fen"
    )
    return (
        sa.select(
            HOUSEHOLD.c.id,
            HOUSEHOLD.c.household_no,
            due.label("due_fen"),
            over.label("over_fen"),
            recovery,
            sa.case((account.c.kind != "none", account.c.id)).label("account_id"),
            sa.func.coalesce(sums.c.lacks_rate, 0).label("lacks_rate"),
            sa.case((hold.c.held.is_(True), 1), else_=0).label("held"),
            begins.c.from_month.label("begins_month"),
        )
        .select_from(
            HOUSEHOLD.outerjoin(sums, sums.c.household_id == HOUSEHOLD.c.id)
            .outerjoin(hold, hold.c.household_id == HOUSEHOLD.c.id)
            .outerjoin(account, account.c.household_id == HOUSEHOLD.c.id)
            .outerjoin(choice, choice.c.household_id == HOUSEHOLD.c.id)
            .outerjoin(begins, begins.c.household_id == HOUSEHOLD.c.id)
        )
        .where(
            HOUSEHOLD.c.recorded_at <= window.as_of,
            sa.or_(sums.c.household_id.is_not(None), begins.c.from_month > window.last_month),
        )
        .subquery("found")
    )


def _latest_begins(window: Window) -> sa.Subquery:
    """Where the latest enrolment begins, if that has months."""
    latest = sa.func.row_number().over(
        partition_by=ENROLMENT.c.household_id,
        order_by=(ENROLMENT.c.from_month.desc(), ENROLMENT.c.id.desc()),
    )
    rows = (
        sa.select(
            ENROLMENT.c.household_id,
            ENROLMENT.c.from_month,
            ENROLMENT.c.until_month,
            latest.label("place"),
        )
        .where(known(ENROLMENT, window.as_of))
        .subquery("enrolment_row")
    )
    return (
        sa.select(rows.c.household_id, rows.c.from_month)
        .where(
            rows.c.place == 1,
            sa.or_(rows.c.until_month.is_(None), rows.c.until_month > rows.c.from_month),
        )
        .subquery("begins")
    )


def staged_items(window: Window) -> sa.Select[Any]:
    """The items of the staged lines: household, month, kind, amount, persons, rate.

    Due months first as they are; then the recovery, taken from the over-paid months oldest first.
    """
    lines = MONTHS.join(
        VERDICTS,
        sa.and_(VERDICTS.c.household_id == MONTHS.c.household_id, VERDICTS.c.has_line == 1),
    )
    before = sa.func.sum(MONTHS.c.over_fen).over(
        partition_by=MONTHS.c.household_id, order_by=MONTHS.c.month, rows=(None, -1)
    )
    rows = (
        sa.select(
            MONTHS.c.household_id,
            MONTHS.c.month,
            MONTHS.c.persons,
            MONTHS.c.rate_fen,
            MONTHS.c.due_fen,
            MONTHS.c.over_fen,
            (VERDICTS.c.recovery_fen - sa.cast(sa.func.coalesce(before, 0), sa.BigInteger)).label(
                "left_fen"
            ),
        )
        .select_from(lines)
        .subquery("line_month")
    )
    taken = sa.case((rows.c.left_fen < rows.c.over_fen, rows.c.left_fen), else_=rows.c.over_fen)
    in_quarter = rows.c.month >= window.first_month
    kind = sa.case((rows.c.due_fen == 0, "recovery"), (in_quarter, "regular"), else_="arrears")
    amount = sa.case((rows.c.due_fen > 0, rows.c.due_fen), else_=-taken)
    return sa.select(
        rows.c.household_id,
        rows.c.month,
        kind.label("kind"),
        amount.label("amount_fen"),
        rows.c.persons,
        rows.c.rate_fen,
    ).where(sa.or_(rows.c.due_fen > 0, sa.and_(rows.c.over_fen > 0, rows.c.left_fen > 0)))
