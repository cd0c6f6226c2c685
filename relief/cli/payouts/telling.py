"""How runs read for people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from relief.cli.console import Column, tell, tell_facts, tell_table
from relief.cli.office import local
from relief.cli.payouts.list_tables import tell_exceptions, tell_lines
from relief.cli.payouts.run_view import RunView
from relief.cli.words import RUN_KIND_WORDS
from relief.engine.work import Work
from relief.kernel.text import Text, _
from relief.payouts.bank.answers import Reconciliation, line_state_title
from relief.payouts.explanation.bridge_steps import Bridge
from relief.payouts.explanation.changes import Changes
from relief.payouts.queries import Run
from relief.payouts.rules import ListedException
from relief.payouts.words import households, yuan

Facts = list[tuple[Text, object]]


def tell_run(view: RunView) -> None:
    """One run: what it is, its lines, its exceptions, and what surrounds it."""
    tell_facts(_facts(view))
    tell_lines(view.lines)
    tell_exceptions(view.exceptions)
    if view.reconciliation is not None:
        tell_reconciliation(view.reconciliation)
    if view.unanswered:
        tell_unanswered(view)
    tell_bridge(view.bridge)
    if view.run.state in ("draft", "submitted", "approved"):
        tell_changes(view.changes, view.zone)


def tell_prepared(work: Work, run: Run, exceptions: Sequence[ListedException]) -> None:
    """What `prepare` made."""
    title = work.workflows.state_title("payout_run", run.state)
    tell_facts([(_("run"), run.reference), (_("state"), title), *_sums(run)])
    tell_exceptions(exceptions)
    tell_new_over_payments(run)


def _facts(view: RunView) -> Facts:
    run = view.run
    facts: Facts = [
        (_("run"), run.reference),
        (_("state"), view.state_title),
        (_("quarter"), _("{quarter}, {kind}", quarter=run.quarter, kind=RUN_KIND_WORDS[run.kind])),
        (_("as known at"), local(run.as_of, view.zone)),
        (_("prepared by"), run.prepared_by or _("the scheduler")),
        *_sums(run),
        (_("released"), local(run.released_at, view.zone)),
        (_("settled"), local(run.settled_at, view.zone)),
    ]
    if run.new_over_paid_count:
        facts.append((_("new over-payments"), _over_payments(run)))
    facts += [
        (
            _("override"),
            _(
                "{actor} ({at}): {reason}",
                actor=e.actor,
                at=local(e.at, view.zone),
                reason=e.override,
            ),
        )
        for e in view.overrides
    ]
    return [(name, value) for name, value in facts if value]


def _sums(run: Run) -> Facts:
    return [
        (_("total"), amount_of(run.line_count, run.total_fen)),
        (_("hash of the list"), run.sha256),
    ]


def amount_of(count: int, amount_fen: int) -> Text:
    """So many households, and what they get together."""
    return _(
        "{amount} yuan for {households}", amount=yuan(amount_fen), households=households(count)
    )


def _over_payments(run: Run) -> Text:
    return _(
        "{amount} yuan at {households}",
        amount=yuan(run.new_over_paid_fen),
        households=households(run.new_over_paid_count),
    )


def tell_new_over_payments(run: Run) -> None:
    """A run that found over-payments nobody knew of says so."""
    if run.new_over_paid_count:
        tell(_("This list found new over-payments: {what}.", what=_over_payments(run)))


def tell_reconciliation(found: Reconciliation) -> None:
    """Released = paid + failed + returned + processing + unanswered."""
    words = {state: line_state_title(state) for state in found.by_state}
    words["sent"] = _("not answered yet")
    rows: list[tuple[object, ...]] = [
        (words[state], count, yuan(amount)) for state, (count, amount) in found.by_state.items()
    ]
    count, amount = found.released
    tell()
    tell_table(
        (
            Column(_("the bank's answer")),
            Column(_("lines"), right=True),
            Column(_("yuan"), right=True),
        ),
        [*rows, (_("released"), count, yuan(amount))],
    )
    if not found.balances:
        tell(_('The parts do not add up to what was released; "relief payouts verify" says why.'))


def tell_unanswered(view: RunView) -> None:
    """What the bank should have answered by now."""
    text = _(
        "The bank should have answered by {day}; nothing was heard of: {lines}",
        day=view.answer_due_on,
        lines=[line.reference for line in view.unanswered],
    )
    tell(text)


def tell_bridge(found: Bridge) -> None:
    """From the last regular list to this one."""
    if not found.previous:
        return
    tell()
    tell_table(
        (Column(_("from list to list")), Column(_("yuan"), right=True)),
        [
            (found.previous, yuan(found.previous_fen)),
            *((step.title, yuan(step.amount_fen)) for step in found.steps if step.amount_fen),
            (found.run, yuan(found.this_fen)),
        ],
    )


def tell_changes(changes: Changes, zone: dt.tzinfo) -> None:
    """What the list does not know."""
    if not changes.count:
        return
    tell()
    tell(_("Recorded since the list was made; the next list carries it:"))
    for change in changes.shown:
        tell(
            _(
                "  {household} {what} ({by}, {at})",
                household=change.household_no,
                what=change.what,
                by=change.recorded_by,
                at=local(change.recorded_at, zone),
            )
        )
    if changes.more_count:
        tell(_("  and {count} more", count=changes.more_count))
