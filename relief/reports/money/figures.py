"""Figures of the money: settled net of what came back, and whom it helped. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from relief.kernel.text import Text, _
from relief.payouts.words import yuan
from relief.reports.money.queries import PAID, RETURNED, Covered, Movement, OutsideLists
from relief.reports.rules import HOUSEHOLDS, PERSON_TIMES, PERSONS, YUAN, Figure, Row, figure


@dataclass(frozen=True)
class Money:
    """What moved in a period: `movements` in the order in which they were recorded, the members
    whom the payments that stand were for, repayments and write-offs."""

    movements: Sequence[Movement]
    covered: Sequence[Covered]
    repayments: Sequence[OutsideLists]
    write_offs: Sequence[OutsideLists]


def standing(movements: Sequence[Movement]) -> list[Movement]:
    """The payments of a period that the bank did not send back within it, by day."""
    back = {each.line_id for each in movements if each.state == RETURNED}
    stands = [each for each in movements if each.state == PAID and each.line_id not in back]
    return sorted(stands, key=lambda each: each.on)


def money_figures(money: Money) -> list[Figure]:
    """The net amount first, then what it is made of, then persons, households and person-times."""
    return [*_amounts(money), *_outside_lists(money), *_helped(money)]


def _amounts(money: Money) -> list[Figure]:
    paid = [each for each in money.movements if each.state == PAID]
    returned = [each for each in money.movements if each.state == RETURNED]
    return [
        figure(
            "amount_settled",
            _("Money settled, net"),
            _(
                "What the bank paid out by its own dates within the half-year, less what it sent "
                "back within it. Lines that failed never count."
            ),
            YUAN,
            [*_moved(paid, 1), *_moved(returned, -1)],
        ),
        figure(
            "amount_paid",
            _("Money paid out by the bank"),
            _("What the bank paid out by its own dates within the half-year."),
            YUAN,
            _moved(paid, 1),
        ),
        figure(
            "amount_returned",
            _("Money sent back by the bank"),
            _("What the bank sent back within the half-year, whenever it had paid it."),
            YUAN,
            _moved(returned, 1),
        ),
    ]


def _outside_lists(money: Money) -> list[Figure]:
    """Beside the net amount, never in it."""
    return [
        figure(
            "amount_repaid",
            _("Money repaid by households (not in the net)"),
            _(
                "What households brought back themselves, confirmed by an approver within the "
                "half-year. It went through no list, so it is shown beside the net amount."
            ),
            YUAN,
            _on_paper(money.repayments, _("repaid, receipt {no}")),
        ),
        figure(
            "amount_given_up",
            _("Over-payments given up (not in the net)"),
            _(
                "What was paid too much and given up by minutes, confirmed by an approver within "
                "the half-year. No money moved, so it is shown beside the net amount."
            ),
            YUAN,
            _on_paper(money.write_offs, _("given up, minutes {no}")),
        ),
    ]


def _on_paper(found: Iterable[OutsideLists], text: Text) -> list[Row]:
    return [
        Row(each.household_no, each.on, each.amount_fen, Text(text.msgid, {"no": each.paper_no}))
        for each in found
    ]


def _moved(movements: Iterable[Movement], sign: int) -> list[Row]:
    return [
        Row(each.line_reference, each.on, sign * each.amount_fen, _why(each)) for each in movements
    ]


def _why(movement: Movement) -> Text:
    if movement.state == PAID:
        return _("{household}: paid by the bank", household=movement.household_no)
    return _("{household}: sent back by the bank", household=movement.household_no)


def _helped(money: Money) -> list[Figure]:
    stands = standing(money.movements)
    workers = {each.applicant_id: each for each in reversed(stands)}
    households = {each.household_no: each for each in reversed(stands)}
    return [
        figure(
            "workers_helped",
            _("Workers helped"),
            _(
                "Different workers, applicants of a hardship file, to whom money was settled at "
                "least once within the half-year and not sent back within it."
            ),
            PERSONS,
            [_first_payment(each) for each in workers.values()],
        ),
        figure(
            "households_helped",
            _("Households helped"),
            _(
                "Different households to which money was settled within the half-year and not "
                "sent back within it."
            ),
            HOUSEHOLDS,
            [_first_payment(each) for each in households.values()],
        ),
        figure(
            "payments_settled",
            _("Payments settled"),
            _(
                "Payments settled within the half-year and not sent back within it; a worker who "
                "was paid twice counts twice."
            ),
            PERSON_TIMES,
            [Row(each.line_reference, each.on, 1, _paid(each)) for each in stands],
        ),
        figure(
            "members_covered",
            _("People covered"),
            _(
                "Different people who counted in a month that one of these payments paid for; who "
                "moved from one household to another counts once."
            ),
            PERSONS,
            _covered(stands, money.covered),
        ),
    ]


def _first_payment(movement: Movement) -> Row:
    return Row(movement.household_no, movement.on, 1, _paid(movement))


def _paid(movement: Movement) -> Text:
    return _(
        "paid {amount} yuan, line {line}",
        amount=yuan(movement.amount_fen),
        line=movement.line_reference,
    )


def _covered(stands: Iterable[Movement], covered: Iterable[Covered]) -> Iterable[Row]:
    """A person once, in the household whose payment came first."""
    place = {each.line_id: (number, each) for number, each in enumerate(stands)}
    people: dict[int, Covered] = {}
    for each in sorted(covered, key=lambda each: (place[each.line_id][0], each.person_id)):
        people.setdefault(each.person_id, each)
    for each in people.values():
        movement = place[each.line_id][1]
        yield Row(
            each.household_no,
            movement.on,
            1,
            _("counted in line {line}", line=movement.line_reference),
        )
