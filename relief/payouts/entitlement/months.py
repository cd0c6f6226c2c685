"""E, P and W: what is owed, paid and written off, for every household and month looked at."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from relief.payouts.entitlement.window import (
    ACCOUNT,
    CHECKPOINT,
    CHOICE,
    ENROLMENT,
    GRADE,
    HOLD,
    HOUSEHOLD,
    ITEM,
    LINE,
    MEMBERSHIP,
    RATE,
    REPAYMENT,
    WRITE_OFF,
    Window,
    covers,
    known,
)


def owed_and_paid(window: Window) -> sa.Select[Any]:
    """E, P and W for every household and month that has to be looked at."""
    seen = _seen(window)
    owed = seen.c.persons * seen.c.rate_fen
    due = _positive(owed - seen.c.paid_fen)
    over = _positive(seen.c.paid_fen - owed - _still_given_up(window, seen))
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


def _seen(window: Window) -> sa.CTE:
    """By household and month: who counts, at which rate, what was paid and given up.

    Worked out once a row and kept: SQLite would else count the persons anew wherever a sum of
    `owed_and_paid` names them, a dozen times.
    """
    spine = _spine(window)
    grades, rates = _grade_spells(window), _rate_spells(window)
    return (
        sa.select(
            spine.c.household_id,
            spine.c.month,
            _counted_persons(window, spine).label("persons"),
            rates.c.rate_fen.label("known_rate_fen"),
            sa.func.coalesce(rates.c.rate_fen, 0).label("rate_fen"),
            _paid(window, spine).label("paid_fen"),
            _given_up(window, spine).label("given_up_fen"),
        )
        .select_from(
            spine.outerjoin(
                grades, _of_household(grades, spine) & covers(grades, spine.c.month)
            ).outerjoin(rates, (rates.c.grade == grades.c.grade) & covers(rates, spine.c.month))
        )
        .cte("seen")
        .prefix_with("MATERIALIZED")
    )


def _of_household(table: sa.FromClause, spine: sa.FromClause) -> sa.ColumnElement[bool]:
    return table.c.household_id == spine.c.household_id


def _counted_persons(window: Window, spine: sa.CTE) -> sa.ColumnElement[int]:
    """Members whose counted membership covers the month, where the enrolment covers it; else 0."""
    enrolled = sa.exists().where(
        _of_household(ENROLMENT, spine),
        known(ENROLMENT, window.as_of),
        covers(ENROLMENT, spine.c.month),
    )
    counted = (
        sa.select(sa.func.count())
        .select_from(MEMBERSHIP)
        .where(
            _of_household(MEMBERSHIP, spine),
            MEMBERSHIP.c.counted.is_(True),
            known(MEMBERSHIP, window.as_of),
            covers(MEMBERSHIP, spine.c.month),
        )
    )
    return sa.case((enrolled, counted.scalar_subquery()), else_=0)


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
    # Items are made with their line: looked up by it, as the history of items is the longer one.
    made = sa.exists().where(LINE.c.household_id == own, LINE.c.made_at > point.c.as_of)
    voided = sa.exists().where(ITEM.c.household_id == own, ITEM.c.voided_at > point.c.as_of)
    money = [
        sa.exists().where(table.c.household_id == own, table.c.confirmed_at > point.c.as_of)
        for table in (REPAYMENT, WRITE_OFF)
    ]
    touched = [*facts, rates, made, voided, *money]
    if window.leave_out_run_id is not None:
        touched.append(_has_item_of(window.leave_out_run_id, own))
    return (
        sa.select(point.c.household_id, point.c.through_month)
        .where(point.c.as_of <= window.as_of, *map(sa.not_, touched))
        .subquery("settled")
    )


def _has_item_of(run_id: int, own: sa.ColumnElement[int]) -> sa.Exists:
    """Whoever has an item in a draft that is left out is not settled without it."""
    return sa.exists().where(
        ITEM.c.household_id == own,
        ITEM.c.voided_at.is_(None),
        ITEM.c.line_id == LINE.c.id,
        LINE.c.run_id == run_id,
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


def _paid(window: Window, spine: sa.CTE) -> sa.ColumnElement[int]:
    """P: items made earlier than T and not voided at T, and confirmed repayments (negative)."""
    items = [ITEM.c.made_at < window.as_of, *_standing(window)]
    repaid = REPAYMENT.c.confirmed_at <= window.as_of
    return _summed(spine, ITEM, *items) + _summed(spine, REPAYMENT, repaid)


def _standing(window: Window) -> list[sa.ColumnElement[bool]]:
    """Items not voided at T, nor of the draft that is left out."""
    standing = [sa.or_(ITEM.c.voided_at.is_(None), ITEM.c.voided_at > window.as_of)]
    if window.leave_out_run_id is not None:
        own_lines = sa.select(LINE.c.id).where(LINE.c.run_id == window.leave_out_run_id)
        standing.append(ITEM.c.line_id.not_in(own_lines))
    return standing


def _given_up(window: Window, spine: sa.CTE) -> sa.ColumnElement[int]:
    """What was given up, and confirmed, by T."""
    return _summed(spine, WRITE_OFF, WRITE_OFF.c.confirmed_at <= window.as_of)


def _still_given_up(window: Window, seen: sa.CTE) -> sa.ColumnElement[int]:
    """W: what was given up, as far as the payments that it was given up of stand and are above
    what is owed: for no write-off do those up to it come to more. Few months have any."""
    own, later = WRITE_OFF.alias("own"), WRITE_OFF.alias("later")
    owed = seen.c.persons * seen.c.rate_fen
    items = _summed(own, ITEM, ITEM.c.made_at < own.c.confirmed_at, *_standing(window))
    repaid = _summed(own, REPAYMENT, REPAYMENT.c.confirmed_at < own.c.confirmed_at)
    after = _summed(
        own,
        later,
        later.c.confirmed_at <= window.as_of,
        sa.tuple_(later.c.confirmed_at, later.c.id) > sa.tuple_(own.c.confirmed_at, own.c.id),
    )
    most = (
        sa.select(sa.func.min(_positive(items + repaid - owed) + after))
        .where(
            _of_household(own, seen),
            own.c.month == seen.c.month,
            own.c.confirmed_at <= window.as_of,
        )
        .scalar_subquery()
    )
    given_up = seen.c.given_up_fen
    return sa.case((given_up == 0, 0), (given_up <= most, given_up), else_=most)


def _summed(
    spine: sa.FromClause, table: sa.FromClause, *where: sa.ColumnElement[bool]
) -> sa.ColumnElement[int]:
    """The sum of a household's rows of one month, looked up: months that are not looked at cost
    nothing, however long the history."""
    return (
        sa.select(sa.cast(sa.func.coalesce(sa.func.sum(table.c.amount_fen), 0), sa.BigInteger))
        .where(_of_household(table, spine), table.c.month == spine.c.month, *where)
        .scalar_subquery()
    )
