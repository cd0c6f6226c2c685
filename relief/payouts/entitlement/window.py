"""What a run looks at, and the staging tables that its answer is made in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from relief.households.tables import (
    Account,
    Enrolment,
    GradeFact,
    Hold,
    Household,
    Membership,
)
from relief.kernel.columns import BY_CODE_POINT, table_of
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

STAGE = sa.MetaData()
# What is due or over, month by month; only the months where something is, or a rate is missing.
MONTHS = sa.Table(
    "entitlement_month",
    STAGE,
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
    STAGE,
    sa.Column("household_id", sa.BigInteger, primary_key=True),
    sa.Column("household_no", BY_CODE_POINT, nullable=False),
    sa.Column("due_fen", sa.BigInteger, nullable=False),
    sa.Column("over_fen", sa.BigInteger, nullable=False),
    sa.Column("recovery_fen", sa.BigInteger, nullable=False),
    sa.Column("account_id", sa.BigInteger),
    sa.Column("has_line", sa.Integer, nullable=False),
    sa.Column("reason", sa.String, nullable=False),
    prefixes=["TEMPORARY"],
)


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


def known(table: sa.Table, as_of: dt.datetime) -> sa.ColumnElement[bool]:
    """The fact rows known at T."""
    return sa.and_(
        table.c.recorded_at <= as_of,
        sa.or_(table.c.superseded_at.is_(None), table.c.superseded_at > as_of),
    )


def covers(table: sa.FromClause, month: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    """The spells that a month lies in."""
    return sa.and_(
        table.c.from_month <= month,
        sa.or_(table.c.until_month.is_(None), table.c.until_month > month),
    )
