"""What stands behind a slip: approval, who counts, rates; what stays open; what became of the line.
Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from relief.kernel.months import Month, Quarter, format_month
from relief.kernel.text import Text, _
from relief.payouts import words
from relief.payouts.explanation import causes
from relief.payouts.explanation.evidence import Evidence, PastLine, known
from relief.payouts.over_paid import told
from relief.payouts.queries import Run
from relief.payouts.rules import Item


def basis(evidence: Evidence, run: Run, months: Sequence[Month]) -> Iterator[Text]:
    """Since when the household is enrolled, who counts, and which document set the rates."""
    views = [evidence.view(run.as_of, month) for month in months]
    for enrolment in dict.fromkeys(view.enrolment for view in views if view.enrolment):
        exited = enrolment.exited_on
        yield _(
            "approved on {day}, counted from {month}{end}",
            day=enrolment.approved_on,
            month=format_month(enrolment.from_month),
            end=_(", exited on {day}", day=exited) if exited else Text(""),
        )
    for relations, same in groupby(
        views, key=lambda view: sorted(member.relation for member in view.counted)
    ):
        who = words.members(relations)
        yield _(
            "counted in {months}: {who}",
            months=words.months([view.month for view in same]),
            who=who or _("nobody"),
        )
    for rate, rate_fen in {view.rate: view.owed.rate_fen for view in views if view.rate}.items():
        yield _(
            "grade {grade}: {rate} a person and month from {month}, document {document}",
            grade=words.GRADE_WORDS[rate.grade],
            rate=words.yuan(rate_fen),
            month=format_month(rate.from_month),
            document=rate.document_no,
        )


def why_not_settled(
    evidence: Evidence, run: Run, months: Iterable[Month], reason: str
) -> Iterator[Text]:
    """The fact that keeps a household without a line."""
    if reason == "no_rate":
        yield from _missing_rates(evidence, run, months)
    elif reason == "on_hold":
        hold = known(evidence.holds, run.as_of)[-1]
        yield _(
            "on hold since {day} (recorded {recorded}); it is paid by the next list after it is "
            "resumed",
            day=hold.event_on,
            recorded=evidence.day_of(hold.recorded_at),
        )
    elif reason == "no_account":
        accounts = known(evidence.accounts, run.as_of)
        if accounts:
            yield _(
                "without an account since the payee left on {day}; record who receives the money",
                day=accounts[-1].event_on,
            )
        else:
            yield _("no account was recorded; record where the money goes")
    elif reason == "not_yet":
        latest = max(known(evidence.enrolments, run.as_of), key=lambda e: (e.from_month, e.id))
        yield _(
            "approved on {day}, counted from {month}: the first list that can pay it is that of "
            "{quarter}",
            day=latest.approved_on,
            month=format_month(latest.from_month),
            quarter=Quarter.of(latest.from_month),
        )


def _missing_rates(evidence: Evidence, run: Run, months: Iterable[Month]) -> Iterator[Text]:
    balances = [evidence.balance(run.as_of, month) for month in months]
    lacking = [balance for balance in balances if balance.lacks_rate]
    for grade, same in groupby(lacking, key=lambda balance: balance.owed.grade):
        named = words.months([balance.month for balance in same])
        if grade:
            yield _(
                "no rate of grade {grade} is confirmed for {months}",
                grade=words.GRADE_WORDS[grade],
                months=named,
            )
        else:
            yield _("no grade is recorded for {months}", months=named)


def left_over_paid(
    evidence: Evidence, run: Run, items: Iterable[Item], percent: int
) -> Iterator[Text]:
    """What stays over-paid after this list, why, and why it is not taken back now."""
    amounts = {item.month: item.amount_fen for item in items}
    taken = {month: -amount_fen for month, amount_fen in amounts.items() if amount_fen < 0}
    left = []
    for month in sorted({item.month for item in evidence.items if item.month <= run.last_month}):
        over_fen = evidence.balance(run.as_of, month).over_fen - taken.get(month, 0)
        if over_fen > 0:
            left.append((over_fen, causes.why_over(evidence, run.as_of, month), month))
    for (over_fen, why), same in groupby(left, key=itemgetter(0, 1)):
        yield _(
            "still over-paid: {amount} in {months}{why}",
            amount=words.each(over_fen, months := [month for _fen, _why, month in same]),
            months=words.months(months),
            why=words.in_brackets(why),
        )
    if left:
        pays = any(amount_fen > 0 for amount_fen in amounts.values())
        yield _why_not_taken(evidence, run, percent, pays=pays)


def settled_outside(evidence: Evidence, run: Run, items: Iterable[Item]) -> Iterator[Text]:
    """What came back, or was given up, since the list before this one, of months that this list
    says nothing of: an over-payment of which nothing is left."""
    before = [o.as_of for o in evidence.runs if o.as_of < run.as_of and o.state != "cancelled"]
    listed = {item.month for item in items}
    for receipt in evidence.receipts:
        is_new = max(before, default=evidence.recorded_at) < receipt.confirmed_at <= run.as_of
        over_fen = evidence.balance(run.as_of, receipt.month).over_fen
        if is_new and receipt.month not in listed and not over_fen:
            on = evidence.day_of(receipt.confirmed_at)
            said = (receipt.amount_fen, receipt.month, receipt.document_no, on)
            yield told.confirmed_of_month(receipt.kind, *said)


def _why_not_taken(evidence: Evidence, run: Run, percent: int, *, pays: bool) -> Text:
    choices = known(evidence.choices, run.as_of)
    if choices and choices[-1].choice == "wait":
        return _(
            "by an approver's choice of {day} over-payments of this household wait",
            day=evidence.day_of(choices[-1].recorded_at),
        )
    if pays:
        return _(
            "at most {percent} percent of what is due is taken back; the next list finds the rest",
            percent=percent,
        )
    return _("nothing is due that it could be taken from; the next list finds it again")


def fate(evidence: Evidence, line_id: int) -> Iterator[Text]:
    """What became of the line, and which line replaced it."""
    line = next(each for each in evidence.lines if each.id == line_id)
    if line.taken_back is None:
        last = line.steps[-1]  # a line begins with its first step
        yield {
            "prepared": _("the line is prepared, it was not sent yet"),
            "sent": _("sent on {day}; the bank has not answered yet", day=last.day),
            "processing": _("the bank is still at it, as it said on {day}", day=last.day),
            "paid": _("paid on {day}", day=last.day),
        }[last.state]
        return
    yield causes.line_step(line)
    replaced_by = _replacement(evidence, line)
    if replaced_by:
        yield _("line {line} replaced it", line=replaced_by.reference)
    else:
        yield _("its amount is owed again; the next list pays it")


def _replacement(evidence: Evidence, line: PastLine) -> PastLine | None:
    """The first later line with an item that stands in one of its months."""
    months = {item.month for item in evidence.items if item.line.id == line.id}
    later = (
        item.line
        for item in evidence.items
        if item.month in months and item.voided_at is None and item.made_at > line.made_at
    )
    return next(later, None)
