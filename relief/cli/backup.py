"""Safekeeping: everything into one file, and back into an empty place."""

from __future__ import annotations

from pathlib import Path

import click

from relief.backup.making import check_may_back_up, make_backup, papers_not_in_it
from relief.backup.restoring import restore_backup
from relief.cli import options
from relief.cli.console import progress, tell, tell_problems
from relief.cli.language import say
from relief.cli.office import opened
from relief.kernel.settings import load_settings
from relief.kernel.text import _


@click.command(
    help=say(
        _(
            "Writes the database and the office's own workflows, templates and attachments, "
            "checked, while others go on working. The keys are not in it: keep a copy of keys.json "
            "elsewhere."
        )
    )
)
@options.file
@options.actor
@click.option("--replace", is_flag=True, help=say(_("Replace the file where it is there already.")))
@click.pass_context
def backup(ctx: click.Context, path: Path, username: str, replace: bool) -> None:
    """Back up."""
    with opened() as relief:
        with relief.reading() as work:
            check_may_back_up(work, username)
        with progress(_("backing up")):
            made = make_backup(relief, path, replace=replace)
            missing = papers_not_in_it(relief)
    counts = made.manifest.counts
    tell(
        _(
            "Backed up and read back: {path} ({size} kB): households {households}, cases {cases}, "
            "payout lines {lines}, journal entries {entries}.",
            path=path,
            size=made.size_bytes // 1000 + 1,
            households=counts.households,
            cases=counts.cases,
            lines=counts.payout_lines,
            entries=counts.journal_entries,
        )
    )
    tell(
        _(
            "The keys are NOT in it: without keys.json (RELIEF_FIELD_KEYS) nothing personal in it "
            "can be read. Keep a copy of the keys in another place than the backups."
        )
    )
    if missing:
        tell_problems(missing)
        tell(
            _(
                "The backup stands, but {count} papers in it are NOT as they were attached. Look "
                "for them in older backups, and keep those.",
                count=len(missing),
            )
        )
        ctx.exit(1)


@click.command(
    help=say(
        _(
            "Into an empty place: RELIEF_DATA_DIR holds the key file that belongs to the backup, "
            "and no office; other files there stay as they are. Everything is checked before "
            "anything is touched. USERNAME is an admin of the office in the backup."
        )
    )
)
@options.file
@options.actor
@click.pass_context
def restore(ctx: click.Context, path: Path, username: str) -> None:
    """Restore."""
    with progress(_("restoring")):
        restored = restore_backup(load_settings(), path, username)
    counts = restored.manifest.counts
    tell(
        _(
            "Restored and checked: {path}, as it stood at {made_at}: households {households}, "
            "cases {cases}, payout lines {lines}, journal entries {entries}.",
            path=restored.database,
            made_at=restored.manifest.made_at[:16].replace("T", " "),
            households=counts.households,
            cases=counts.cases,
            lines=counts.payout_lines,
            entries=counts.journal_entries,
        )
    )
    if restored.problems:
        tell_problems(restored.problems)
        tell(_("The journal is NOT as it was written; it was so in the backup."))
        ctx.exit(1)
    tell(_("The journal is as it was written."))
