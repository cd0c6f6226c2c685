"""Taking a step of a case of any kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import click

from relief.accounts.queries import find_actor
from relief.cli import options
from relief.cli.console import tell
from relief.cli.language import say
from relief.cli.office import writing
from relief.engine.cases import Case, find_case, load_case
from relief.engine.clocks.deadlines import deadline_of
from relief.engine.steps.advance import advance
from relief.engine.steps.moment import moment_of_step
from relief.engine.work import Work
from relief.kernel.text import Text, _


@click.command(
    help=say(
        _(
            'REF is a case (P2005-0001), a hardship file or a run; "relief cases show REF --actor '
            'USERNAME" says which actions there are and what each asks for. Without --on and --at '
            "it happened now."
        )
    )
)
@click.argument("reference", metavar="REF")
@click.argument("action", metavar="ACTION")
@click.option(
    "--field",
    "typed",
    metavar="NAME=VALUE",
    multiple=True,
    help=say(_("What the step asks for; may be repeated.")),
)
@click.option("--reason", metavar="TEXT", default="", help=say(_("Why; kept in the journal.")))
@click.option("--on", metavar="DAY", default="", help=say(_("The day it happened, as 2005-06-28.")))
@click.option("--at", metavar="TIME", default="", help=say(_("The time of day, as 14:30.")))
@click.option(
    "--version",
    "seen_version",
    type=int,
    metavar="N",
    help=say(_("The version that you saw; refused where the case has gone on since.")),
)
@options.override
@options.acting_for
@options.actor
def do(  # noqa: PLR0913  (one argument an option)
    reference: str,
    action: str,
    typed: Sequence[str],
    reason: str,
    on: str,
    at: str,
    seen_version: int | None,
    override: str,
    acting_for: str,
    username: str,
) -> None:
    """Take a step."""
    fields = _fields(typed)
    with writing() as work:
        actor = find_actor(work, username, acting_for)
        case = find_case(work, reference, actor)
        was_due = _due_on(work, case)
        advance(
            work,
            case.kind.key,
            case.id,
            action,
            actor,
            fields=fields,
            reason=reason,
            seen_version=seen_version,
            override=override,
            happened_at=moment_of_step(work, case.kind.key, case.id, on, at),
        )
        told = list(_told(work, case, action, was_due))
        work.commit()
    for text in told:
        tell(text)


def _fields(typed: Sequence[str]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for each in typed:
        name, equals, value = each.partition("=")
        if not equals:
            raise click.UsageError(
                say(_("Write a field as NAME=VALUE, not as {typed}.", typed=each))
            )
        if name.strip() in fields:
            raise click.UsageError(say(_("The field {name} stands there twice.", name=name)))
        fields[name.strip()] = value
    return fields


def _told(work: Work, before: Case, action: str, was_due: dt.date | None) -> Iterator[Text]:
    """What to say of the step; read in its own unit of work, so that it is of no later one."""
    case = load_case(work, before.kind.key, before.id)
    definition = case.machine.definition
    meant = definition.meant(before.state, action)
    assert meant is not None  # it was taken
    yield _(
        '{no}: "{step}" is done; it is now "{state}" (version {version}).',
        no=case.reference,
        step=meant.title,
        state=definition.state_by_id[case.state].title,
        version=case.version,
    )
    due_on = _due_on(work, case)
    if due_on and (case.state != before.state or due_on != was_due):
        yield _("Next deadline: {day}.", day=due_on)


def _due_on(work: Work, case: Case) -> dt.date | None:
    runs = deadline_of(work, case.kind.key, case.id)
    return runs.due_on if runs else None
