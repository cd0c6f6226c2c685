"""The minimum living line that surveys are judged by."""

from __future__ import annotations

import click

from relief.accounts.queries import find_actor
from relief.cli import amounts, options
from relief.cli.console import Column, tell, tell_json, tell_table
from relief.cli.language import say
from relief.cli.lazy import Entry, LazyGroup
from relief.cli.office import iso, local, opened, writing
from relief.households.life.dibao import dibao_lines, record_dibao_line
from relief.kernel.money import format_yuan, parse_yuan
from relief.kernel.months import format_month, parse_month
from relief.kernel.text import _
from relief.payouts.words import yuan

dibao_line = LazyGroup(
    "dibao-line",
    {
        "set": Entry(
            "relief.cli.households.dibao:set_line", _("Record the line from a month on (admin).")
        ),
        "list": Entry("relief.cli.households.dibao:list_lines", _("List the lines.")),
    },
)


@click.command(
    "set",
    cls=amounts.AmountCommand,
    help=say(
        _(
            "FROM_MONTH as 2005-01, AMOUNT in yuan a person a month. Surveys keep the line that "
            "they were judged by."
        )
    ),
)
@click.argument("from_month", metavar="FROM_MONTH")
@amounts.amount
@click.option(
    "--document-no", required=True, metavar="TEXT", help=say(_("The document that sets it."))
)
@options.actor
@options.acting_for
def set_line(
    from_month: str, amount: str, document_no: str, username: str, acting_for: str
) -> None:
    """Record a line."""
    month, line_fen = parse_month(from_month, "from_month"), parse_yuan(amount)
    with writing() as work:
        actor = find_actor(work, username, acting_for)
        record_dibao_line(work, actor, month, line_fen, document_no)
        work.commit()
    tell(
        _(
            "The minimum living line from {month} on is {line} yuan.",
            month=format_month(month),
            line=yuan(line_fen),
        )
    )


@click.command("list")
@options.as_json
def list_lines(as_json: bool) -> None:
    """List the lines."""
    with opened() as relief, relief.reading() as work:
        lines = dibao_lines(work)
    zone = relief.settings.zone
    if as_json:
        tell_json(
            [
                {
                    "from_month": format_month(line.from_month),
                    "amount": format_yuan(line.line_fen),
                    "document_no": line.document_no,
                    "recorded_at": iso(line.recorded_at, zone),
                    "recorded_by": line.recorded_by,
                }
                for line in lines
            ]
        )
        return
    tell_table(
        (
            Column(_("from")),
            Column(_("yuan"), right=True),
            Column(_("document")),
            Column(_("recorded")),
        ),
        [
            (
                format_month(line.from_month),
                yuan(line.line_fen),
                line.document_no,
                _("{name}, {at}", name=line.recorded_by, at=local(line.recorded_at, zone)),
            )
            for line in lines
        ],
    )
