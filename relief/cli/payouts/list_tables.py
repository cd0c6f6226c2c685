"""The tables of lists: runs, lines, exceptions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from relief.cli.console import Column, tell, tell_table
from relief.cli.office import local
from relief.engine.definitions.definition import Titles
from relief.kernel.months import format_month
from relief.kernel.text import Text, _
from relief.payouts.bank.answers import line_state_title
from relief.payouts.queries import Line, Run
from relief.payouts.rules import Item, ListedException
from relief.payouts.words import EXCEPTION_REASONS, ITEM_KINDS, yuan


@dataclass(frozen=True)
class ListedRun:
    """A run as the list of runs has it."""

    run: Run
    state_title: Titles
    overrides: int


def tell_runs(listed: Sequence[ListedRun], zone: dt.tzinfo) -> None:
    """All runs; overrides are counted where there are any."""
    any_override = any(each.overrides for each in listed)
    columns = _RUN_COLUMNS if any_override else _RUN_COLUMNS[:-1]
    rows = [
        (
            each.run.reference,
            each.state_title,
            each.run.line_count,
            yuan(each.run.total_fen),
            each.run.prepared_by or _("the scheduler"),
            local(each.run.as_of, zone)[:10],
            local(each.run.settled_at, zone)[:10],
            each.overrides,
        )[: len(columns)]
        for each in listed
    ]
    tell_table(columns, rows)


_RUN_COLUMNS = (
    Column(_("run")),
    Column(_("state")),
    Column(_("lines"), right=True),
    Column(_("yuan"), right=True),
    Column(_("prepared by")),
    Column(_("known on")),
    Column(_("settled")),
    Column(_("overrides"), right=True),
)


_LINE_COLUMNS = (
    Column(_("household")),
    Column(_("line")),
    Column(_("state")),
    Column(_("yuan"), right=True),
    Column(_("what for")),
)


def tell_lines(lines: Sequence[Line]) -> None:
    """The lines, withdrawn ones too."""
    if not lines:
        tell(_("There are no lines."))
        return
    tell()
    tell_table(
        _LINE_COLUMNS,
        [
            (
                line.household_no,
                line.reference,
                line_state_title(line.state),
                yuan(line.amount_fen),
                what_for(line.items),
            )
            for line in lines
        ],
    )


def what_for(items: Iterable[Item]) -> list[object]:
    """The items in short: months of one kind, persons and rate together."""
    spans: list[list[Item]] = []
    for item in items:
        last = spans[-1][-1] if spans else None
        if last is not None and _follows(last, item):
            spans[-1].append(item)
        else:
            spans.append([item])
    return [_span(span) for span in spans]


def _follows(last: Item, item: Item) -> bool:
    same = (item.kind, item.persons, item.rate_fen, item.amount_fen)
    return item.month == last.month + 1 and same == (
        last.kind,
        last.persons,
        last.rate_fen,
        last.amount_fen,
    )


def _span(items: Sequence[Item]) -> Text:
    first, last = items[0], items[-1]
    months = format_month(first.month)
    if last is not first:
        end = format_month(last.month)
        months = f"{months}~{end[-2:] if end[:4] == months[:4] else end}"
    amount = sum(item.amount_fen for item in items)
    whole = first.persons * first.rate_fen == first.amount_fen
    values = {"months": months, "persons": first.persons, "rate": yuan(first.rate_fen)}
    if first.kind == "regular" and whole:
        return _("{months}: {persons} × {rate}", **values)
    text = _("{months}: {kind} {amount}")
    return Text(
        text.msgid, {"months": months, "kind": ITEM_KINDS[first.kind], "amount": yuan(amount)}
    )


_EXCEPTION_COLUMNS = (
    Column(_("household")),
    Column(_("not settled, because")),
    Column(_("yuan"), right=True),
)


def tell_exceptions(exceptions: Sequence[ListedException]) -> None:
    """What the list does not settle, and why."""
    if not exceptions:
        return
    tell()
    tell_table(
        _EXCEPTION_COLUMNS,
        [(e.household_no, EXCEPTION_REASONS[e.reason], yuan(e.amount_fen)) for e in exceptions],
    )
