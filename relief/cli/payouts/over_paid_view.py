"""How money that came back or was given up reads, for people and as JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from relief.cli.console import Column, tell, tell_facts, tell_table
from relief.cli.office import iso, local
from relief.engine.definitions.definition import Titles
from relief.kernel.money import format_yuan
from relief.kernel.months import format_month
from relief.kernel.text import _
from relief.payouts.over_paid.kinds import RECORDED, MoneyKind
from relief.payouts.over_paid.queries import ListedMoney
from relief.payouts.over_paid.standing import Standing
from relief.payouts.words import yuan

_PAPERS = {"repayment": _("receipt"), "write_off": _("minutes")}


def tell_standing(kind: MoneyKind, money: ListedMoney, standing: Standing) -> None:
    """What it is about, how its month stands, and what would be left."""
    balance = standing.balance
    facts = [
        (_("number"), money.reference),
        (_("household"), money.household_no),
        (_("month"), format_month(money.month)),
        (_("amount"), yuan(money.amount_fen)),
        (_PAPERS[kind.key], money.paper_no),
        (_("recorded by"), money.recorded_by),
        (_("owed"), yuan(balance.owed.owed_fen)),
        (_("paid"), yuan(balance.paid_fen)),
        (_("given up"), yuan(balance.written_off_fen)),
        (_("over-paid"), yuan(standing.over_fen)),
    ]
    if money.state == RECORDED:
        left_fen = standing.once_confirmed_fen(money.amount_fen)
        facts.append((_("left over-paid, once confirmed"), yuan(left_fen)))
    tell_facts(facts)


def tell_money(
    kind: MoneyKind,
    found: Sequence[ListedMoney],
    titles: Mapping[str, Titles],
    zone: dt.tzinfo,
) -> None:
    """All of a kind."""
    if not found:
        tell(_("There are none."))
        return
    columns = (
        Column(_("number")),
        Column(_("household")),
        Column(_("month")),
        Column(_("yuan"), right=True),
        Column(_PAPERS[kind.key]),
        Column(_("state")),
        Column(_("recorded by")),
        Column(_("confirmed")),
    )
    tell_table(
        columns,
        [
            (
                each.reference,
                each.household_no,
                format_month(each.month),
                yuan(each.amount_fen),
                each.paper_no,
                titles[each.state],
                each.recorded_by,
                _("{name}, {at}", name=each.confirmed_by, at=local(each.confirmed_at, zone))
                if each.confirmed_at
                else "",
            )
            for each in found
        ],
    )


def money_as_json(kind: MoneyKind, money: ListedMoney, zone: dt.tzinfo) -> dict[str, object]:
    """One for programs."""
    return {
        "reference": money.reference,
        "state": money.state,
        "household_no": money.household_no,
        "month": format_month(money.month),
        "amount": format_yuan(money.amount_fen),
        kind.paper: money.paper_no,
        "recorded_by": money.recorded_by,
        "recorded_at": iso(money.recorded_at, zone),
        "confirmed_by": money.confirmed_by or None,
        "confirmed_at": iso(money.confirmed_at, zone),
    }


def standing_as_json(money: ListedMoney, standing: Standing) -> dict[str, object]:
    """How its month stands now; `over_paid_once_confirmed` only while it waits."""
    balance, waits = standing.balance, money.state == RECORDED
    return {
        "owed": format_yuan(balance.owed.owed_fen),
        "paid": format_yuan(balance.paid_fen),
        "given_up": format_yuan(balance.written_off_fen),
        "over_paid": format_yuan(standing.over_fen),
        "over_paid_once_confirmed": (
            format_yuan(standing.once_confirmed_fen(money.amount_fen)) if waits else None
        ),
    }
