"""A household month by month: what is owed and paid as known now, and why the two differ."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from relief.households.queries import StandingHold, standing_hold
from relief.households.scheme import scheme_terms
from relief.kernel.money import Fen, format_yuan
from relief.kernel.months import Month, Quarter, format_month, month_of
from relief.kernel.text import Text, _
from relief.kernel.unit_of_work import UnitOfWork
from relief.payouts import queries, rules
from relief.payouts.over_paid import told
from relief.payouts.over_paid.kinds import KINDS, RECORDED, MoneyKind
from relief.payouts.over_paid.queries import ListedMoney, money_of
from relief.payouts.queries import EVENT, ITEM, LINE, RUN
from relief.payouts.verification.known import known_households, known_rates
from relief.payouts.verification.plain import Balance, KnownHousehold, balance_of


@dataclass(frozen=True)
class Note:
    """What is to be said of a month."""

    code: str
    text: Text


@dataclass(frozen=True)
class HouseholdMonth:
    """One month: the persons who counted, grade and rate, what is owed, paid and given up."""

    month: Month
    person_ids: tuple[int, ...]
    grade: str
    rate_fen: Fen
    owed_fen: Fen
    paid_fen: Fen
    written_off_fen: Fen
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class _Item:
    """Fen of one line for the month, and where the line stands."""

    amount_fen: Fen
    voided: bool
    line: str
    line_state: str
    reason: str
    run: str


@dataclass(frozen=True)
class _Standing:
    """What holds for all months of the household."""

    household: KnownHousehold
    hold: StandingHold | None
    quarters_run: frozenset[str]
    outside: tuple[tuple[MoneyKind, ListedMoney], ...]
    day_of: Callable[[dt.datetime], dt.date]


def household_months(
    work: UnitOfWork, household_id: int, household_no: str
) -> list[HouseholdMonth]:
    """The months from go-live to the end of this quarter; none before go-live is set."""
    go_live = scheme_terms(work).go_live_month
    if go_live is None:
        return []
    as_of = work.as_known_now()
    household = next(known_households(work, as_of, household_nos=[household_no]))
    live = [run for run in queries.all_runs(work) if run.state != "cancelled"]
    regular = frozenset(str(run.quarter) for run in live if run.kind == rules.REGULAR)
    outside = (
        (kind, money) for kind in KINDS.values() for money in money_of(work, kind, household_id)
    )
    standing = _Standing(
        household, standing_hold(work, household_id), regular, tuple(outside), work.clock.day_of
    )
    rates = known_rates(work, as_of)
    items = _items(work, household_id)
    last = Quarter.of(month_of(work.today)).last_month
    return [
        _month(standing, balance_of(household, rates, month), items.get(month, []))
        for month in range(go_live, last + 1)
    ]


def _month(standing: _Standing, balance: Balance, items: Sequence[_Item]) -> HouseholdMonth:
    return HouseholdMonth(
        month=balance.month,
        person_ids=_counted(standing.household, balance),
        grade=balance.owed.grade or "",
        rate_fen=balance.owed.rate_fen,
        owed_fen=balance.owed.owed_fen,
        paid_fen=balance.paid_fen,
        written_off_fen=balance.written_off_fen,
        notes=(
            *_missing(balance),
            *_under_way(items),
            *_why_due(standing, balance, items),
            *_over_paid(standing.household, balance),
            *_outside(standing, balance.month),
            *_covers_nothing(standing, balance),
        ),
    )


def _counted(household: KnownHousehold, balance: Balance) -> tuple[int, ...]:
    if not balance.owed.persons:
        return ()
    return tuple(
        member.person_id
        for member in household.memberships
        if member.counted
        and member.from_month <= balance.month
        and (member.until_month is None or balance.month < member.until_month)
    )


def _missing(balance: Balance) -> Iterator[Note]:
    if not balance.lacks_rate:
        return
    if balance.owed.grade is None:
        yield Note("no_grade", _("no hardship grade is known for this month"))
    else:
        month = format_month(balance.month)
        yield Note("no_rate", _("no rate is confirmed for this grade in {month}", month=month))


def _under_way(items: Sequence[_Item]) -> Iterator[Note]:
    """What counts as paid, and has not arrived yet."""
    for item in items:
        if item.voided:
            continue
        if item.line_state == "prepared":
            text = _("{amount} stands in run {run}, which is not released yet")
            yield _note("in_run", text, amount=item.amount_fen, run=item.run)
        elif item.line_state in rules.OPEN_LINE_STATES:
            text = _("{amount} was sent to the bank in line {line}; no final answer yet")
            yield _note("at_the_bank", text, amount=item.amount_fen, line=item.line)


def _why_due(standing: _Standing, balance: Balance, items: Sequence[_Item]) -> Iterator[Note]:
    """Why something that is owed was not paid."""
    if not balance.due_fen:
        return
    blocks = [*_blocks(standing), *_taken_back(items)]
    yield from blocks
    quarter = Quarter.of(balance.month)
    if not blocks and str(quarter) not in standing.quarters_run:
        text = _("{amount} to be paid; the list of {quarter} is not prepared yet")
        yield _note("not_yet_run", text, amount=balance.due_fen, quarter=quarter)
    elif not blocks:
        text = _("{amount} to be paid; known since the last list, the next one pays it")
        yield _note("next_run", text, amount=balance.due_fen)


def _blocks(standing: _Standing) -> Iterator[Note]:
    if standing.hold is not None:
        text = _("payment is suspended since {day}", day=standing.hold.event_on)
        yield Note("on_hold", text)
    if not standing.household.has_account:
        yield Note("no_account", _("no account is recorded, so nothing can be paid"))


def _taken_back(items: Sequence[_Item]) -> Iterator[Note]:
    """The last line whose items of this month were voided says why (a draft made anew does not)."""
    stopped = [item for item in items if item.voided and item.line_state in _TAKEN_BACK]
    if not stopped:
        return
    item = stopped[-1]
    text = _TAKEN_BACK[item.line_state]
    yield _note(
        item.line_state,
        text,
        amount=item.amount_fen,
        line=item.line,
        reason=_(" ({reason})", reason=item.reason) if item.reason else "",
    )


_TAKEN_BACK = {
    "failed": _("{amount} failed at the bank in line {line}{reason}; the next list pays it"),
    "returned": _("the bank returned {amount} of line {line}{reason}; the next list pays it"),
    "withdrawn": _("{amount} was taken out with line {line}; the next list pays it"),
}


def _over_paid(household: KnownHousehold, balance: Balance) -> Iterator[Note]:
    if not balance.over_fen:
        return
    if household.choice == "wait":
        text = _("over-paid by {amount}; by the approver's choice it waits")
    else:
        text = _("over-paid by {amount}; the next lists offset it against what is due")
    yield _note("over_paid", text, amount=balance.over_fen)


def _outside(standing: _Standing, month: Month) -> Iterator[Note]:
    """What came back or was given up of the month; what waits, too."""
    for kind, money in standing.outside:
        if money.month != month:
            continue
        if money.confirmed_at is not None:
            on = standing.day_of(money.confirmed_at)
            yield Note(kind.key, told.confirmed(kind, money.amount_fen, money.paper_no, on))
        elif money.state == RECORDED:
            yield Note(kind.key, told.waiting(kind, money.amount_fen, money.reference))


def _covers_nothing(standing: _Standing, balance: Balance) -> Iterator[Note]:
    """What was given up of money that came back, or that is owed after all."""
    given_up = standing.household.written_off.get(balance.month, ())
    rest_fen = sum(each.amount_fen for each in given_up) - balance.written_off_fen
    if rest_fen:
        text = _("{amount} of what was given up is no longer over-paid: it came back, or is owed")
        yield _note("no_longer_over_paid", text, amount=rest_fen)


def _note(code: str, text: Text, *, amount: Fen, **values: object) -> Note:
    shown = format_yuan(amount, grouped=True)
    return Note(code, Text(text.msgid, {"amount": shown, **values}))


def _items(work: UnitOfWork, household_id: int) -> dict[Month, list[_Item]]:
    """All items of a household, by month, in the order in which they were made."""
    events = EVENT.alias("events")
    last_event = (
        sa.select(sa.func.max(events.c.id)).where(events.c.line_id == LINE.c.id).scalar_subquery()
    )
    statement = (
        sa.select(
            ITEM.c.month,
            ITEM.c.amount_fen,
            ITEM.c.voided_at,
            LINE.c.reference.label("line"),
            EVENT.c.state.label("line_state"),
            EVENT.c.sealed_reason,
            RUN.c.reference.label("run"),
        )
        .join(LINE, LINE.c.id == ITEM.c.line_id)
        .join(RUN, RUN.c.id == LINE.c.run_id)
        .join(EVENT, EVENT.c.id == last_event)
        .where(ITEM.c.household_id == household_id)
        .order_by(ITEM.c.month, ITEM.c.made_at, LINE.c.id)
    )
    items: dict[Month, list[_Item]] = {}
    for row in work.rows(statement):
        items.setdefault(row.month, []).append(_item(work, row))
    return items


def _item(work: UnitOfWork, row: sa.Row[Any]) -> _Item:
    context = f"line_event.reason:{row.line}"
    return _Item(
        amount_fen=row.amount_fen,
        voided=row.voided_at is not None,
        line=row.line,
        line_state=row.line_state,
        reason=work.cipher.open(row.sealed_reason, context) if row.sealed_reason else "",
        run=row.run,
    )
