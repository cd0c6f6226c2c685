"""Reads of payouts: runs, the list as it stands, its hash."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from relief.households.tables import Account, Household, account_context
from relief.kernel.columns import table_of
from relief.kernel.errors import NotFound, ReliefError, refuse
from relief.kernel.money import Fen
from relief.kernel.months import Month, Quarter
from relief.kernel.text import _, as_json
from relief.kernel.unit_of_work import UnitOfWork
from relief.payouts import rules
from relief.payouts.rules import Item, ListedException, ListedLine
from relief.payouts.tables import LineEvent, PayoutException, PayoutItem, PayoutLine, PayoutRun
from relief.people.queries import seal_context
from relief.people.tables import PersonIdentity

RUN, LINE, ITEM = table_of(PayoutRun), table_of(PayoutLine), table_of(PayoutItem)
EVENT, EXCEPTION = table_of(LineEvent), table_of(PayoutException)
HOUSEHOLD, ACCOUNT = table_of(Household), table_of(Account)
IDENTITY = table_of(PersonIdentity)


@dataclass(frozen=True)
class Run:
    """A payout run as it stands."""

    id: int
    reference: str
    quarter: Quarter
    kind: str
    number: int
    state: str
    version: int
    as_of: dt.datetime
    first_month: Month
    last_month: Month
    prepared_by: str
    settings: str
    line_count: int
    total_fen: Fen
    sha256: str
    approved_sha256: str
    new_over_paid_count: int
    new_over_paid_fen: Fen
    released_at: dt.datetime | None
    settled_at: dt.datetime | None


@dataclass(frozen=True)
class Line:
    """A line of a run with its state; account and identity by the rows that it names."""

    id: int
    household_id: int
    household_no: str
    number: int
    reference: str
    state: str
    amount_fen: Fen
    due_fen: Fen
    over_fen: Fen
    recovery_fen: Fen
    account_id: int
    identity_id: int | None
    items: tuple[Item, ...] = ()


_LINE_COLUMNS = (
    "id", "household_id", "number", "reference", "amount_fen", "due_fen", "over_fen",
    "recovery_fen", "account_id", "identity_id",
)  # fmt: skip
_ITEM_COLUMNS = ("line_id", "month", "kind", "amount_fen", "persons", "rate_fen")
_RUN_FIELDS = [name for name in Run.__dataclass_fields__ if name != "quarter"]


def _run(row: Any) -> Run:
    return Run(**{name: row[name] for name in _RUN_FIELDS}, quarter=Quarter.parse(row["quarter"]))


def all_runs(work: UnitOfWork) -> list[Run]:
    """Every run, in the order in which they were made."""
    return [
        _run(row) for row in work.connection.execute(sa.select(RUN).order_by(RUN.c.id)).mappings()
    ]


def run_by_id(work: UnitOfWork, run_id: int) -> Run:
    """One run."""
    return _run(work.connection.execute(sa.select(RUN).where(RUN.c.id == run_id)).mappings().one())


def find_run(work: UnitOfWork, name: str) -> Run:
    """A run by its reference, or a quarter's live regular run by the quarter."""
    text = name.strip()
    found = sa.select(RUN).where(RUN.c.reference == text)
    if re.fullmatch(r"\d{4}[Qq]\d", text):
        quarter = Quarter.parse(text)
        found = sa.select(RUN).where(
            RUN.c.quarter == str(quarter), RUN.c.kind == rules.REGULAR, RUN.c.state != "cancelled"
        )
    row = work.connection.execute(found).mappings().one_or_none()
    if row is None:
        raise refuse(
            NotFound,
            "run.unknown",
            _('There is no payout run "{name}".', name=text[:40]),
            "run",
        )
    return _run(row)


def run_id_named(work: UnitOfWork, name: str) -> int | None:
    """The run that a reference or a quarter means, where there is one."""
    try:
        return find_run(work, name).id
    except ReliefError:
        return None


def runs_of(work: UnitOfWork, quarter: Quarter, kind: str) -> list[Run]:
    """The runs of one quarter and kind, the latest first."""
    statement = (
        sa.select(RUN)
        .where(RUN.c.quarter == str(quarter), RUN.c.kind == kind)
        .order_by(RUN.c.number.desc())
    )
    return [_run(row) for row in work.connection.execute(statement).mappings()]


def line_state() -> sa.ScalarSelect[str]:
    """A line's state: the last of its events."""
    return (
        sa.select(EVENT.c.state)
        .where(EVENT.c.line_id == LINE.c.id)
        .order_by(EVENT.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def listed(run_id: int) -> sa.ColumnElement[bool]:
    """The lines of a run's list as it stands: of its last preparation, not those it replaced."""
    as_of = sa.select(RUN.c.as_of).where(RUN.c.id == run_id).scalar_subquery()
    return sa.and_(LINE.c.run_id == run_id, LINE.c.made_at == as_of)


def lines_of(work: UnitOfWork, run_id: int, household_no: str | None = None) -> list[Line]:
    """The lines of a run's list with state and items, in the order of household numbers."""
    return list(iterate_lines(work, run_id, household_no))


def iterate_lines(work: UnitOfWork, run_id: int, household_no: str | None = None) -> Iterator[Line]:
    """The same, one after the other, in constant memory."""
    for row, items in _lines_with_items(work, run_id, household_no):
        yield Line(
            **{name: row[name] for name in Line.__dataclass_fields__ if name != "items"},
            items=items,
        )


def _lines_with_items(
    work: UnitOfWork, run_id: int, household_no: str | None = None
) -> Iterator[tuple[Any, tuple[Item, ...]]]:
    """Lines joined with what they name, each with its items; two streams in one order, that of
    the lines' numbers, which they have in the order of household numbers."""
    where = [listed(run_id)]
    if household_no is not None:
        where.append(HOUSEHOLD.c.household_no == household_no)
    lines = (
        sa.select(
            *(LINE.c[name] for name in _LINE_COLUMNS),
            HOUSEHOLD.c.household_no,
            line_state().label("state"),
            ACCOUNT.c.payee_name,
            ACCOUNT.c.bank_name,
            ACCOUNT.c.kind.label("account_kind"),
            ACCOUNT.c.sealed_number.label("account_sealed"),
            ACCOUNT.c.token.label("account_token"),
            IDENTITY.c.sealed_number.label("identity_sealed"),
            IDENTITY.c.token.label("identity_token"),
        )
        .select_from(
            LINE.join(HOUSEHOLD, HOUSEHOLD.c.id == LINE.c.household_id)
            .join(ACCOUNT, ACCOUNT.c.id == LINE.c.account_id)
            .outerjoin(IDENTITY, IDENTITY.c.id == LINE.c.identity_id)
        )
        .where(*where)
        .order_by(LINE.c.number)
    )
    of_item = (ITEM.c.household_id == LINE.c.household_id) & (ITEM.c.line_id == LINE.c.id)
    items = (
        sa.select(*(ITEM.c[name] for name in _ITEM_COLUMNS))
        .select_from(
            LINE.join(HOUSEHOLD, HOUSEHOLD.c.id == LINE.c.household_id).join(ITEM, of_item)
        )
        .where(*where)
        .order_by(LINE.c.number, ITEM.c.month)
    )
    item_groups = groupby(work.stream(items), key=itemgetter("line_id"))
    pending = next(item_groups, None)
    for line in work.stream(lines):
        mine: tuple[Item, ...] = ()
        if pending is not None and pending[0] == line["id"]:
            mine = tuple(
                Item(i["month"], i["kind"], i["amount_fen"], i["persons"], i["rate_fen"])
                for i in pending[1]
            )
            pending = next(item_groups, None)
        yield line, mine


def listed_lines(
    work: UnitOfWork, run_id: int, states: frozenset[str] | None = None
) -> Iterator[tuple[str, ListedLine]]:
    """The list with payee, identity and account opened, and each line's reference: the lines not
    withdrawn, or those in the given states."""
    for row, items in _lines_with_items(work, run_id):
        if row["state"] == "withdrawn" or (states is not None and row["state"] not in states):
            continue
        yield (
            row["reference"],
            ListedLine(
                household_no=row["household_no"],
                payee_name=row["payee_name"],
                id_number=opened_identity(work, row),
                account_no=opened_account(work, row),
                bank_name=row["bank_name"],
                amount_fen=row["amount_fen"],
                items=items,
            ),
        )


def opened_identity(work: UnitOfWork, row: Mapping[str, Any]) -> str:
    """The identity number that a line names, or nothing."""
    if not row["identity_sealed"]:
        return ""
    return work.cipher.open(row["identity_sealed"], seal_context(row["identity_token"]))


def opened_account(work: UnitOfWork, row: Mapping[str, Any]) -> str:
    """The account number that a line names, or nothing (cash)."""
    if not row["account_sealed"]:
        return ""
    context = account_context(row["household_id"], row["account_token"])
    return work.cipher.open(row["account_sealed"], context)


def exceptions_of(work: UnitOfWork, run_id: int) -> list[ListedException]:
    """What the run's list as it stands does not settle, by household number, then reason."""
    statement = (
        sa.select(HOUSEHOLD.c.household_no, EXCEPTION.c.reason, EXCEPTION.c.amount_fen)
        .join(HOUSEHOLD, HOUSEHOLD.c.id == EXCEPTION.c.household_id)
        .join(RUN, RUN.c.id == EXCEPTION.c.run_id)
        .where(EXCEPTION.c.run_id == run_id, EXCEPTION.c.made_at == RUN.c.as_of)
        .order_by(HOUSEHOLD.c.household_no, EXCEPTION.c.reason)
    )
    return [ListedException(*row) for row in work.rows(statement)]


def list_sha256(work: UnitOfWork, run_id: int) -> str:
    """The SHA-256 of the list as it stands in the database now."""
    lines = (line for _reference, line in listed_lines(work, run_id))
    return sha256_of_list(lines, exceptions_of(work, run_id))


def sha256_of_list(lines: Iterable[ListedLine], exceptions: Iterable[ListedException]) -> str:
    """The SHA-256 of a list: what the approver approves."""
    digest = hashlib.sha256()
    for text in rules.canonical_list(lines, exceptions):
        digest.update(text.encode())
    return digest.hexdigest()


def totals(work: UnitOfWork, run_id: int) -> tuple[int, Fen]:
    """Count and sum of the lines not withdrawn."""
    row = work.connection.execute(
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(LINE.c.amount_fen), 0)).where(
            listed(run_id), line_state() != "withdrawn"
        )
    ).one()
    return int(row[0]), int(row[1])


def counts_by_state(work: UnitOfWork, run_id: int) -> dict[str, tuple[int, Fen]]:
    """Count and sum of the list's lines, by state."""
    states = (
        sa.select(line_state().label("state"), LINE.c.amount_fen).where(listed(run_id)).subquery()
    )
    rows = work.rows(
        sa.select(states.c.state, sa.func.count(), sa.func.sum(states.c.amount_fen))
        .group_by(states.c.state)
        .order_by(states.c.state)
    )
    return {row[0]: (int(row[1]), int(row[2])) for row in rows}


_BANK_STATES = ("processing", "paid", "failed", "returned")


def results_files_of(work: UnitOfWork, run_id: int) -> list[int | None]:
    """The files that the bank's answers to a run's lines came from (None: from no file)."""
    statement = (
        sa.select(EVENT.c.results_file_id)
        .distinct()
        .join(LINE, LINE.c.id == EVENT.c.line_id)
        .where(LINE.c.run_id == run_id, EVENT.c.state.in_(_BANK_STATES))
    )
    return [row[0] for row in work.rows(statement)]


def answers_sha256(work: UnitOfWork, run_id: int, file_id: int | None) -> str:
    """A SHA-256 over what one file of the bank's said of a run's lines, by reference. The journal
    keeps it, so an answer that is changed, put in or taken out by hand shows."""
    statement = (
        sa.select(
            LINE.c.reference,
            EVENT.c.state,
            EVENT.c.answer,
            EVENT.c.settled_on,
            EVENT.c.at,
            EVENT.c.actor,
        )
        .join(LINE, LINE.c.id == EVENT.c.line_id)
        .where(
            LINE.c.run_id == run_id,
            EVENT.c.state.in_(_BANK_STATES),
            EVENT.c.results_file_id.is_not_distinct_from(file_id),
        )
        .order_by(LINE.c.number, EVENT.c.id)
    )
    digest = hashlib.sha256()
    for row in work.stream(statement):
        words = [row["reference"], row["state"], row["answer"], str(row["settled_on"])]
        digest.update(as_json([*words, row["at"].isoformat(), row["actor"]]).encode() + b"\n")
    return digest.hexdigest()
