"""Why an amount, and whether it still is what it was."""

from __future__ import annotations

import click

from relief.cli import options
from relief.cli.console import progress, tell, tell_json, tell_problems
from relief.cli.language import say
from relief.cli.office import reading
from relief.cli.payouts.telling import amount_of
from relief.kernel.text import _
from relief.payouts import queries
from relief.payouts.explanation import explain_line
from relief.payouts.verification.verify import verify_run


@click.command(
    help=say(
        _(
            "The slip of one household: which persons, months and rates, what is arrears and why, "
            "what is deducted and why; or why the list does not pay it."
        )
    )
)
@options.run
@options.household_no
@options.as_json
def explain(run: str, household_no: str, as_json: bool) -> None:
    """Say why."""
    with reading() as work:
        explanation = explain_line(work, queries.find_run(work, run), household_no)
    if as_json:
        tell_json(explanation.as_dict(say))
        return
    for text in explanation.text:
        tell(text)


@click.command(
    help=say(
        _(
            "By a second, independent way. Whatever differs from what is stored is named with "
            "its line: exit code 1."
        )
    )
)
@options.run
@click.pass_context
def verify(ctx: click.Context, run: str) -> None:
    """Recompute a run."""
    with reading() as work, progress(_("recomputing")):
        found = queries.find_run(work, run)
        problems = verify_run(work, found)
    if problems:
        tell_problems(problems)
        tell(_("{run} is NOT what was known when it was made.", run=found.reference))
        ctx.exit(1)
    tell(
        _(
            "{run} is verified: {sum}, as known when it was made.",
            run=found.reference,
            sum=amount_of(found.line_count, found.total_fen),
        )
    )
