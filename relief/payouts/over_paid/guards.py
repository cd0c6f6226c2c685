"""What stands against recording, confirming and taking back, beside what the files say."""

from __future__ import annotations

import sqlalchemy as sa

from relief.engine.journal.passages import passages_of
from relief.engine.only_with import only_with
from relief.engine.step import Step
from relief.engine.work import Work
from relief.households.scheme import scheme_terms
from relief.kernel.errors import Problem
from relief.kernel.months import format_month, month_of
from relief.kernel.text import Text, Username, _
from relief.payouts import queries
from relief.payouts.over_paid.audit import differences
from relief.payouts.over_paid.kinds import KINDS
from relief.payouts.over_paid.standing import Standing, standing_of
from relief.payouts.words import yuan

# The fact that only the use case hands over.
RECORDED_WITH = "household_no"

comes_from_its_command = only_with(
    RECORDED_WITH,
    "over_paid.own_command",
    _("This is recorded with the number of its receipt or of the minutes."),
)


def month_can_be_over_paid(work: Work, step: Step) -> list[Problem]:
    """The month lies within the scheme, and has begun."""
    go_live, last = scheme_terms(work).go_live_month, month_of(work.today)
    if go_live is None:
        text = _("The go-live month is not set; an admin sets it.")
        return [Problem("scheme.no_go_live", text)]
    if go_live <= step.row["month"] <= last:
        return []
    text = _(
        "{month} is no month that was paid: from {first} to {last} there are lists",
        month=format_month(step.row["month"]),
        first=format_month(go_live),
        last=format_month(last),
    )
    return [Problem("over_paid.month", text, "month")]


def month_is_paid_out(work: Work, step: Step) -> list[Problem]:
    """No line that pays or recovers the month is still on its way: a draft is made anew, a bank
    may refuse, and then less is over-paid than it looks now."""
    row, state = step.row, queries.line_state()
    on_its_way = (
        sa.select(queries.LINE.c.reference)
        .join(queries.ITEM, queries.ITEM.c.line_id == queries.LINE.c.id)
        .where(
            queries.ITEM.c.household_id == row["household_id"],
            queries.ITEM.c.month == row["month"],
            queries.ITEM.c.voided_at.is_(None),
            state.in_(KINDS[step.kind].not_while),
        )
        .order_by(queries.LINE.c.id)
    )
    text = _(
        "{month} stands in line {line}, which is not paid yet; wait for the bank's answer, or take "
        "the line back"
    )
    month = format_month(row["month"])
    return [
        Problem("over_paid.on_its_way", Text(text.msgid, {"month": month, "line": line}), "month")
        for (line,) in work.rows(on_its_way)
    ]


def amount_can_be_recorded(work: Work, step: Step) -> list[Problem]:
    """Above 0, and with all that waits no more than is over-paid in the month, as known now."""
    amount_fen = _amount_fen(step)
    if amount_fen <= 0:
        return [Problem("over_paid.nothing", _("the amount has to be above 0.00"), "amount")]
    if month_can_be_over_paid(work, step):
        return []  # that is told already
    standing = _standing(work, step)
    if amount_fen <= standing.still_recordable_fen:
        return []
    return [_too_much(standing, amount_fen, waiting=True)]


def amount_is_over_paid(work: Work, step: Step) -> list[Problem]:
    """No more than is over-paid in the month, as known now: it may be less since the recording."""
    standing = _standing(work, step)
    if _amount_fen(step) <= standing.over_fen:
        return []
    return [_too_much(standing, _amount_fen(step), waiting=False)]


def row_is_as_recorded(work: Work, step: Step) -> list[Problem]:
    """What is confirmed is what was recorded: nobody has changed the row by hand since."""
    if not differences(work, KINDS[step.kind], step.subject_id):
        return []
    text = _("What is stored for {no} is not what was recorded.", no=step.reference)
    return [Problem("over_paid.altered", text)]


def taker_is_who_recorded(work: Work, step: Step) -> list[Problem]:
    """Who recorded it takes it back, or a deputy of theirs; others ask an approver to decline."""
    recorded = passages_of(work, step.kind, step.subject_id)[0]
    if not recorded.people.isdisjoint(step.actor.people):
        return []
    text = _(
        "{names} recorded {no} and may take it back; an approver may decline it",
        names=[Username(each) for each in sorted(recorded.people)],
        no=step.reference,
    )
    return [Problem("over_paid.not_yours", text)]


def _amount_fen(step: Step) -> int:
    return KINDS[step.kind].written_fen(int(step.row["amount_fen"]))


def _standing(work: Work, step: Step) -> Standing:
    return standing_of(work, step.at, step.row["household_id"], step.row["month"])


def _too_much(standing: Standing, amount_fen: int, *, waiting: bool) -> Problem:
    balance, waits_fen = standing.balance, standing.waiting_fen if waiting else 0
    text = _(
        "{amount} is more than is over-paid: household {no} was paid {paid} for {month}, {owed} is "
        "owed, {given_up} was given up; that is {over} too much{waits}",
        amount=yuan(amount_fen),
        no=standing.household_no,
        month=format_month(balance.month),
        paid=yuan(balance.paid_fen),
        owed=yuan(balance.owed.owed_fen),
        given_up=yuan(balance.written_off_fen),
        over=yuan(standing.over_fen),
        waits=_(", of which {amount} waits to be confirmed", amount=yuan(waits_fen))
        if waits_fen
        else Text(""),
    )
    return Problem("over_paid.exceeded", text, "amount")
