"""The steps of a run, each by its own person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from relief.accounts.queries import find_actor
from relief.cli import options
from relief.cli.console import tell
from relief.cli.language import say
from relief.cli.office import opened, writing
from relief.cli.payouts.telling import amount_of, tell_changes, tell_new_over_payments
from relief.engine.steps.advance import advance
from relief.engine.work import Work
from relief.kernel.text import Text, _
from relief.payouts import queries
from relief.payouts.explanation.changes import changes_since
from relief.payouts.queries import Run
from relief.payouts.recovery import CHOICES, choose_recovery
from relief.payouts.words import RECOVERY_CHOICES


@click.command(help=say(options.ABOUT_RUN))
@options.run
@options.actor
@options.acting_for
def submit(run: str, **who: str) -> None:
    """Hand a draft in."""
    after = _step(run, "submit", who)
    _tell_done(_("{run} waits for approval: {sum}."), after)
    tell_new_over_payments(after)
    tell(_("Hash of the list: {sha256}", sha256=after.sha256))


@click.command(
    help=say(
        _(
            "With --sha256 the approval is refused where the list is another than the one that "
            "was seen. What became known since the list was made is shown first; it comes with "
            "the next list."
        )
    )
)
@options.run
@click.option(
    "--sha256", metavar="HASH", default="", help=say(_("The hash of the list that was seen."))
)
@options.override
@options.actor
@options.acting_for
def approve(run: str, sha256: str, override: str, **who: str) -> None:
    """Approve a list."""
    with opened() as relief, relief.work() as work:
        before = queries.find_run(work, run)
        fields = {"sha256": sha256} if sha256 else {}
        after = _advance(work, before, "approve", who, fields=fields, override=override)
        changes = changes_since(work, before)
        work.commit()
    tell_changes(changes, relief.settings.zone)
    _tell_done(_("{run} is approved: {sum}."), after)
    tell(_("Hash of the list: {sha256}", sha256=after.sha256))


@click.command("return")
@options.run
@options.reason
@options.actor
@options.acting_for
def return_list(run: str, reason: str, **who: str) -> None:
    """Send a list back."""
    after = _step(run, "return", who, reason=reason)
    _tell_done(_("{run} is a draft again; prepare it anew, or submit it as it is."), after)


@click.command(
    help=say(_("What the line was to pay is owed again; the next list pays it, or asks again."))
)
@options.run
@options.household_no
@options.reason
@options.actor
@options.acting_for
def withdraw(run: str, household_no: str, reason: str, **who: str) -> None:
    """Take one line out."""
    fields = {"household_no": household_no}
    after = _step(run, "withdraw", who, fields=fields, reason=reason)
    tell(_("The line of {no} was taken out.", no=household_no))
    _tell_done(_("{run} is now: {sum}."), after)
    tell(_("Hash of the list: {sha256}", sha256=after.sha256))


@click.command(
    help=say(
        _(
            "Refused while a household on the list was put on hold, exited, or had its account "
            "changed since: withdraw its line, or return the run."
        )
    )
)
@options.run
@options.override
@options.actor
@options.acting_for
def release(run: str, override: str, **who: str) -> None:
    """Release a list."""
    after = _step(run, "release", who, override=override)
    _tell_done(_("{run} is released to the bank: {sum}."), after)
    if after.state == "settled":
        tell(_("It has no lines, so it is settled by that."))
    else:
        tell(
            _(
                'Next: finance takes out the list with "relief payouts export {run} --format csv '
                '--out FILE".',
                run=after.reference,
            )
        )


@click.command(help=say(_("All its lines are taken back; what they were to pay is owed again.")))
@options.run
@options.reason
@options.actor
@options.acting_for
def cancel(run: str, reason: str, **who: str) -> None:
    """Cancel a run."""
    after = _step(run, "cancel", who, reason=reason)
    _tell_done(_("{run} is cancelled."), after)


@click.command(
    help=say(
        _(
            "offset: over-payments are deducted from what is due, half of it at most (as long as "
            "nothing else is chosen). wait: nothing is deducted."
        )
    )
)
@options.household_no
@click.argument("choice", metavar="|".join(CHOICES), type=click.Choice(CHOICES))
@options.reason
@options.actor
def recovery(household_no: str, choice: str, reason: str, username: str) -> None:
    """Choose the recovery."""
    with writing() as work:
        choose_recovery(work, find_actor(work, username), household_no, choice, reason)
        work.commit()
    chosen = RECOVERY_CHOICES[choice]
    tell(_("For household {no} the choice is now: {choice}.", no=household_no, choice=chosen))


def _step(name: str, action: str, who: Mapping[str, str], **more: Any) -> Run:
    with writing() as work:
        after = _advance(work, queries.find_run(work, name), action, who, **more)
        work.commit()
    return after


def _advance(work: Work, run: Run, action: str, who: Mapping[str, str], **more: Any) -> Run:
    """`who`: `username`, and `acting_for` whom."""
    actor = find_actor(work, **who)
    advance(work, "payout_run", run.id, action, actor, **more)
    return queries.run_by_id(work, run.id)


def _tell_done(text: Text, run: Run) -> None:
    values = {"run": run.reference, "sum": amount_of(run.line_count, run.total_fen)}
    tell(Text(text.msgid, values))
