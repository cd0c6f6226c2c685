"""Files that people bring: the register, and the ledger of changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from relief.accounts.queries import find_actor
from relief.cli import options
from relief.cli.console import progress, tell, warn
from relief.cli.language import say
from relief.cli.office import opened
from relief.cli.words import CHANGE_WORDS
from relief.households.files.ledger import parse_changes
from relief.households.files.register import parse_register
from relief.households.files.sources import fingerprint
from relief.households.service import FileTaken, import_register, record_changes
from relief.kernel.errors import Problem
from relief.kernel.text import Text, _


@click.command(
    "import",
    help=say(
        _(
            "FILE is a workbook (xlsx) with the sheets households and members, or a folder with "
            "households.csv and members.csv; headings in Chinese or English. It is checked whole "
            "first: one faulty row, and nothing is written."
        )
    ),
)
@options.file
@options.actor
@options.dry_run
def import_files(path: Path, username: str, dry_run: bool) -> None:
    """Open the files of a register."""
    taken = _take(path, username, parse_register, import_register, dry_run=dry_run)
    _answer(taken, _("In the register: {counts}."), dry_run=dry_run)


@click.command(
    help=say(
        _(
            "FILE is a table (csv) with the columns household_no, change, effective_on, id_number, "
            "name, relation, counted, grade, account_name, account_no, bank_name, reason. Its rows "
            "are recorded in their order, all of them or none."
        )
    )
)
@options.file
@options.actor
@options.dry_run
def changes(path: Path, username: str, dry_run: bool) -> None:
    """Record dated changes."""
    taken = _take(path, username, parse_changes, record_changes, dry_run=dry_run)
    _answer(taken, _("In the ledger: {counts}."), dry_run=dry_run)


def _take(
    path: Path,
    username: str,
    parse: Callable[..., tuple[Any, list[Problem]]],
    record: Callable[..., FileTaken],
    *,
    dry_run: bool,
) -> FileTaken:
    """Read a file, then judge and record it in one transaction."""
    with opened() as relief:
        with progress(_("reading {name}", name=path.name)):
            content, problems = parse(path, relief.clock.today())
            sha256 = fingerprint(path)
        with relief.work() as work, progress(_("checking and recording")):
            actor = find_actor(work, username)
            taken = record(work, actor, content, problems, sha256, path.name, dry_run=dry_run)
            if not dry_run:
                work.commit()
    return taken


def _answer(taken: FileTaken, counted: Text, *, dry_run: bool) -> None:
    if taken.same_file:
        tell(_("This file was taken before; nothing changed."))
        return
    words = {"households": _("households"), "members": _("members"), **CHANGE_WORDS}
    counts = [
        _("{what} {count}", what=words[name], count=count) for name, count in taken.counts.items()
    ]
    tell(Text(counted.msgid, {"counts": counts}))
    if dry_run:
        tell(_("Only checked: there is no fault in it, and nothing was written."))
    else:
        tell(_("Recorded."))
    warn(taken.warnings)
