"""What an event may contradict in a hardship file: each refusal with what would be right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from relief.kernel.errors import Problem
from relief.kernel.months import Month, format_month
from relief.kernel.text import Text, _


def enrolled_already(no: str, since: dt.date) -> Problem:
    """Approving what is active."""
    text = _(
        "household {no} is approved already, since {day}; record its exit first", no=no, day=since
    )
    return Problem("household.active", text, "change")


def enrolled_then(no: str, last_month: Month) -> Problem:
    """An approval that would cover enrolled months again."""
    text = _(
        "household {no} is enrolled up to {month}, which a new approval on this day would cover "
        "again; a later day would be right",
        no=no,
        month=format_month(last_month),
    )
    return Problem("household.overlap", text, "effective_on")


def was_refused(no: str) -> Problem:
    """Approving what was refused."""
    text = _("household {no} was refused; it needs a new application", no=no)
    return Problem("household.refused", text, "change")


def grade_needed() -> Problem:
    """A first approval without a grade."""
    text = _("a first approval needs the hardship grade: deep, relative or accidental")
    return Problem("grade.missing", text, "grade")


def never_approved(no: str) -> Problem:
    """An exit or a suspension of what was never approved."""
    text = _("household {no} was never approved; record its approval first", no=no)
    return Problem("household.never_approved", text, "change")


def runs_into_next(code: str, next_month: Month) -> Problem:
    """An end that would reach into the spell after it."""
    text = _(
        "this would run into what is recorded from {month} on; an earlier day would be right",
        month=format_month(next_month),
    )
    return Problem(code, text, "effective_on")


def member_already(no: str, until_month: Month | None) -> Problem:
    """Joining twice."""
    until = (
        Text("")
        if until_month is None
        else _(" (up to {month})", month=format_month(until_month - 1))
    )
    text = _(
        "this person is a member of household {no} already{until}; record the leaving first",
        no=no,
        until=until,
    )
    return Problem("membership.overlap", text, "id_number")


def never_joined(no: str) -> Problem:
    """Leaving without having joined."""
    text = _("this person never joined household {no}; check the identity number", no=no)
    return Problem("membership.none", text, "id_number")


def no_grade_yet(no: str) -> Problem:
    """Changing a grade that was never given."""
    text = _("household {no} has no grade to change; its approval gives it the first", no=no)
    return Problem("grade.before_approval", text, "change")


def held_already(no: str) -> Problem:
    """Suspending twice."""
    text = _("payment to household {no} is suspended already; nothing to do", no=no)
    return Problem("hold.stands", text, "change")


def not_held(no: str) -> Problem:
    """Resuming what is not suspended."""
    text = _("payment to household {no} is not suspended, so there is nothing to resume", no=no)
    return Problem("hold.none", text, "change")


def payee_died(name: str) -> Problem:
    """An account of somebody who is recorded as dead."""
    text = _("{name} is recorded as having died; record who receives the money now", name=name)
    return Problem("account.payee_died", text, "account_name")


def counted_twice(month: Month, households: Sequence[str]) -> Problem:
    """A person who would count in two households in one month."""
    text = _(
        "from {month} this person would count in {households} at once; record the leaving of "
        "one first",
        month=format_month(month) if month else _("the beginning"),
        households=list(households),
    )
    return Problem("membership.counted_twice", text, "id_number")


def ended_already(no: str, day: dt.date) -> Problem:
    """An exit by a step whose day lies in an enrolment that has ended."""
    text = _(
        "{day} lies in an enrolment of household {no} that has ended; its end is corrected "
        "through the ledger",
        day=day,
        no=no,
    )
    return Problem("household.ended_already", text, "happened_on")


def in_future(day: dt.date, today: dt.date) -> Problem:
    """A day that has not come."""
    text = _("{day} lies in the future (today is {today})", day=day, today=today)
    return Problem("day.future", text)


def surveyed_here(no: str) -> Problem:
    """A clerk ends by paper what was begun here."""
    text = _(
        "household {no} has been surveyed here; now only an approver may record a decision that "
        "was made on paper",
        no=no,
    )
    return Problem("take_over.surveyed_here", text, "change")


def paper_needs_reason(no: str) -> Problem:
    """A decision on paper that ends what was begun here, and nobody says why."""
    text = _(
        "household {no} has been surveyed here; give the reason why a decision made on paper "
        "takes the place of survey, notice and approval",
        no=no,
    )
    return Problem("take_over.reason_missing", text, "reason")


def far_back(day: dt.date, months: int) -> Problem:
    """A day so far back that an approver has to record it."""
    text = _(
        "{day} lies more than {months} months back; an approver has to record it",
        day=day,
        months=months,
    )
    return Problem("day.far_back", text)
