"""The workflow engine's tools."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from relief.bootstrap import KINDS, NAMES, taken_away
from relief.cli.console import tell, tell_problems
from relief.cli.language import say, translator
from relief.cli.lazy import Entry, LazyGroup
from relief.engine.definitions.diagram import mermaid
from relief.engine.definitions.loader import load_definitions, read_file
from relief.kernel.errors import Invalid, NotFound, Problem, refuse
from relief.kernel.resources import folders
from relief.kernel.settings import load_settings
from relief.kernel.text import _

_KNOWN_KINDS = {kind.key for kind in KINDS}

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
            "before those that came with the program."
        )
    )
)
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.pass_context
def check(ctx: click.Context, directory: Path | None) -> None:
    """Check definitions."""
    places = [directory] if directory else folders("workflows", load_settings().data_dir)
    files: dict[str, Path] = {}
    for place in places:
        for path in sorted(place.glob("*.toml")):
            files.setdefault(path.name, path)
    if not files:
        text = _("There is no workflow definition (*.toml) in {folder}.", folder=places[0])
        raise refuse(NotFound, "workflow.none", text)
    problems = [problem for path in files.values() for problem in _check_file(path)]
    tell_problems(problems)
    if problems:
        ctx.exit(1)


def _check_file(path: Path) -> list[Problem]:
    definition, problems = read_file(path, NAMES)
    if definition is not None:
        problems += taken_away(definition, problems)
    if definition is not None and definition.key and definition.key not in _KNOWN_KINDS:
        text = _(
            "The program has no cases of this kind; it has {known}.", known=sorted(_KNOWN_KINDS)
        )
        problems.append(Problem("workflow.kind_unknown", text, field="key"))
    if definition is not None and not problems:
        tell(
            _(
                "{name}: in order ({states} states, {actions} actions)",
                name=path.name,
                states=len(definition.states),
                actions=len(definition.actions),
            )
        )
    return [replace(problem, sheet=path.name) for problem in problems]


@click.command(help=say(_("KEY is the definition's name: household or payout_run.")))
@click.argument("key", metavar="KEY")
def diagram(key: str) -> None:
    """Draw a definition."""
    definitions = load_definitions(folders("workflows", load_settings().data_dir), NAMES)
    if key not in definitions:
        text = _('There is no workflow "{key}"; there are {known}.', key=key, known=[*definitions])
        raise refuse(Invalid, "workflow.unknown", text, "key")
    tell(mermaid(definitions[key], translator().title))
