"""What became known since a list was made. The list stays as it is; who approves it is told.

Told is what touches the list's months, or stops a household that is on it. Facts are superseded by
new ones only, so the new rows tell everything.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import Any

import sqlalchemy as sa

from relief.kernel.months import format_month
from relief.kernel.text import Text, _
from relief.kernel.unit_of_work import UnitOfWork
from relief.payouts import queries, words
from relief.payouts.bank.answers import line_state_title
from relief.payouts.explanation.differences import (
    approved,
    exited,
    newly_counted,
    no_longer_counted,
)
from relief.payouts.over_paid import told
from relief.payouts.over_paid.kinds import KINDS, MoneyKind
from relief.payouts.queries import EVENT, EXCEPTION, Run
from relief.payouts.rules import VOIDING_STATES
from relief.payouts.verification.known import (
    ACCOUNT,
    CHOICE,
    ENROLMENT,
    GRADE,
    HOLD,
    HOUSEHOLD,
    ITEM,
    LINE,
    MEMBERSHIP,
    RATE,
)

# So many are shown; of the others the count.
CHANGES_SHOWN_MAX = 200


@dataclass(frozen=True)
class Change:
    """A fact that the list does not know. `household_no` is empty for a rate."""

    kind: str
    household_no: str
    recorded_at: dt.datetime
    recorded_by: str
    what: Text


@dataclass(frozen=True)
class Changes:
    """The first ones in the order of record, and how many more there are."""

    shown: tuple[Change, ...]
    more_count: int

    @property
    def count(self) -> int:
        """All of them."""
        return len(self.shown) + self.more_count


@dataclass(frozen=True)
class _Source:
    """One kind of change: the rows that tell of it (`noted_at`, `noted_by`), and its words."""

    kind: str
    rows: sa.Select[Any]
    tell: Callable[[Any], Text]


def changes_since(work: UnitOfWork, run: Run) -> Changes:
    """The facts recorded since the list was made that touch its months or its households."""
    found: list[Change] = []
    count = 0
    for source in (*_facts(run), *_choices(run), _rates(run), _lines(run), *_money(run)):
        rows = source.rows.order_by("noted_at", "id")
        counted = sa.select(sa.func.count()).select_from(source.rows.subquery())
        count += work.connection.execute(counted).scalar_one()
        found += [
            Change(source.kind, row.household_no, row.noted_at, row.noted_by, source.tell(row))
            for row in work.rows(rows.limit(CHANGES_SHOWN_MAX))
        ]
    found.sort(key=attrgetter("recorded_at", "household_no"))
    shown = tuple(found[:CHANGES_SHOWN_MAX])
    return Changes(shown, count - len(shown))


def _facts(run: Run) -> Iterator[_Source]:
    """What changes who is owed how much in the list's months; and exits, which stop a line."""
    last = run.last_month
    exits = sa.and_(ENROLMENT.c.exited_on.is_not(None), _is_listed(ENROLMENT, run))
    approvals = sa.or_(_in_window(ENROLMENT, last), exits)
    counted = sa.and_(MEMBERSHIP.c.counted.is_(True), _in_window(MEMBERSHIP, last))
    yield _Source("enrolment", _recorded(ENROLMENT, run, approvals), _enrolment)
    yield _Source("membership", _recorded(MEMBERSHIP, run, counted), _membership)
    yield _Source("grade", _recorded(GRADE, run, GRADE.c.from_month <= last), _grade)


def _choices(run: Run) -> Iterator[_Source]:
    """What says whether and how a listed household is paid."""
    yield _Source("hold", _recorded(HOLD, run, _is_listed(HOLD, run)), _hold)
    yield _Source("account", _recorded(ACCOUNT, run, _is_listed(ACCOUNT, run)), _account)
    yield _Source("recovery", _recorded(CHOICE, run, _is_listed(CHOICE, run)), _choice)


def _recorded(table: sa.Table, run: Run, touches: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return (
        sa.select(
            table,
            HOUSEHOLD.c.household_no,
            table.c.recorded_at.label("noted_at"),
            table.c.recorded_by.label("noted_by"),
        )
        .join(HOUSEHOLD, HOUSEHOLD.c.id == table.c.household_id)
        .where(table.c.recorded_at > run.as_of, touches)
    )


def _rates(run: Run) -> _Source:
    rows = sa.select(
        RATE,
        sa.literal("").label("household_no"),
        RATE.c.confirmed_at.label("noted_at"),
        RATE.c.confirmed_by.label("noted_by"),
    ).where(RATE.c.confirmed_at > run.as_of, RATE.c.from_month <= run.last_month)
    return _Source("rate", rows, _rate)


def _lines(run: Run) -> _Source:
    """Lines of other lists that counted as paid and were taken back."""
    counted_as_paid = sa.exists().where(
        ITEM.c.line_id == LINE.c.id,
        ITEM.c.made_at < run.as_of,
        ITEM.c.voided_at > run.as_of,
        ITEM.c.month <= run.last_month,
    )
    rows = (
        sa.select(
            EVENT.c.id,
            EVENT.c.state,
            LINE.c.reference,
            HOUSEHOLD.c.household_no,
            EVENT.c.at.label("noted_at"),
            EVENT.c.actor.label("noted_by"),
        )
        .join(LINE, LINE.c.id == EVENT.c.line_id)
        .join(HOUSEHOLD, HOUSEHOLD.c.id == LINE.c.household_id)
        .where(
            EVENT.c.at > run.as_of,
            EVENT.c.state.in_(VOIDING_STATES),
            LINE.c.run_id != run.id,
            counted_as_paid,
        )
    )
    return _Source("line", rows, _line)


def _money(run: Run) -> Iterator[_Source]:
    """What came back outside the lists, or was given up, of the list's months."""
    for kind in KINDS.values():
        yield _Source(kind.key, _confirmed(kind.table, run), partial(_outside, kind))


def _confirmed(table: sa.Table, run: Run) -> sa.Select[Any]:
    return (
        sa.select(
            table,
            HOUSEHOLD.c.household_no,
            table.c.confirmed_at.label("noted_at"),
            table.c.confirmed_by.label("noted_by"),
        )
        .join(HOUSEHOLD, HOUSEHOLD.c.id == table.c.household_id)
        .where(table.c.confirmed_at > run.as_of, table.c.month <= run.last_month)
    )


def _is_listed(table: sa.Table, run: Run) -> sa.ColumnElement[bool]:
    """The households of the list: with a line, or an exception."""
    lines = sa.select(LINE.c.household_id).where(queries.listed(run.id))
    exceptions = sa.select(EXCEPTION.c.household_id).where(
        EXCEPTION.c.run_id == run.id, EXCEPTION.c.made_at == run.as_of
    )
    return table.c.household_id.in_(lines.union_all(exceptions))


def _in_window(table: sa.Table, last_month: int) -> sa.ColumnElement[bool]:
    """A new spell that begins in the window; a corrected end where one of the two ends in it."""
    before = table.alias("before")
    same = [
        before.c.household_id == table.c.household_id,
        before.c.from_month == table.c.from_month,
        before.c.superseded_at == table.c.recorded_at,
    ]
    if "person_id" in table.c:
        same.append(before.c.person_id == table.c.person_id)
    ends_later = sa.or_(before.c.until_month.is_(None), before.c.until_month > last_month)
    stood_longer = sa.exists().where(*same, ends_later)
    return sa.and_(
        table.c.from_month <= last_month,
        sa.or_(table.c.until_month <= last_month, sa.not_(stood_longer)),
    )


# The words


def _enrolment(row: Any) -> Text:
    return approved(row) if row.exited_on is None else exited(row)


def _membership(row: Any) -> Text:
    ended = row.left_on is not None
    what = no_longer_counted(row) if ended else newly_counted(row)
    return _("{who} {what}", who=words.members([row.relation]), what=what)


def _grade(row: Any) -> Text:
    return _(
        "grade {grade} from {month}, decided {day}",
        grade=words.GRADE_WORDS[row.grade],
        month=format_month(row.from_month),
        day=row.decided_on,
    )


def _hold(row: Any) -> Text:
    if row.held:
        return _("payment suspended on {day}", day=row.event_on)
    return _("payment resumed on {day}", day=row.event_on)


def _account(row: Any) -> Text:
    if row.kind == "none":
        return _("the account ended on {day}", day=row.event_on)
    return _("another account from {day}", day=row.event_on)


def _choice(row: Any) -> Text:
    if row.choice == "wait":
        return _("over-payments are to wait")
    return _("over-payments are to be offset")


def _rate(row: Any) -> Text:
    return _(
        "grade {grade}: {rate} a person and month from {month}, document {document}",
        grade=words.GRADE_WORDS[row.grade],
        rate=words.yuan(row.rate_fen),
        month=format_month(row.from_month),
        document=row.document_no,
    )


def _outside(kind: MoneyKind, row: Any) -> Text:
    return told.of_month(
        kind, kind.written_fen(row.amount_fen), row.month, getattr(row, kind.paper)
    )


def _line(row: Any) -> Text:
    said = {"line": row.reference, "state": line_state_title(row.state)}
    return _("line {line}: {state}; what it paid is owed again", **said)
