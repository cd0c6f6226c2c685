"""The workflow engine's tools."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click

from relief.cli.console import tell, tell_problems
from relief.cli.language import say, translator
from relief.cli.lazy import Entry, LazyGroup
from relief.engine.definitions.diagram import mermaid
from relief.engine.definitions.loader import load_definitions
from relief.kernel.errors import Invalid, NotFound, Problem, refuse
from relief.kernel.resources import folders
from relief.kernel.settings import load_settings
from relief.kernel.text import _
from relief.letters.checking import templates_missing
from relief.letters.templates import LetterFolder
from relief.procedures.features import NAMES
from relief.procedures.files import Procedures, read_procedures

workflows = LazyGroup(
    "workflows",
    {
        "check": Entry("relief.cli.workflows:check", _("Name every fault of the definitions.")),
        "diagram": Entry("relief.cli.workflows:diagram", _("Draw one as text for Mermaid.")),
    },
)


@click.command(
    help=say(
        _(
            "Without DIR the definitions that this office works by: its own in the data folder, "
            "before those that came with the program. Looks for the templates of the letters that "
            "they name. Does not know the kinds of cases whose file is gone, nor which capital "
            "letter is theirs: they stand in the database, and the program says it when it takes "
            "the files."
        )
    )
)
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.pass_context
def check(ctx: click.Context, directory: Path | None) -> None:
    """Check definitions."""
    settings = load_settings()
    places = [directory] if directory else folders("workflows", settings.data_dir)
    found = read_procedures(places)
    if not found.files:
        text = _("There is no workflow definition (*.toml) in {folder}.", folder=places[0])
        raise refuse(NotFound, "workflow.none", text)
    faults = [*found.faults, *_letters_missing(found, LetterFolder(settings))]
    faulty = {fault.sheet for fault in faults}
    for name, definition in found.files.items():
        if definition is not None and name not in faulty:
            tell(
                _(
                    "{name}: in order ({states} states, {actions} actions)",
                    name=name,
                    states=len(definition.states),
                    actions=len(definition.actions),
                )
            )
    tell_problems(faults)
    if faults:
        ctx.exit(1)


def _letters_missing(found: Procedures, folder: LetterFolder) -> Iterator[Problem]:
    """Letters that files name and that nobody wrote. The program works by such a file all the
    same: the letter may come later."""
    faulty = {fault.sheet for fault in found.faults}
    for name, definition in found.files.items():
        if definition is not None and name not in faulty:
            for fault in templates_missing(folder, definition):
                yield replace(fault, sheet=name)


@click.command(help=say(_("KEY is the name of a workflow: petition, household, payout_run …")))
@click.argument("key", metavar="KEY")
def diagram(key: str) -> None:
    """Draw a definition."""
    definitions = load_definitions(folders("workflows", load_settings().data_dir), NAMES)
    if key not in definitions:
        text = _('There is no workflow "{key}"; there are {known}.', key=key, known=[*definitions])
        raise refuse(Invalid, "workflow.unknown", text, "key")
    tell(mermaid(definitions[key], translator().title))
