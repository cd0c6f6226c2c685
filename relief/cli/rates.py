"""Benefit rates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import click

from relief.accounts.queries import find_actor
from relief.cli import options
from relief.cli.console import Column, tell, tell_json, tell_table
from relief.cli.language import say
from relief.cli.lazy import Entry, LazyGroup
from relief.cli.office import iso, local, opened, writing
from relief.kernel.files.sources import fingerprint
from relief.kernel.money import format_yuan
from relief.kernel.months import format_month
from relief.kernel.text import _
from relief.payouts.rate_effects import Difference
from relief.payouts.rate_file import parse_rates
from relief.payouts.rates import (
    ListedRate,
    confirm_rates,
    list_rates,
    propose_rates,
    proposed_differences,
)
from relief.payouts.words import GRADE_WORDS, households, yuan

rates = LazyGroup(
    "rates",
    {
        "import": Entry("relief.cli.rates:import_rates", _("Propose the rates of a file (admin).")),
        "confirm": Entry(
            "relief.cli.rates:confirm", _("Make a document's rates count (approver).")
        ),
        "list": Entry("relief.cli.rates:list_all", _("List rates, confirmed and proposed.")),
    },
    _("Rates are set by a document: an admin proposes them, an approver confirms them."),
)


@click.command(
    "import",
    help=say(
        _(
            "FILE is a table (csv) with the columns grade, from_month, amount, document_no. The "
            "rates count only when an approver has confirmed the document."
        )
    ),
)
@options.file
@options.actor
def import_rates(path: Path, username: str) -> None:
    """Propose rates."""
    rows, problems = parse_rates(path)
    with writing() as work:
        actor = find_actor(work, username)
        fresh = propose_rates(work, actor, rows, fingerprint(path), path.name, problems=problems)
        work.commit()
    if not fresh:
        tell(_("This file was taken before; nothing changed."))
        return
    tell(_("Rates proposed: {count}.", count=len(rows)))
    for document_no in dict.fromkeys(row.document_no for row in rows):
        tell(_('Next: an approver confirms them with "relief rates confirm {no}".', no=document_no))


@click.command(
    help=say(
        _(
            "Shows which households differ by it, from go-live to now, and by how much: what they "
            "get more, or were paid too much, comes with the next list."
        )
    )
)
@click.argument("document_no", metavar="DOCUMENT_NO")
@options.actor
def confirm(document_no: str, username: str) -> None:
    """Confirm a document."""
    with writing() as work:
        differences = confirm_rates(work, find_actor(work, username), document_no)
        work.commit()
    tell(_("The rates of document {no} count from now on.", no=document_no))
    _tell_differences(differences)


@click.command("list")
@options.as_json
def list_all(as_json: bool) -> None:
    """List rates."""
    with opened() as relief, relief.reading() as work:
        listed = list_rates(work)
        waiting = dict.fromkeys(rate.document_no for rate in listed if rate.confirmed_at is None)
        proposed = {no: proposed_differences(work, no) for no in waiting}
    zone = relief.settings.zone
    if as_json:
        tell_json([_as_json(rate, proposed.get(rate.document_no, []), zone) for rate in listed])
        return
    tell_table(_COLUMNS, [_row(rate, zone) for rate in listed])
    for document_no, differences in proposed.items():
        tell()
        tell(_("If document {no} were confirmed now:", no=document_no))
        _tell_differences(differences)


_COLUMNS = (
    Column(_("grade")),
    Column(_("from")),
    Column(_("yuan"), right=True),
    Column(_("document")),
    Column(_("proposed by")),
    Column(_("confirmed")),
)


def _row(rate: ListedRate, zone: dt.tzinfo) -> Sequence[object]:
    confirmed = (
        _("{name}, {at}", name=rate.confirmed_by, at=local(rate.confirmed_at, zone))
        if rate.confirmed_at
        else _("not yet")
    )
    return (
        GRADE_WORDS[rate.grade],
        format_month(rate.from_month),
        yuan(rate.rate_fen),
        rate.document_no,
        rate.proposed_by,
        confirmed,
    )


def _as_json(
    rate: ListedRate, differences: Sequence[Difference], zone: dt.tzinfo
) -> dict[str, object]:
    return {
        "grade": rate.grade,
        "from_month": format_month(rate.from_month),
        "amount": format_yuan(rate.rate_fen),
        "document_no": rate.document_no,
        "proposed_by": rate.proposed_by,
        "recorded_at": iso(rate.recorded_at, zone),
        "confirmed_by": rate.confirmed_by or None,
        "confirmed_at": iso(rate.confirmed_at, zone),
        "would_differ": [
            {
                "household_no": d.household_no,
                "amount": format_yuan(d.amount_fen),
                "later": format_yuan(d.later_fen),
            }
            for d in (differences if rate.confirmed_at is None else ())
        ],
    }


def _tell_differences(differences: Sequence[Difference]) -> None:
    if not differences:
        tell(_("No household differs by it."))
        return
    total, later = (
        sum(fen) for fen in zip(*((d.amount_fen, d.later_fen) for d in differences), strict=True)
    )
    tell_table(
        (
            Column(_("household")),
            Column(_("differs by"), right=True),
            Column(_("in months to come"), right=True),
        ),
        [
            *((d.household_no, yuan(d.amount_fen), yuan(d.later_fen)) for d in differences),
            (households(len(differences)), yuan(total), yuan(later)),
        ],
    )
