"""Money that came back, and money given up: one group of commands for each of the two."""

from __future__ import annotations

from collections.abc import Callable

import click

from relief.accounts.queries import find_actor
from relief.cli import amounts, options
from relief.cli.console import tell, tell_json
from relief.cli.language import say
from relief.cli.lazy import Entry, LazyGroup
from relief.cli.office import opened, writing
from relief.cli.payouts.over_paid_view import (
    money_as_json,
    standing_as_json,
    tell_money,
    tell_standing,
)
from relief.engine.steps.advance import advance
from relief.kernel.text import Text, _
from relief.payouts.over_paid.kinds import REPAYMENT, WRITE_OFF, MoneyKind
from relief.payouts.over_paid.queries import find_money, list_money
from relief.payouts.over_paid.service import record_money
from relief.payouts.over_paid.standing import standing_of
from relief.payouts.words import yuan

_PAPERS = {
    "repayment": ("--receipt", _("The number of the receipt that the household was given.")),
    "write_off": ("--minutes", _("The number of the minutes that decided it.")),
}
_reference = click.argument("reference", metavar="REF")


def _record(kind: MoneyKind) -> click.Command:
    flag, about = _PAPERS[kind.key]

    @click.command(
        cls=amounts.AmountCommand,
        help=say(
            _(
                "MONTH is the month that was over-paid, as 2005-06; AMOUNT is in yuan. Refused "
                "above what is over-paid in that month. It counts once an approver has confirmed "
                "it, and is in no total of a bank's list."
            )
        ),
    )
    @options.household_no
    @click.argument("month", metavar="MONTH")
    @amounts.amount
    @click.option(flag, "paper_no", metavar="NO", required=True, help=say(about))
    @options.actor
    @options.acting_for
    def record(household_no: str, month: str, amount: str, paper_no: str, **who: str) -> None:
        with writing() as work:
            found = record_money(
                work,
                find_actor(work, **who),
                kind,
                household_no=household_no,
                month=month,
                amount=amount,
                paper_no=paper_no,
            )
            standing = standing_of(work, work.instant(), found.household_id, found.month)
            work.commit()
        tell_standing(kind, found, standing)
        tell(
            _(
                'Next: an approver confirms it with "{command}".',
                command=f"relief payouts {_group(kind)} confirm {found.reference}",
            )
        )

    return record


def _confirm(kind: MoneyKind) -> click.Command:
    @click.command(
        help=say(
            _(
                "Another person than who recorded it. What it is about, and what would be left of "
                'the over-payment, is told here, too; "show" tells it before.'
            )
        )
    )
    @_reference
    @options.actor
    @options.acting_for
    def confirm(reference: str, **who: str) -> None:
        with writing() as work:
            found = find_money(work, kind, reference)
            standing = standing_of(work, work.instant(), found.household_id, found.month)
            advance(work, kind.key, found.id, "confirm", find_actor(work, **who))
            work.commit()
        tell_standing(kind, found, standing)
        tell(_("{no} is confirmed; it counts from now on.", no=found.reference))

    return confirm


def _refusing(kind: MoneyKind, action: str, about: Text, done: Text) -> click.Command:
    @click.command(help=say(about))
    @_reference
    @options.reason
    @options.actor
    @options.acting_for
    def refusing(reference: str, reason: str, **who: str) -> None:
        with writing() as work:
            found = find_money(work, kind, reference)
            advance(work, kind.key, found.id, action, find_actor(work, **who), reason=reason)
            work.commit()
        values = {"no": found.reference, "amount": yuan(found.amount_fen)}
        tell(Text(done.msgid, values))

    return refusing


def _decline(kind: MoneyKind) -> click.Command:
    return _refusing(
        kind,
        "decline",
        _("It was recorded wrongly; it stays in the books and never counts."),
        _("{no} ({amount}) is declined; it does not count."),
    )


def _take_back(kind: MoneyKind) -> click.Command:
    return _refusing(
        kind,
        "take_back",
        _("By who recorded it, as long as it is not confirmed; it stays in the books."),
        _("{no} ({amount}) is taken back; it does not count."),
    )


def _show(kind: MoneyKind) -> click.Command:
    @click.command(
        help=say(
            _(
                "Household, month and amount; what is owed and paid as known now, what is "
                "over-paid, and what would be left of that."
            )
        )
    )
    @_reference
    @options.as_json
    def show(reference: str, as_json: bool) -> None:
        with opened() as relief, relief.reading() as work:
            found = find_money(work, kind, reference)
            standing = standing_of(work, work.as_known_now(), found.household_id, found.month)
        if as_json:
            shown = money_as_json(kind, found, relief.settings.zone)
            tell_json(shown | {"standing": standing_as_json(found, standing)})
        else:
            tell_standing(kind, found, standing)

    return show


def _list(kind: MoneyKind) -> click.Command:
    @click.command()
    @click.option("--waiting", is_flag=True, help=say(_("Only what waits to be confirmed.")))
    @options.as_json
    def list_all(waiting: bool, as_json: bool) -> None:
        with opened() as relief, relief.reading() as work:
            found = list_money(work, kind, waiting=waiting)
            titles = {
                each.state: work.workflows.state_title(kind.key, each.state) for each in found
            }
        zone = relief.settings.zone
        if as_json:
            tell_json([money_as_json(kind, each, zone) for each in found])
        else:
            tell_money(kind, found, titles, zone)

    return list_all


def _group(kind: MoneyKind) -> str:
    return kind.key.replace("_", "-")


_COMMANDS: dict[str, tuple[Callable[[MoneyKind], click.Command], Text]] = {
    "record": (_record, _("Record one (finance).")),
    "show": (_show, _("Show one, and how its month stands.")),
    "confirm": (_confirm, _("Confirm one (approver); it counts from then on.")),
    "decline": (_decline, _("Decline one that waits (approver).")),
    "take-back": (_take_back, _("Take back one that waits (who recorded it).")),
    "list": (_list, _("List all.")),
}


def _made(kind: MoneyKind) -> LazyGroup:
    entries = {name: Entry(make(kind), about) for name, (make, about) in _COMMANDS.items()}
    return LazyGroup(_group(kind), entries)


repayment, write_off = _made(REPAYMENT), _made(WRITE_OFF)
