"""What makes a month another than it was known to be, or another than the month before it. Pure.

Each difference is told with the fact that makes it, by relation and never by name, and with the
day of record where that is what the two views differ by.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from relief.kernel.months import format_month
from relief.kernel.text import Text, _
from relief.payouts import words
from relief.payouts.explanation.evidence import (
    ConfirmedRate,
    EnrolmentFact,
    Evidence,
    Fact,
    MembershipFact,
    MonthView,
    SpellFact,
    known,
)


def differences(evidence: Evidence, before: MonthView, after: MonthView) -> Iterator[Text]:
    """What makes one view of a month another, or one month another than the one before it."""
    if before.enrolment is None and after.enrolment is None:
        return
    if before.enrolment is None or after.enrolment is None:
        yield _enrolment_difference(evidence, before, after)
        return
    yield from _member_differences(evidence, before, after)
    yield from _rate_differences(evidence, before, after)


def _told(evidence: Evidence, what: Text, fact: Fact, before: MonthView, after: MonthView) -> Text:
    """With the day of record, where that is what the two views differ by."""
    if before.at == after.at:
        return what
    day = evidence.day_of(fact.recorded_at)
    if isinstance(fact, ConfirmedRate):
        return _("{what}; confirmed {day}", what=what, day=day)
    return _("{what}; recorded {day}", what=what, day=day)


def _enrolment_difference(evidence: Evidence, before: MonthView, after: MonthView) -> Text:
    stood = after.enrolment or before.enrolment
    assert stood is not None
    now = _same_spell(known(evidence.enrolments, after.at), stood)
    fact = now[-1] if now else stood
    if after.enrolment is None:
        what = exited(fact)
    elif _same_spell(known(evidence.enrolments, before.at), fact) and fact.exited_on:
        what = exited(fact, corrected=True)
    else:
        what = approved(fact)
    return _told(evidence, what, fact, before, after)


def _same_spell(rows: list[EnrolmentFact], fact: EnrolmentFact) -> list[EnrolmentFact]:
    """The rows of one approval: a corrected end leaves the beginning as it is."""
    return [row for row in rows if row.from_month == fact.from_month]


def approved(fact: EnrolmentFact) -> Text:
    """How an enrolment began."""
    return _(
        "approved on {day}, counted from {month}",
        day=fact.approved_on,
        month=format_month(fact.from_month),
    )


def exited(fact: EnrolmentFact, *, corrected: bool = False) -> Text:
    """How an enrolment ended; `corrected`: later than was known."""
    said = {"day": fact.exited_on, "counted": _counted_to(fact)}
    if corrected:
        return _("the household exited on {day} only, {counted}", **said)
    return _("the household exited on {day}, {counted}", **said)


def _member_differences(evidence: Evidence, before: MonthView, after: MonthView) -> Iterator[Text]:
    """Who counts no longer, and who counts now; those of one event are told together."""
    was = {member.person_id: member for member in before.counted}
    now = {member.person_id: member for member in after.counted}
    gone = [_successor(evidence, was[person], after.at) for person in was if person not in now]
    events = [(fact, no_longer_counted(fact)) for fact in gone]
    events += [
        (fact, newly_counted(fact, corrected=_stood_before(evidence, fact, before, after)))
        for person, fact in now.items()
        if person not in was
    ]
    while events:
        fact, what = events[0]
        alike = [e for e in events if e[1] == what and e[0].recorded_at == fact.recorded_at]
        events = [event for event in events if event not in alike]
        who = words.members(other.relation for other, _what in alike)
        yield _told(evidence, _("{who} {what}", who=who, what=what), fact, before, after)


def _successor(evidence: Evidence, member: MembershipFact, at: dt.datetime) -> MembershipFact:
    """The row that stands for a membership now: the same spell with its end, or another."""
    rows = [m for m in known(evidence.memberships, at) if m.person_id == member.person_id]
    same = [m for m in rows if m.from_month == member.from_month]
    return (same or rows or [member])[-1]


def _stood_before(
    evidence: Evidence, fact: MembershipFact, before: MonthView, after: MonthView
) -> bool:
    """Whether the same spell was known before, so that only its end was corrected."""
    return before.at != after.at and any(
        row.person_id == fact.person_id and row.counted and row.from_month == fact.from_month
        for row in known(evidence.memberships, before.at)
    )


def no_longer_counted(fact: MembershipFact) -> Text:
    """How a membership ended: `left on 2005-05-20, counted to 2005-05`."""
    if fact.left_by_death:
        return _("died on {day}, {counted}", day=fact.left_on, counted=_counted_to(fact))
    return _("left on {day}, {counted}", day=fact.left_on, counted=_counted_to(fact))


def newly_counted(fact: MembershipFact, *, corrected: bool = False) -> Text:
    """How a membership began, or that it ended later than was known."""
    if corrected and fact.left_on is not None:
        return _("left on {day} only, {counted}", day=fact.left_on, counted=_counted_to(fact))
    if fact.joined_on is None:
        return _("counted from the beginning")
    return _(
        "joined on {day}, counted from {month}",
        day=fact.joined_on,
        month=format_month(fact.from_month),
    )


def _counted_to(fact: SpellFact) -> Text:
    """The last month of a spell that has ended: one with the day of its end has its month, too."""
    assert fact.until_month is not None
    if fact.until_month <= fact.from_month:
        return _("counted in no month")
    return _("counted to {month}", month=format_month(fact.until_month - 1))


def _rate_differences(evidence: Evidence, before: MonthView, after: MonthView) -> Iterator[Text]:
    same_grade = after.owed.grade == before.owed.grade
    if after.grade is not None and not same_grade:
        what = _(
            "grade {grade}, decided {day}",
            grade=words.GRADE_WORDS[after.grade.grade],
            day=after.grade.decided_on,
        )
        yield _told(evidence, what, after.grade, before, after)
    rate = after.rate
    if rate is None or after.owed.rate_fen == before.owed.rate_fen:
        return
    if same_grade or rate.recorded_at > before.at:
        what = _(
            "rate {rate} from {month}, document {document}",
            rate=words.yuan(after.owed.rate_fen),
            month=format_month(rate.from_month),
            document=rate.document_no,
        )
        yield _told(evidence, what, rate, before, after)
