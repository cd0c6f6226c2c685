"""Why a month is owed or over-paid now: what differs from when it was last looked at. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from relief.kernel.money import Fen
from relief.kernel.months import Month, Quarter
from relief.kernel.text import Text, _
from relief.payouts import words
from relief.payouts.explanation.differences import differences
from relief.payouts.explanation.evidence import (
    Evidence,
    Fact,
    LineStep,
    PastItem,
    PastLine,
    Receipt,
)
from relief.payouts.over_paid import told
from relief.payouts.over_paid.kinds import REPAYMENT, WRITE_OFF
from relief.payouts.queries import Run
from relief.payouts.rules import BLOCKING_REASONS
from relief.payouts.verification.plain import Owed

Why = tuple[Text, ...]


@dataclass(frozen=True)
class Look:
    """An earlier list that looked at a month; `blocked` says why it paid nothing, if it did not."""

    at: dt.datetime
    run: Run
    blocked: str


# Why a month is due now


def why_due(evidence: Evidence, run: Run, month: Month) -> Why:
    """Why a month is paid now. In a run's own quarter that needs no reason, unless a list had
    looked at the month before: then only what differs from the month before it is told."""
    looks = _looks(evidence, run, month)
    if not looks:
        return _for_the_first_time(evidence, run, month)
    paying = [look for look in looks if not look.blocked]
    since = paying[-1] if paying else looks[-1]
    now = evidence.view(run.as_of, month)
    told = [*differences(evidence, evidence.view(since.at, month), now)]
    if paying:
        told += _taken_back(evidence, month, since.at, run.as_of)
    told += _paid_back(evidence, month, since.at, run.as_of)
    if looks[-1].blocked:
        told.append(_held_back(evidence, looks[-1], run.as_of))
    return tuple(told)


def _looks(evidence: Evidence, run: Run, month: Month) -> list[Look]:
    """The lists that stood before this run and had the month in their window, oldest first."""
    runs = {other.id: other for other in evidence.runs if other.last_month >= month}
    instants = {(other.as_of, other.id) for other in runs.values() if other.state != "cancelled"}
    instants |= {
        (line.made_at, line.run_id)
        for line in evidence.lines
        if line.run_id in runs and not line.cancelled_by(run.as_of)
    }
    blocked = {
        (past.made_at, past.run_id): past.reason
        for past in evidence.exceptions
        if past.reason in BLOCKING_REASONS
    }
    return [
        Look(at, runs[run_id], blocked.get((at, run_id), ""))
        for at, run_id in sorted(instants)
        if run_id != run.id and at < run.as_of
    ]


def _for_the_first_time(evidence: Evidence, run: Run, month: Month) -> Why:
    paid_back = _paid_back(evidence, month, None, run.as_of)
    if month >= run.first_month:
        before, now = evidence.view(run.as_of, month - 1), evidence.view(run.as_of, month)
        told = differences(evidence, before, now) if before.enrolment else ()
        return (*told, *paid_back)
    cancelled = _taken_back(evidence, month, None, run.as_of)
    if cancelled:
        return (*cancelled, *paid_back)
    return (_("no list was made for {quarter}", quarter=Quarter.of(month)), *paid_back)


def _taken_back(
    evidence: Evidence, month: Month, since: dt.datetime | None, until: dt.datetime
) -> list[Text]:
    """The lines that had paid the month when it was last looked at, and were taken back since."""
    lines = {
        item.line.id: item.line
        for item in evidence.items
        if item.month == month and item.amount_fen > 0 and item.voided_at is not None
        if (since is None or item.made_at <= since < item.voided_at) and item.voided_at <= until
    }
    return [line_step(line) for line in lines.values()]


def line_step(line: PastLine, step: LineStep | None = None) -> Text:
    """How a line was taken back: the bank's reason where it gave one."""
    step = step or line.taken_back
    assert step is not None, f"line {line.reference} was not taken back"
    said = {"line": line.reference, "day": step.day, "reason": _bank_reason(step)}
    return {
        "failed": _("line {line} failed on {day}{reason}", **said),
        "returned": _("line {line} was returned by the bank on {day}{reason}", **said),
        "withdrawn": _("line {line} was withdrawn on {day}", **said),
        "cancelled": _("line {line} was cancelled on {day}", **said),
    }[step.state]


def _bank_reason(step: LineStep) -> Text:
    return _(": {reason}", reason=step.reason) if step.reason else Text("")


def _paid_back(
    evidence: Evidence, month: Month, since: dt.datetime | None, until: dt.datetime
) -> list[Text]:
    """The repayments of the month that were confirmed since."""
    return [
        _receipt(evidence, repaid)
        for repaid in evidence.receipts
        if repaid.kind is REPAYMENT and repaid.month == month and repaid.confirmed_at <= until
        if since is None or since < repaid.confirmed_at
    ]


def _receipt(evidence: Evidence, receipt: Receipt) -> Text:
    on = evidence.day_of(receipt.confirmed_at)
    return told.confirmed(receipt.kind, receipt.amount_fen, receipt.document_no, on)


def _held_back(evidence: Evidence, look: Look, now: dt.datetime) -> Text:
    """Why an earlier list did not pay, and what ended that."""
    ended: Text = Text("")
    if look.blocked == "on_hold":
        ended = _since_then(evidence, evidence.holds, look.at, now, _("resumed"))
    elif look.blocked == "no_account":
        ended = _since_then(evidence, evidence.accounts, look.at, now, _("account recorded"))
    return _(
        "held back in {run}: {reason}{ended}",
        run=look.run.reference,
        reason=words.EXCEPTION_REASONS[look.blocked],
        ended=ended,
    )


def _since_then(
    evidence: Evidence,
    facts: tuple[Fact, ...],
    since: dt.datetime,
    now: dt.datetime,
    what: Text,
) -> Text:
    news = [fact for fact in facts if since < fact.recorded_at <= now]
    if not news:
        return Text("")
    return _(", {what} on {day}", what=what, day=evidence.day_of(news[-1].recorded_at))


# Why a month is over-paid


def why_over(evidence: Evidence, as_of: dt.datetime, month: Month) -> Why:
    """What became known, or was taken back, since the month was last even."""
    even_at = _last_even(evidence, as_of, month)
    told = [
        *differences(evidence, evidence.view(even_at, month), evidence.view(as_of, month)),
        *_paid_twice(evidence, month, even_at, as_of),
        *_settled_otherwise(evidence, month, even_at, as_of),
    ]
    return tuple(told)


def last_even_owed(evidence: Evidence, as_of: dt.datetime, month: Month) -> Owed:
    """What the over-paid month was owed when it was last even."""
    return evidence.balance(_last_even(evidence, as_of, month), month).owed


def _last_even(evidence: Evidence, as_of: dt.datetime, month: Month) -> dt.datetime:
    """The T of the last list whose item, standing, left nothing over-paid in the month. There is
    one: what is over-paid was paid by an item, and none pays more than is owed at its T."""
    standing = [i for i in evidence.items if i.month == month and i.stands_at(as_of)]
    even = (item.made_at for item in reversed(standing) if not _over_after(evidence, item))
    return next(even, as_of)


def _over_after(evidence: Evidence, item: PastItem) -> Fen:
    """What an item left over-paid in its month."""
    before = evidence.balance(item.made_at, item.month)
    return replace(before, paid_fen=before.paid_fen + item.amount_fen).over_fen


def _paid_twice(
    evidence: Evidence, month: Month, even_at: dt.datetime, as_of: dt.datetime
) -> Iterator[Text]:
    """A recovery that was taken back after the month had been paid again."""
    for item in evidence.items:
        if item.month != month or item.amount_fen > 0 or item.voided_at is None:
            continue
        if item.made_at <= even_at < item.voided_at <= as_of:
            yield _("paid twice, because {what}", what=line_step(item.line))


def _settled_otherwise(
    evidence: Evidence, month: Month, even_at: dt.datetime, as_of: dt.datetime
) -> Iterator[Text]:
    """What of an over-payment came back by hand, or was given up."""
    yield from _paid_back(evidence, month, even_at, as_of)
    for given_up in evidence.receipts:
        is_of_it = given_up.kind is WRITE_OFF and given_up.month == month
        if is_of_it and given_up.confirmed_at <= as_of:
            yield _receipt(evidence, given_up)
