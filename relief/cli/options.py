"""The arguments and options that several commands take."""

from __future__ import annotations

from pathlib import Path

import click

from relief.cli.language import say
from relief.kernel.text import _

actor = click.option(
    "--actor",
    "username",
    metavar="USERNAME",
    required=True,
    help=say(_("Who does this: a user of this office.")),
)
reader = click.option(
    "--actor",
    "username",
    metavar="USERNAME",
    default="",
    help=say(_("Who asks; needed for what is restricted to named people.")),
)
acting_for = click.option(
    "--for",
    "acting_for",
    metavar="USERNAME",
    default="",
    help=say(_("Who is away, and for whom you act today; both names are kept.")),
)
as_json = click.option(
    "--json", "as_json", is_flag=True, help=say(_("Answer in JSON, for programs."))
)
dry_run = click.option(
    "--dry-run", is_flag=True, help=say(_("Only check the file; nothing is written."))
)
reason = click.option(
    "--reason", metavar="TEXT", required=True, help=say(_("Why; kept in the journal."))
)
override = click.option(
    "--override",
    metavar="TEXT",
    default="",
    help=say(
        _(
            "For an office of two: why the same person takes this step, too. Recorded, counted and "
            "reported."
        )
    ),
)
run = click.argument("run", metavar="RUN")
quarter = click.argument("quarter", metavar="QUARTER")
household_no = click.argument("household_no", metavar="HOUSEHOLD_NO")
file = click.argument("path", metavar="FILE", type=click.Path(path_type=Path, resolve_path=True))
ABOUT_RUN = _(
    "RUN is a quarter (2005Q2: its regular run) or a run's reference (2005Q2-r1, 2005Q2-s1)."
)
