"""The journal, for those who inspect it."""

from __future__ import annotations

from pathlib import Path

import click

from relief.accounts.queries import find_actor
from relief.auditing import verify_office
from relief.cli import options
from relief.cli.console import progress, tell, tell_aside, tell_problems
from relief.cli.files_out import file_out
from relief.cli.language import say
from relief.cli.lazy import Entry, LazyGroup
from relief.cli.office import opened, reading
from relief.engine.journal.inspection import handed_out_lines, journal_size
from relief.kernel.text import _

audit = LazyGroup(
    "audit",
    {
        "verify": Entry(
            "relief.cli.audit:verify", _("Check that the journal is as it was written.")
        ),
        "export": Entry(
            "relief.cli.audit:export", _("Hand the journal out, an entry a line (auditor, admin).")
        ),
    },
)


@click.command(
    help=say(
        _(
            "Recomputes the hash of every entry, the chain of every case, and the daily seals; "
            "names whatever was changed, removed or swapped; deadlines, papers and letters "
            "are held against it, and every paper's file against its hash. What hardship files and "
            'accounts say is verified with each list: "relief payouts verify".'
        )
    )
)
@click.pass_context
def verify(ctx: click.Context) -> None:
    """Verify the journal."""
    with opened() as relief, relief.reading() as work:
        entries, seals = journal_size(work)
        with progress(_("verifying the journal")):
            problems = verify_office(work, relief.papers)
    tell_problems(problems)
    counts = {"entries": entries, "seals": seals}
    if problems:
        tell(_("Entries {entries}, daily seals {seals}: NOT as they were written.", **counts))
        ctx.exit(1)
    tell(_("Entries {entries}, daily seals {seals}: all as they were written.", **counts))


@click.command(
    help=say(
        _(
            "One JSON object a line, with hashes; reasons and what was typed stay sealed. Of a "
            "restricted case that is not for you only the kind, the id and the hashes are told. "
            "Without --out to standard output."
        )
    )
)
@options.actor
@click.option("--out", type=click.Path(path_type=Path), help=say(_("A file to write to.")))
def export(username: str, out: Path | None) -> None:
    """Hand out the journal."""
    with reading() as work:
        lines = handed_out_lines(work, find_actor(work, username))
        if out is None:
            for line in lines:
                click.echo(line, nl=False)
            return
        with file_out(out, lines):
            pass
    tell_aside(_("written: {path}", path=out))
