"""`verify`: recomputing a run from what was known at its T gives its lines, items and exceptions.

The plain way computes each household again; every difference from what is stored is a problem that
names the line. What a line names (account, identity), when its items were voided, and the run's
own total and hashes are looked at too, so that no amount or payee can be changed by hand unseen.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from relief.kernel.errors import Problem, ReliefError
from relief.kernel.money import Fen, format_yuan
from relief.kernel.months import format_month
from relief.kernel.text import Text, _
from relief.kernel.unit_of_work import UnitOfWork
from relief.payouts import queries, words
from relief.payouts.queries import EXCEPTION, HOUSEHOLD, RUN, Line, Run
from relief.payouts.verification.known import known_households, known_rates
from relief.payouts.verification.plain import KnownHousehold, KnownRate, Outcome, Window, compute
from relief.payouts.verification.stored import list_faults

_COLUMNS = ("due_fen", "over_fen", "recovery_fen")
_APPROVED_STATES = ("approved", "released", "settled")


@dataclass(frozen=True)
class StoredException:
    """An exception as it stands in the database."""

    household_no: str
    reason: str
    amount_fen: Fen
    due_fen: Fen
    over_fen: Fen
    recovery_fen: Fen


@dataclass
class _Entry:
    """One household: what was known of it, and what the list holds for it."""

    known: KnownHousehold | None = None
    lines: list[Line] = field(default_factory=list)
    exceptions: list[StoredException] = field(default_factory=list)


def verify_run(work: UnitOfWork, run: Run) -> list[Problem]:
    """Every difference between a run as it stands and what was known at its T; none: verified."""
    problems: list[Problem] = []
    settings = json.loads(run.settings)
    window = Window(settings["go_live_month"], run.last_month)
    rates, percent = known_rates(work, run.as_of), settings["recovery_percent_max"]
    for household_no, entry in _entries(work, run):
        problems += _household_faults(household_no, entry, rates, window, percent)
    problems += list_faults(work, run)
    problems += _run_faults(work, run)
    return problems


def _entries(work: UnitOfWork, run: Run) -> Iterator[tuple[str, _Entry]]:
    """What was known and what is stored, side by side, in the order of household numbers."""
    streams: list[Iterable[tuple[str, Any]]] = [
        ((known.household_no, known) for known in known_households(work, run.as_of)),
        ((line.household_no, line) for line in queries.iterate_lines(work, run.id)),
        ((stored.household_no, stored) for stored in _stored_exceptions(work, run)),
    ]
    merged = heapq.merge(*streams, key=itemgetter(0))
    for household_no, group in groupby(merged, key=itemgetter(0)):
        entry = _Entry()
        for _no, found in group:
            _put(entry, found)
        yield household_no, entry


def _put(entry: _Entry, found: KnownHousehold | Line | StoredException) -> None:
    if isinstance(found, KnownHousehold):
        entry.known = found
    elif isinstance(found, Line):
        entry.lines.append(found)
    else:
        entry.exceptions.append(found)


def _stored_exceptions(work: UnitOfWork, run: Run) -> list[StoredException]:
    columns = [EXCEPTION.c[n] for n in StoredException.__dataclass_fields__ if n in EXCEPTION.c]
    statement = (
        sa.select(HOUSEHOLD.c.household_no, *columns)
        .join(HOUSEHOLD, HOUSEHOLD.c.id == EXCEPTION.c.household_id)
        .join(RUN, RUN.c.id == EXCEPTION.c.run_id)
        .where(EXCEPTION.c.run_id == run.id, EXCEPTION.c.made_at == RUN.c.as_of)
        .order_by(HOUSEHOLD.c.household_no)
    )
    return [StoredException(**row) for row in work.connection.execute(statement).mappings()]


def _household_faults(
    household_no: str,
    entry: _Entry,
    rates: tuple[KnownRate, ...],
    window: Window,
    percent: int,
) -> Iterator[Problem]:
    outcome = compute(entry.known, rates, window, percent) if entry.known else None
    yield from _exception_faults(household_no, entry.exceptions, outcome)
    if outcome is not None and outcome.has_line and not entry.lines:
        yield Problem(
            "verify.line_missing",
            _(
                "household {no} has no line; as known then it gets one of {amount}",
                no=household_no,
                amount=format_yuan(outcome.amount_fen),
            ),
        )
    for number, line in enumerate(entry.lines):
        if number or outcome is None or not outcome.has_line:
            yield _difference("line_unexpected", line, _("there is a line"), _("there is none"))
        else:
            yield from _line_faults(line, outcome)
        if line.amount_fen != sum(item.amount_fen for item in line.items):
            yield Problem(
                "verify.line_sum",
                _(
                    "line {line} (household {no}) shows {amount}, its items add up to {sum}",
                    line=line.reference,
                    no=line.household_no,
                    amount=format_yuan(line.amount_fen),
                    sum=format_yuan(sum(item.amount_fen for item in line.items)),
                ),
            )


def _line_faults(line: Line, outcome: Outcome) -> Iterator[Problem]:
    if line.amount_fen != outcome.amount_fen:
        yield _difference(
            "line_amount", line, format_yuan(line.amount_fen), format_yuan(outcome.amount_fen)
        )
    for name in _COLUMNS:
        stored, computed = getattr(line, name), getattr(outcome, name)
        if stored != computed:
            yield _difference(name, line, _sum_title(name, stored), _sum_title(name, computed))
    items = {item.month: tuple(item) for item in outcome.items}
    stored_items = {
        item.month: (item.month, item.kind, item.amount_fen, item.persons, item.rate_fen)
        for item in line.items
    }
    for month in sorted(items.keys() | stored_items.keys()):
        if items.get(month) != stored_items.get(month):
            yield _difference("item", line, _item(stored_items.get(month)), _item(items.get(month)))


def _exception_faults(
    household_no: str, stored: list[StoredException], outcome: Outcome | None
) -> Iterator[Problem]:
    expected = []
    if outcome is not None and outcome.exception is not None:
        sums = (outcome.due_fen, outcome.over_fen, outcome.recovery_fen)
        expected = [StoredException(household_no, *outcome.exception, *sums)]
    if stored != expected:
        yield Problem(
            "verify.exception",
            _(
                "household {no}: the list shows {stored}, as known then it is {right}",
                no=household_no,
                stored=[_exception(each) for each in stored] or _("no exception"),
                right=[_exception(each) for each in expected] or _("no exception"),
            ),
        )


def _difference(code: str, line: Line, stored: Text | str, right: Text | str) -> Problem:
    return Problem(
        f"verify.{code}",
        _(
            "line {line} (household {no}): stored is {stored}, as known then it is {right}",
            line=line.reference,
            no=line.household_no,
            stored=stored,
            right=right,
        ),
    )


def _sum_title(name: str, amount_fen: Fen) -> Text:
    titles = {
        "due_fen": _("{amount} due", amount=format_yuan(amount_fen)),
        "over_fen": _("{amount} over-paid", amount=format_yuan(amount_fen)),
        "recovery_fen": _("{amount} recovered", amount=format_yuan(amount_fen)),
    }
    return titles[name]


def _item(item: tuple[Any, ...] | None) -> Text:
    if item is None:
        return _("no such item")
    month, kind, amount_fen, persons, rate_fen = item
    return _(
        "{month} {kind} {amount} ({persons} × {rate})",
        month=format_month(month),
        kind=words.ITEM_KINDS.get(kind, kind),
        amount=format_yuan(amount_fen),
        persons=persons,
        rate=format_yuan(rate_fen),
    )


def _exception(stored: StoredException) -> Text:
    return _(
        "{reason} {amount} (due {due}, over-paid {over}, recovered {recovery})",
        reason=words.EXCEPTION_REASONS.get(stored.reason, stored.reason),
        amount=format_yuan(stored.amount_fen),
        due=format_yuan(stored.due_fen),
        over=format_yuan(stored.over_fen),
        recovery=format_yuan(stored.recovery_fen),
    )


def _run_faults(work: UnitOfWork, run: Run) -> Iterator[Problem]:
    count, total_fen = queries.totals(work, run.id)
    if (count, total_fen) != (run.line_count, run.total_fen):
        yield Problem(
            "verify.run_total",
            _(
                "run {run} shows {stored_count} lines and {stored}, its lines not withdrawn are "
                "{count} and add up to {sum}",
                run=run.reference,
                stored_count=run.line_count,
                stored=format_yuan(run.total_fen),
                count=count,
                sum=format_yuan(total_fen),
            ),
        )
    try:
        stands = queries.list_sha256(work, run.id)
    except ReliefError as fault:  # a payee, identity or account that does not open any more
        yield from fault.problems
        return
    if stands != run.sha256:
        yield Problem(
            "verify.sha256",
            _(
                "run {run}: the list has the SHA-256 {stands} now, recorded was {stored}",
                run=run.reference,
                stands=stands,
                stored=run.sha256 or "-",
            ),
        )
    if run.state in _APPROVED_STATES and run.approved_sha256 != run.sha256:
        yield Problem(
            "verify.approved_sha256",
            _(
                "run {run}: the list with the SHA-256 {approved} was approved, recorded is "
                "{stored}",
                run=run.reference,
                approved=run.approved_sha256 or "-",
                stored=run.sha256 or "-",
            ),
        )
