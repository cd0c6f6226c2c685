"""What goes to the bank, and what comes back."""

from __future__ import annotations

from pathlib import Path

import click

from relief.accounts.queries import find_actor
from relief.cli import options
from relief.cli.console import Column, progress, tell, tell_table
from relief.cli.files_out import file_out
from relief.cli.language import say
from relief.cli.office import writing
from relief.kernel.files.sources import fingerprint
from relief.kernel.text import _
from relief.payouts import queries
from relief.payouts.bank.answer_file import parse_results
from relief.payouts.bank.answers import Answered, line_state_title, record_results
from relief.payouts.bank.released import HEADERS, export_list


@click.command(
    help=say(
        _(
            "After release. The first time makes the file; ever after the same bytes are given, "
            "and each time is logged."
        )
    )
)
@options.run
@click.option("--format", "file_format", metavar="csv|xlsx", required=True)
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help=say(_("A file to write to; one that holds something else is not replaced.")),
)
@click.option(
    "--headers",
    type=click.Choice(tuple(HEADERS)),
    default="en",
    show_default=True,
    help=say(_("The language of the headings.")),
)
@options.actor
def export(run: str, file_format: str, out: Path, headers: str, username: str) -> None:
    """Write a released list to a file."""
    with writing() as work:
        found = queries.find_run(work, run)
        with progress(_("writing the list")):
            handed = export_list(work, find_actor(work, username), found, file_format, headers)
        with file_out(out, [handed.content]):
            work.commit()
    tell(_("{run} was written to {path}.", run=found.reference, path=out))
    tell(_("SHA-256 of the file: {sha256}", sha256=handed.sha256))


@click.command(
    help=say(
        _(
            "FILE is a table with the columns reference, amount, status, reason, settled_on; "
            "status is success, failed, processing or returned. It is checked whole first. A file "
            "may hold part of the lines; the same answer twice changes nothing."
        )
    )
)
@options.run
@options.file
@options.dry_run
@options.actor
@options.acting_for
def results(run: str, path: Path, dry_run: bool, **who: str) -> None:
    """Record the bank's answer."""
    with progress(_("reading {name}", name=path.name)):
        rows, problems = parse_results(path)
        sha256 = fingerprint(path)
    with writing() as work:
        answered = record_results(
            work,
            find_actor(work, **who),
            queries.find_run(work, run),
            rows,
            sha256,
            path.name,
            problems=problems,
            dry_run=dry_run,
        )
        if not dry_run:
            work.commit()
    _answer(answered, dry_run=dry_run)


def _answer(answered: Answered, *, dry_run: bool) -> None:
    if answered.same_file:
        tell(_("This file was taken before; nothing changed."))
        return
    tell_table(
        (Column(_("state now")), Column(_("lines"), right=True)),
        [
            *((line_state_title(state), count) for state, count in answered.by_state.items()),
            (_("as told before"), answered.repeated),
        ],
    )
    if dry_run:
        tell(_("Only checked: there is no fault in it, and nothing was written."))
    elif answered.settled:
        tell(_("Every line is answered: the run is settled."))
    else:
        tell(_("Recorded."))
