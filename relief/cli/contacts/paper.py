"""Numbers for paper forms."""

from __future__ import annotations

import click

from relief.accounts.queries import find_actor
from relief.cli import options
from relief.cli.console import tell, tell_json
from relief.cli.language import say
from relief.cli.office import writing
from relief.kernel.errors import Invalid, refuse
from relief.kernel.moments import parse_day
from relief.kernel.text import _
from relief.petitions.day.pack import reserve_numbers
from relief.petitions.rules import PETITION


@click.command(
    help=say(
        _(
            "Print the numbers on blank forms; what is written on them is entered afterwards with "
            '"relief contacts add --reserved NO". A number that is not used leaves a gap.'
        )
    )
)
@click.option("--day", metavar="DAY", required=True, help=say(_("The day, as 2005-06-28.")))
@click.option("--contacts", metavar="N", default=20, help=say(_("Forms of contacts.")))
@click.option("--cases", metavar="N", default=5, help=say(_("Forms of cases, of each kind.")))
@click.option(
    "--kind", "kinds", multiple=True, metavar="KIND", default=(PETITION,),
    help=say(_("Kinds of those cases.")),
)  # fmt: skip
@options.as_json
@options.acting_for
@options.actor
def reserve(
    day: str,
    contacts: int,
    cases: int,
    kinds: tuple[str, ...],
    username: str,
    acting_for: str,
    as_json: bool,
) -> None:
    """Reserve numbers."""
    on = parse_day(day.strip())
    if on is None:
        raise refuse(Invalid, "reserved.day", _("Write the day as 2005-06-30."), "day")
    with writing() as work:
        actor = find_actor(work, username, acting_for)
        reserved = reserve_numbers(work, actor, on, contacts, cases, kinds)
        work.commit()
    if as_json:
        numbers = {"contacts": list(reserved.contacts), "cases": list(reserved.cases)}
        tell_json({"on": on.isoformat(), **numbers})
        return
    for number in (*reserved.contacts, *reserved.cases):
        tell(number)
    count = len(reserved.contacts) + len(reserved.cases)
    tell(_("{count} numbers are reserved for {day}.", count=count, day=on))
