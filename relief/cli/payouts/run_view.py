"""All that is shown of one run, gathered; and as JSON."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from relief.cli.office import iso
from relief.engine.definitions.definition import Titles
from relief.engine.journal.chain import Entry
from relief.engine.journal.history import history
from relief.engine.work import Work
from relief.kernel.money import Fen, format_yuan
from relief.kernel.months import format_month
from relief.payouts import queries
from relief.payouts.bank.answers import Reconciliation, answer_due_on, reconcile, unanswered_lines
from relief.payouts.explanation.bridge import bridge
from relief.payouts.explanation.bridge_steps import Bridge
from relief.payouts.explanation.changes import Changes, changes_since
from relief.payouts.queries import Line, Run
from relief.payouts.rules import Item, ListedException

_AFTER_RELEASE = ("released", "settled")


@dataclass(frozen=True)
class RunView:
    """A run with its lines and exceptions, and what surrounds it."""

    zone: dt.tzinfo
    run: Run
    state_title: Titles
    lines: Sequence[Line]
    exceptions: Sequence[ListedException]
    counts: Mapping[str, tuple[int, Fen]]
    reconciliation: Reconciliation | None
    unanswered: Sequence[Line]
    answer_due_on: dt.date | None
    overrides: Sequence[Entry]
    changes: Changes
    bridge: Bridge


def view_run(work: Work, run: Run, zone: dt.tzinfo) -> RunView:
    """Gather what is shown of a run."""
    lines = queries.lines_of(work, run.id)
    return RunView(
        zone=zone,
        run=run,
        state_title=work.workflows.state_title("payout_run", run.state),
        lines=lines,
        exceptions=queries.exceptions_of(work, run.id),
        counts=queries.counts_by_state(work, run.id),
        reconciliation=reconcile(work, run) if run.state in _AFTER_RELEASE else None,
        unanswered=unanswered_lines(work, run, lines),
        answer_due_on=answer_due_on(work, run),
        overrides=overrides_of(work, run),
        changes=changes_since(work, run),
        bridge=bridge(work, run),
    )


def overrides_of(work: Work, run: Run) -> list[Entry]:
    """The steps that were taken by override, oldest first."""
    return [e for e in history(work, "payout_run", run.id) if e.facts.get("override")]


def run_as_json(view: RunView) -> dict[str, object]:
    """A run for programs: the pinned keys, then what surrounds it."""
    run = view.run
    return {
        "run": run.reference,
        "state": run.state,
        "quarter": str(run.quarter),
        "kind": run.kind,
        "as_of": iso(run.as_of, view.zone),
        "total": format_yuan(run.total_fen),
        "sha256": run.sha256,
        "approved_sha256": run.approved_sha256 or None,
        "line_count": run.line_count,
        "prepared_by": run.prepared_by or None,
        "released_at": iso(run.released_at, view.zone),
        "settled_at": iso(run.settled_at, view.zone),
        "settings": json.loads(run.settings),
        "lines": [line_as_json(line) for line in view.lines],
        "exceptions": exceptions_as_json(view.exceptions),
        "counts": {state: _count(*count) for state, count in view.counts.items()},
        "reconciliation": _reconciliation(view.reconciliation),
        "new_over_payments": _count(run.new_over_paid_count, run.new_over_paid_fen),
        "answer_due_on": view.answer_due_on.isoformat() if view.answer_due_on else None,
        "unanswered": [line.reference for line in view.unanswered],
        "overrides": [_override(entry, view.zone) for entry in view.overrides],
        "changes_since": _changes(view),
        "bridge": _bridge(view.bridge),
    }


def listed_run_as_json(run: Run, overrides: int, zone: dt.tzinfo) -> dict[str, object]:
    """A run as the list of runs has it."""
    return {
        "run": run.reference,
        "quarter": str(run.quarter),
        "kind": run.kind,
        "state": run.state,
        "lines": run.line_count,
        "total": format_yuan(run.total_fen),
        "sha256": run.sha256,
        "prepared_by": run.prepared_by or None,
        "as_of": iso(run.as_of, zone),
        "released_at": iso(run.released_at, zone),
        "settled_at": iso(run.settled_at, zone),
        "overrides": overrides,
    }


def line_as_json(line: Line) -> dict[str, object]:
    """A line for programs."""
    return {
        "household_no": line.household_no,
        "reference": line.reference,
        "state": line.state,
        "amount": format_yuan(line.amount_fen),
        "items": items_as_json(line.items),
    }


def items_as_json(items: Iterable[Item]) -> list[dict[str, object]]:
    """A line's items for programs, by month."""
    return [
        {
            "month": format_month(item.month),
            "kind": item.kind,
            "amount": format_yuan(item.amount_fen),
            "persons": item.persons,
            "rate": format_yuan(item.rate_fen),
        }
        for item in items
    ]


def exceptions_as_json(exceptions: Iterable[ListedException]) -> list[dict[str, object]]:
    """Exceptions for programs."""
    return [
        {"household_no": e.household_no, "reason": e.reason, "amount": format_yuan(e.amount_fen)}
        for e in exceptions
    ]


def _count(count: int, amount_fen: Fen) -> dict[str, object]:
    return {"count": count, "amount": format_yuan(amount_fen)}


def _reconciliation(found: Reconciliation | None) -> dict[str, object] | None:
    if found is None:
        return None
    names = {"sent": "unanswered"}
    return {
        "released": _count(*found.released),
        **{names.get(state, state): _count(*count) for state, count in found.by_state.items()},
        "balances": found.balances,
    }


def _override(entry: Entry, zone: dt.tzinfo) -> dict[str, object]:
    return {
        "action": entry.action,
        "actor": entry.actor,
        "at": iso(entry.at, zone),
        "reason": entry.override,
    }


def _changes(view: RunView) -> dict[str, object]:
    return {
        "count": view.changes.count,
        "shown": [
            {
                "kind": change.kind,
                "household_no": change.household_no or None,
                "recorded_at": iso(change.recorded_at, view.zone),
                "recorded_by": change.recorded_by,
            }
            for change in view.changes.shown
        ],
    }


def _bridge(found: Bridge) -> dict[str, object]:
    return {
        "previous": found.previous or None,
        "previous_amount": format_yuan(found.previous_fen),
        "steps": {step.name: format_yuan(step.amount_fen) for step in found.steps},
        "amount": format_yuan(found.this_fen),
        "rest": format_yuan(found.rest_fen),
    }
