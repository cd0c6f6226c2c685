"""Writing a run's list from the staged verdicts, all by set."""

from __future__ import annotations

import sqlalchemy as sa

from relief.engine.actors import Actor
from relief.engine.work import Work
from relief.households.tables import Household
from relief.kernel.columns import table_of
from relief.kernel.unit_of_work import UnitOfWork
from relief.payouts import entitlement, queries
from relief.payouts.entitlement import VERDICTS, Window
from relief.payouts.entitlement.window import ACCOUNT, CHECKPOINT, WRITE_OFF
from relief.payouts.queries import EVENT, EXCEPTION, ITEM, LINE, RUN, Run
from relief.payouts.runs.over_payments import new_over_payments

HOUSEHOLD = table_of(Household)


def write_list(work: Work, run: Run, window: Window, actor: Actor) -> None:
    """From the staged verdicts: lines, their first events, items, exceptions, checkpoints."""
    work.connection.execute(_insert_lines(run))
    mine = sa.and_(LINE.c.run_id == run.id, LINE.c.made_at == run.as_of)
    work.connection.execute(
        sa.insert(EVENT).from_select(
            ["line_id", "state", "at", "actor", "answer"],
            sa.select(
                LINE.c.id,
                sa.literal("prepared"),
                LINE.c.made_at,
                sa.literal(actor.username),
                sa.literal(""),
            )
            .where(mine)
            .order_by(LINE.c.id),
        )
    )
    items = entitlement.staged_items(window).subquery("staged")
    work.connection.execute(
        sa.insert(ITEM).from_select(
            [
                "household_id",
                "month",
                "kind",
                "amount_fen",
                "persons",
                "rate_fen",
                "line_id",
                "made_at",
            ],
            sa.select(items, LINE.c.id, LINE.c.made_at).join(
                LINE, sa.and_(LINE.c.household_id == items.c.household_id, mine)
            ),
        )
    )
    work.connection.execute(_insert_exceptions(run))
    _write_checkpoints(work, run)
    found, found_fen = new_over_payments(work, run)
    count, total_fen = queries.totals(work, run.id)
    work.connection.execute(
        sa.update(RUN)
        .where(RUN.c.id == run.id)
        .values(
            line_count=count,
            total_fen=total_fen,
            sha256=queries.list_sha256(work, run.id),
            approved_sha256="",
            new_over_paid_count=found,
            new_over_paid_fen=found_fen,
        )
    )


_LINE_COLUMNS = (
    "run_id",
    "household_id",
    "number",
    "reference",
    "account_id",
    "identity_id",
    "due_fen",
    "over_fen",
    "recovery_fen",
    "amount_fen",
    "made_at",
)


def _insert_lines(run: Run) -> sa.Insert:
    """Lines in the order of household numbers, each naming account and identity as known at T."""
    numbered, identity = _numbered(run), queries.IDENTITY
    known_identity = sa.and_(
        identity.c.person_id == ACCOUNT.c.payee_id, entitlement.known(identity, run.as_of)
    )
    rows = (
        sa.select(
            sa.literal(run.id),
            numbered.c.household_id,
            numbered.c.number,
            sa.literal(f"{run.reference}-") + padded_number(numbered.c.number),
            numbered.c.account_id,
            identity.c.id,
            numbered.c.due_fen,
            numbered.c.over_fen,
            numbered.c.recovery_fen,
            numbered.c.due_fen - numbered.c.recovery_fen,
            sa.literal(run.as_of, LINE.c.made_at.type),
        )
        .select_from(
            numbered.join(ACCOUNT, ACCOUNT.c.id == numbered.c.account_id).outerjoin(
                identity, known_identity
            )
        )
        .order_by(numbered.c.number)
    )
    return sa.insert(LINE).from_select(_LINE_COLUMNS, rows)


def _numbered(run: Run) -> sa.Subquery:
    """The verdicts with a line, numbered after any number that the run has used before."""
    used = (
        sa.select(sa.func.coalesce(sa.func.max(LINE.c.number), 0))
        .where(LINE.c.run_id == run.id)
        .scalar_subquery()
    )
    place = sa.func.row_number().over(order_by=VERDICTS.c.household_no)
    return (
        sa.select(VERDICTS, (used + place).label("number"))
        .where(VERDICTS.c.has_line == 1)
        .subquery("numbered")
    )


def padded_number(number: sa.ColumnElement[int]) -> sa.ColumnElement[str]:
    """At least five digits: the zeros in front, then what is right of them."""
    digits = sa.cast(number, sa.String)
    length = sa.func.length(digits)
    return sa.func.substr(sa.literal("00000") + digits, sa.case((length < 5, length), else_=5) + 1)


def exception_amount() -> sa.ColumnElement[int]:
    """What an exception shows: the over-payment that is left, or what is stopped."""
    return sa.case(
        (VERDICTS.c.reason == "over_paid", VERDICTS.c.over_fen - VERDICTS.c.recovery_fen),
        (VERDICTS.c.reason == "not_yet", 0),
        else_=VERDICTS.c.due_fen - VERDICTS.c.recovery_fen,
    )


def _insert_exceptions(run: Run) -> sa.Insert:
    return sa.insert(EXCEPTION).from_select(
        [
            "run_id",
            "household_id",
            "made_at",
            "reason",
            "due_fen",
            "over_fen",
            "recovery_fen",
            "amount_fen",
        ],
        sa.select(
            sa.literal(run.id),
            VERDICTS.c.household_id,
            sa.literal(run.as_of, EXCEPTION.c.made_at.type),
            VERDICTS.c.reason,
            VERDICTS.c.due_fen,
            VERDICTS.c.over_fen,
            VERDICTS.c.recovery_fen,
            exception_amount(),
        ).where(VERDICTS.c.reason != ""),
    )


def _write_checkpoints(work: UnitOfWork, run: Run) -> None:
    """Remember for whom this run found E = P up to its last month (its own items included)."""
    unsettled = sa.select(VERDICTS.c.household_id).where(
        VERDICTS.c.reason.in_(("no_rate", "on_hold", "no_account", "over_paid"))
    )
    # What was given up stays paid above what is owed: E = P does not hold there.
    given_up = sa.select(WRITE_OFF.c.household_id)
    reached_further = sa.select(CHECKPOINT.c.household_id).where(
        CHECKPOINT.c.through_month > run.last_month,
        CHECKPOINT.c.household_id.not_in(sa.select(VERDICTS.c.household_id)),
    )
    settled = sa.select(HOUSEHOLD.c.id).where(
        HOUSEHOLD.c.id.not_in(unsettled),
        HOUSEHOLD.c.id.not_in(given_up),
        HOUSEHOLD.c.id.not_in(reached_further),
    )
    work.connection.execute(sa.delete(CHECKPOINT).where(CHECKPOINT.c.household_id.in_(settled)))
    work.connection.execute(
        sa.insert(CHECKPOINT).from_select(
            ["household_id", "run_id", "through_month", "as_of"],
            sa.select(
                HOUSEHOLD.c.id,
                sa.literal(run.id),
                sa.literal(run.last_month),
                sa.literal(run.as_of, CHECKPOINT.c.as_of.type),
            ).where(HOUSEHOLD.c.id.in_(settled)),
        )
    )
