"""The calculation, set-based: what is owed as known at T, minus what has been paid already.

One statement per step over all households at once, the same on SQLite and PostgreSQL. The words
are those of the rules: E owed, P paid, W written off, due = E - P, over = P - E - W. The second,
independent way is `plain.py`; `verify` and the tests hold this one against it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from relief.households.tables import Account, Enrolment, GradeFact, Hold, Household, Membership
from relief.kernel.database import UnitOfWork, table_of
from relief.kernel.months import Month
from relief.payouts.tables import (
    Checkpoint,
    PayoutItem,
    PayoutLine,
    Rate,
    RecoveryChoice,
    Repayment,
    WriteOff,
)

HOUSEHOLD, ENROLMENT, MEMBERSHIP = table_of(Household), table_of(Enrolment), table_of(Membership)
GRADE, HOLD, ACCOUNT = table_of(GradeFact), table_of(Hold), table_of(Account)
RATE, CHOICE, CHECKPOINT = table_of(Rate), table_of(RecoveryChoice), table_of(Checkpoint)
ITEM, LINE = table_of(PayoutItem), table_of(PayoutLine)
REPAYMENT, WRITE_OFF = table_of(Repayment), table_of(WriteOff)

_STAGE = sa.MetaData()
# What is due or over, month by month; only the months where something is, or a rate is missing.
MONTHS = sa.Table(
    "entitlement_month",
    _STAGE,
    sa.Column("household_id", sa.BigInteger, primary_key=True),
    sa.Column("month", sa.Integer, primary_key=True),
    sa.Column("persons", sa.Integer, nullable=False),
    sa.Column("rate_fen", sa.BigInteger, nullable=False),
    sa.Column("owed_fen", sa.BigInteger, nullable=False),
    sa.Column("paid_fen", sa.BigInteger, nullable=False),
    sa.Column("due_fen", sa.BigInteger, nullable=False),
    sa.Column("over_fen", sa.BigInteger, nullable=False),
    sa.Column("lacks_rate", sa.Integer, nullable=False),
    prefixes=["TEMPORARY"],
)
# What follows for each household: an amount, an exception, or both.
VERDICTS = sa.Table(
    "entitlement_verdict",
    _STAGE,
    sa.Column("household_id", sa.BigInteger, primary_key=True),
    sa.Column("household_no", sa.String, nullable=False),
    sa.Column("due_fen", sa.BigInteger, nullable=False),
    sa.Column("over_fen", sa.BigInteger, nullable=False),
    sa.Column("recovery_fen", sa.BigInteger, nullable=False),
    sa.Column("account_id", sa.BigInteger),
    sa.Column("has_line", sa.Integer, nullable=False),
    sa.Column("reason", sa.String, nullable=False),
    prefixes=["TEMPORARY"],
)
STAGED = (VERDICTS, MONTHS)


@dataclass(frozen=True)
class Window:
    """What a run looks at: the months from go-live to the last of its quarter, as known at T.

    `leave_out_run_id` names a draft whose items are to be made anew (left out of P);
    `full` looks at every month, however long ago it was settled.
    """

    as_of: dt.datetime
    go_live_month: Month
    first_month: Month
    last_month: Month
    recovery_percent: int
    leave_out_run_id: int | None = None
    full: bool = False


def stage(work: UnitOfWork, window: Window) -> None:
    """Fill the two staging tables for a window; they live and die with the transaction."""
    unstage(work)
    connection = work.session.connection()
    _STAGE.create_all(connection, checkfirst=False)
    columns = [column.name for column in MONTHS.columns]
    work.session.execute(sa.insert(MONTHS).from_select(columns, _months(window)))
    columns = [column.name for column in VERDICTS.columns]
    work.session.execute(sa.insert(VERDICTS).from_select(columns, _verdicts(window)))


def unstage(work: UnitOfWork) -> None:
    """Drop the staging tables where they stand."""
    for table in STAGED:
        work.session.execute(sa.text(f"DROP TABLE IF EXISTS {table.name}"))


def known(table: sa.Table, as_of: dt.datetime) -> sa.ColumnElement[bool]:
    """The fact rows known at T."""
    return sa.and_(
        table.c.recorded_at <= as_of,
        sa.or_(table.c.superseded_at.is_(None), table.c.superseded_at > as_of),
    )


def _covers(table: sa.Table, month: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    return sa.and_(
        table.c.from_month <= month,
        sa.or_(table.c.until_month.is_(None), table.c.until_month > month),
    )


def _months(window: Window) -> sa.Select[Any]:
    """E, P and W for every household and month that has to be looked at."""
    spine = _spine(window)
    paid, written_off = _paid(window, spine), _written_off(window, spine)
    grades, rates = _grade_spells(window), _rate_spells(window)
    enrolled = sa.exists().where(
        ENROLMENT.c.household_id == spine.c.household_id,
        known(ENROLMENT, window.as_of),
        _covers(ENROLMENT, spine.c.month),
    )
    counted = (
        sa.select(sa.func.count())
        .select_from(MEMBERSHIP)
        .where(
            MEMBERSHIP.c.household_id == spine.c.household_id,
            MEMBERSHIP.c.counted.is_(True),
            known(MEMBERSHIP, window.as_of),
            _covers(MEMBERSHIP, spine.c.month),
        )
        .scalar_subquery()
    )
    seen = (
        sa.select(
            spine.c.household_id,
            spine.c.month,
            sa.case((enrolled, counted), else_=0).label("persons"),
            rates.c.rate_fen.label("known_rate_fen"),
            sa.func.coalesce(rates.c.rate_fen, 0).label("rate_fen"),
            sa.func.coalesce(paid.c.fen, 0).label("paid_fen"),
            sa.func.coalesce(written_off.c.fen, 0).label("written_off_fen"),
        )
        .select_from(
            spine.outerjoin(
                grades,
                sa.and_(
                    grades.c.household_id == spine.c.household_id, _covers(grades, spine.c.month)
                ),
            )
            .outerjoin(
                rates, sa.and_(rates.c.grade == grades.c.grade, _covers(rates, spine.c.month))
            )
            .outerjoin(
                paid,
                sa.and_(paid.c.household_id == spine.c.household_id, paid.c.month == spine.c.month),
            )
            .outerjoin(
                written_off,
                sa.and_(
                    written_off.c.household_id == spine.c.household_id,
                    written_off.c.month == spine.c.month,
                ),
            )
        )
        .subquery("seen")
    )
    owed = seen.c.persons * seen.c.rate_fen
    due = _positive(owed - seen.c.paid_fen)
    over = _positive(seen.c.paid_fen - owed - seen.c.written_off_fen)
    lacks_rate = sa.case((sa.and_(seen.c.persons > 0, seen.c.known_rate_fen.is_(None)), 1), else_=0)
    return sa.select(
        seen.c.household_id,
        seen.c.month,
        seen.c.persons,
        seen.c.rate_fen,
        owed,
        seen.c.paid_fen,
        due,
        over,
        lacks_rate,
    ).where(sa.or_(due > 0, over > 0, lacks_rate > 0))


def _positive(amount: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    return sa.case((amount > 0, amount), else_=0)


def _spine(window: Window) -> sa.CTE:
    """Households by months; a household skips the months that a run has found settled."""
    month = sa.select(sa.literal(window.go_live_month).label("month")).cte("month", recursive=True)
    month = month.union_all(sa.select(month.c.month + 1).where(month.c.month < window.last_month))
    settled = _settled(window)
    return (
        sa.select(HOUSEHOLD.c.id.label("household_id"), month.c.month)
        .select_from(
            HOUSEHOLD.outerjoin(settled, settled.c.household_id == HOUSEHOLD.c.id).join(
                month, month.c.month > sa.func.coalesce(settled.c.through_month, 0)
            )
        )
        .where(HOUSEHOLD.c.recorded_at <= window.as_of)
        .cte("spine")
    )


def _settled(window: Window) -> sa.Subquery:
    """Checkpoints that still hold: a run found E = P, and since its T nothing became known."""
    point = CHECKPOINT
    if window.full:
        return (
            sa.select(point.c.household_id, point.c.through_month)
            .where(sa.false())
            .subquery("settled")
        )
    own = point.c.household_id
    facts = [
        sa.exists().where(
            table.c.household_id == own,
            sa.or_(table.c.recorded_at > point.c.as_of, table.c.superseded_at > point.c.as_of),
        )
        for table in (ENROLMENT, MEMBERSHIP, GRADE, HOLD, ACCOUNT, CHOICE)
    ]
    rates = sa.exists().where(
        GRADE.c.household_id == own,
        GRADE.c.grade == RATE.c.grade,
        RATE.c.confirmed_at > point.c.as_of,
    )
    items = sa.exists().where(
        ITEM.c.household_id == own,
        sa.or_(ITEM.c.made_at > point.c.as_of, ITEM.c.voided_at > point.c.as_of),
    )
    money = [
        sa.exists().where(table.c.household_id == own, table.c.confirmed_at > point.c.as_of)
        for table in (REPAYMENT, WRITE_OFF)
    ]
    return (
        sa.select(point.c.household_id, point.c.through_month)
        .where(
            point.c.as_of <= window.as_of,
            *(sa.not_(touched) for touched in (*facts, rates, items, *money)),
        )
        .subquery("settled")
    )


def _grade_spells(window: Window) -> sa.Subquery:
    """The grade holds until the next one known; of one first month the later recorded stands."""
    latest = sa.func.row_number().over(
        partition_by=(GRADE.c.household_id, GRADE.c.from_month), order_by=GRADE.c.id.desc()
    )
    rows = (
        sa.select(
            GRADE.c.household_id,
            GRADE.c.grade,
            GRADE.c.from_month,
            latest.label("place"),
        )
        .where(known(GRADE, window.as_of))
        .subquery("grade_row")
    )
    until = sa.func.lead(rows.c.from_month).over(
        partition_by=rows.c.household_id, order_by=rows.c.from_month
    )
    return (
        sa.select(
            rows.c.household_id,
            rows.c.grade,
            rows.c.from_month,
            until.label("until_month"),
        )
        .where(rows.c.place == 1)
        .subquery("grade_spell")
    )


def _rate_spells(window: Window) -> sa.Subquery:
    """A rate holds until the next; of one first month the later confirmed stands."""
    latest = sa.func.row_number().over(
        partition_by=(RATE.c.grade, RATE.c.from_month),
        order_by=(RATE.c.confirmed_at.desc(), RATE.c.id.desc()),
    )
    rows = (
        sa.select(
            RATE.c.grade,
            RATE.c.rate_fen,
            RATE.c.from_month,
            latest.label("place"),
        )
        .where(RATE.c.confirmed_at <= window.as_of)
        .subquery("rate_row")
    )
    until = sa.func.lead(rows.c.from_month).over(
        partition_by=rows.c.grade, order_by=rows.c.from_month
    )
    return (
        sa.select(
            rows.c.grade,
            rows.c.rate_fen,
            rows.c.from_month,
            until.label("until_month"),
        )
        .where(rows.c.place == 1)
        .subquery("rate_spell")
    )


def _paid(window: Window, spine: sa.CTE) -> sa.Subquery:
    """P: items made earlier than T and not voided at T, and confirmed repayments (negative)."""
    items = sa.select(ITEM.c.household_id, ITEM.c.month, ITEM.c.amount_fen.label("fen")).where(
        ITEM.c.made_at < window.as_of,
        sa.or_(ITEM.c.voided_at.is_(None), ITEM.c.voided_at > window.as_of),
    )
    if window.leave_out_run_id is not None:
        items = items.where(
            ITEM.c.line_id.not_in(
                sa.select(LINE.c.id).where(LINE.c.run_id == window.leave_out_run_id)
            )
        )
    repaid = sa.select(
        REPAYMENT.c.household_id,
        REPAYMENT.c.month,
        REPAYMENT.c.amount_fen,
    ).where(REPAYMENT.c.confirmed_at <= window.as_of)
    return _summed(spine, items.union_all(repaid).subquery("payment"), "paid")


def _written_off(window: Window, spine: sa.CTE) -> sa.Subquery:
    """W: what was given up, and confirmed, by T."""
    rows = (
        sa.select(
            WRITE_OFF.c.household_id,
            WRITE_OFF.c.month,
            WRITE_OFF.c.amount_fen.label("fen"),
        )
        .where(WRITE_OFF.c.confirmed_at <= window.as_of)
        .subquery("given_up")
    )
    return _summed(spine, rows, "written_off")


def _summed(spine: sa.CTE, rows: sa.Subquery, name: str) -> sa.Subquery:
    """Sum by household and month, over the months that are looked at."""
    return (
        sa.select(spine.c.household_id, spine.c.month, sa.func.sum(rows.c.fen).label("fen"))
        .select_from(
            spine.join(
                rows,
                sa.and_(rows.c.household_id == spine.c.household_id, rows.c.month == spine.c.month),
            )
        )
        .group_by(spine.c.household_id, spine.c.month)
        .subquery(name)
    )


def _verdicts(window: Window) -> sa.Select[Any]:
    """Per household: the sums, the recovery, and the first exception that applies."""
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
    due, over = (sa.func.coalesce(column, 0) for column in (sums.c.due, sums.c.over))
    cap = due * window.recovery_percent // 100
    recovery = sa.case((choice.c.choice == "wait", 0), (over < cap, over), else_=cap).label(
        "recovery_fen"
    )
    found = (
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
            (VERDICTS.c.recovery_fen - sa.func.coalesce(before, 0)).label("left_fen"),
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
