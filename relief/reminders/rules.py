"""When a reminder is made, whom it is for, and what an address may look like (pure)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from relief.accounts.rules import holding
from relief.engine.actors import Actor
from relief.engine.calendar import WorkingCalendar
from relief.engine.clocks.terms import has_run
from relief.kernel.errors import Problem
from relief.kernel.text import _

DUE, OVERDUE = "due", "overdue"
# What is due within so many working days is told.
REMINDED_WORKING_DAYS = 3
_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
ADDRESS_CHARS_MAX, _LOCAL_CHARS_MAX = 254, 64


class Meant(NamedTuple):
    """A reminder that holds: of a case, in a state, by a day."""

    case_id: int
    sort: str
    state: str
    due_on: dt.date


def sort_of(due_on: dt.date, due_at: dt.datetime, now: dt.datetime, soon_on: dt.date) -> str | None:
    """Whether a deadline is told of now: as overdue, as due by `soon_on`, or not at all."""
    if has_run(due_at, now):
        return OVERDUE
    return DUE if due_on <= soon_on else None


def is_open(calendar: WorkingCalendar, local: dt.datetime) -> bool:
    """True within the office's hours of a working day; `local` is the office's time."""
    minute = local.hour * 60 + local.minute
    worked = calendar.is_working_day(local.date()).is_worked
    return worked and any(first <= minute < last for first, last in calendar.intervals)


def addressed(
    case_worker: str,
    acting: Sequence[Actor],
    may_be_told: Collection[str] | None,
    aside: Collection[str],
) -> frozenset[str]:
    """Whom a reminder is for: the case worker; who acts for them; else the approvers. Of a
    restricted case only who `may_be_told` (None: everybody may), at worst all of them; never who
    stands aside."""
    here = {each.username for each in acting}
    ways = (
        {each.username for each in acting if each.people == {case_worker}},
        {each.username for each in acting if each.on_behalf_of == case_worker},
        {each.username for each in holding(acting, ("approver",))},
        set() if may_be_told is None else set(may_be_told) & here,
    )
    for names in ways:
        left = names - set(aside)
        if may_be_told is not None:
            left &= set(may_be_told)
        if left:
            return frozenset(left)
    return frozenset()


def address_problems(address: str) -> Iterator[Problem]:
    """What is wrong with an e-mail address."""
    local = address.partition("@")[0]
    too_long = len(address) > ADDRESS_CHARS_MAX or len(local) > _LOCAL_CHARS_MAX
    if too_long or not _ADDRESS.fullmatch(address):
        text = _("This is no e-mail address; write it as name@example.org.")
        yield Problem("mail.address", text, "address")
