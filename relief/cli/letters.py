"""The tools of letters."""

from __future__ import annotations

import click

from relief.cli.console import tell, tell_problems
from relief.cli.language import say
from relief.cli.lazy import Entry, LazyGroup
from relief.kernel.settings import load_settings
from relief.kernel.text import _
from relief.letters.checking import check_letters
from relief.letters.templates import LetterFolder
from relief.procedures.building import build_workflows

letters = LazyGroup(
    "letters",
    {"check": Entry("relief.cli.letters:check", _("Name every fault of the templates."))},
)


@click.command(
    help=say(
        _(
            "Looks at the office's own templates in the data folder, at those that came with the "
            "program, and for those that a workflow names; not for those of kinds of cases whose "
            "file is gone."
        )
    )
)
@click.pass_context
def check(ctx: click.Context) -> None:
    """Check templates."""
    settings = load_settings()
    workflows = build_workflows(settings)
    checked = check_letters(LetterFolder(settings), workflows.definitions.values())
    for name in checked.sound:
        tell(_("{name}: in order", name=name))
    tell_problems(checked.problems)
    if checked.problems:
        ctx.exit(1)
