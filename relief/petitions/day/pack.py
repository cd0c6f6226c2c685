"""The paper day pack: what is printed for the day on which the power may fail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from relief.desk.reserved import reserve, unused_numbers
from relief.desk.rules import LETTER
from relief.desk.service import DESK_ROLES, check_role
from relief.engine.actors import Actor
from relief.engine.work import Work
from relief.kernel.errors import Invalid, Problem
from relief.kernel.text import _
from relief.kernel.unit_of_work import in_chunks
from relief.people.phones import masked_phone
from relief.petitions.lists.pages import CaseRow, CasesSought, cases_page
from relief.petitions.queries import CASE, kinds_to_open, seal_context
from relief.petitions.rules import PETITION

FORMS_MAX = 200
DAYS_AHEAD_MAX = 60
# What is due so many working days after the day stands on the paper, too.
PACKED_WORKING_DAYS = 3
# More than anybody works through on a day without power.
CASES_SHOWN_MAX = 500


@dataclass(frozen=True)
class Reserved:
    """Numbers for the forms of a day: of contacts, and of cases by kind, not used yet."""

    on: dt.date
    contacts: Sequence[str]
    cases: Sequence[str]


@dataclass(frozen=True)
class PackedCase:
    """A case that is due, as it stands on paper that lies about: of a restricted one the number and
    the day alone."""

    reference: str
    kind: str
    state: str
    due_on: dt.date
    case_worker: str
    name: str
    phone_masked: str


@dataclass(frozen=True)
class DayPack:
    """What is printed for a day: blank forms with their numbers, and what is due by `until_on`;
    `more` where that is more than the paper holds."""

    on: dt.date
    until_on: dt.date
    reserved: Reserved
    due: Sequence[PackedCase]
    more: bool


def reserve_numbers(
    work: Work,
    actor: Actor,
    on: dt.date,
    contacts: int = 20,
    cases: int = 5,
    kinds: Collection[str] = (PETITION,),
) -> Reserved:
    """Reserve numbers for the paper forms of a day: of contacts, and so many cases of each of these
    kinds. Numbers that are not used leave gaps in the series. Refused (`NotAllowed`, `Invalid`) for
    who does not work at the desk, or where the day or a count is none, or more cases than forms."""
    check_role(actor, DESK_ROLES)
    problems = list(_problems(work, on, contacts, cases, kinds))
    if problems:
        raise Invalid(problems)
    letters = [(work.workflows.kinds[kind].letter, cases) for kind in kinds]
    numbers = reserve(work, actor, on, [(LETTER, contacts), *letters])
    return _reserved(on, numbers)


def day_pack(work: Work, actor: Actor, on: dt.date) -> DayPack:
    """What the paper of a day shows, as this actor may see it."""
    until_on = work.calendar.working_days_after(on, PACKED_WORKING_DAYS).day
    sought = CasesSought(is_open=True, due_until_on=until_on)
    page = cases_page(work, actor, sought, size=CASES_SHOWN_MAX)
    phones = _phones(work, [row.id for row in page.rows if not row.restricted])
    return DayPack(
        on=on,
        until_on=until_on,
        reserved=_reserved(on, unused_numbers(work, on)),
        due=[_packed(row, phones.get(row.id, "")) for row in page.rows],
        more=bool(page.after),
    )


def _reserved(on: dt.date, numbers: Sequence[str]) -> Reserved:
    contacts = [number for number in numbers if number.startswith(LETTER)]
    return Reserved(on, contacts, [number for number in numbers if number not in set(contacts)])


def _packed(row: CaseRow, phone_masked: str) -> PackedCase:
    assert row.due_on is not None, "a case that is due"
    name = "" if row.restricted else row.petitioner_name
    return PackedCase(
        row.reference, row.kind, row.state, row.due_on, row.case_worker, name, phone_masked
    )


def _phones(work: Work, case_ids: Sequence[int]) -> dict[int, str]:
    columns = (CASE.c.id, CASE.c.sealed_phone, CASE.c.token)
    return {
        row.id: masked_phone(work.cipher, row.sealed_phone, seal_context("phone", row.token))
        for chunk in in_chunks(case_ids)
        for row in work.rows(sa.select(*columns).where(CASE.c.id.in_(chunk)))
    }


def _problems(
    work: Work, on: dt.date, contacts: int, cases: int, kinds: Collection[str]
) -> Iterator[Problem]:
    last_on = work.today + dt.timedelta(days=DAYS_AHEAD_MAX)
    if not work.today <= on <= last_on:
        text = _("Name a day from today to {day}.", day=last_on)
        yield Problem("reserved.day", text, "on")
    for field, count in (("contacts", contacts), ("cases", cases)):
        if not 0 <= count <= FORMS_MAX:
            text = _("Write a whole number from 0 to {most}.", most=FORMS_MAX)
            yield Problem("reserved.count", text, field)
    before = _reserved(on, unused_numbers(work, on))
    free = max(0, len(before.contacts) + contacts - len(before.cases))
    are_counts = all(0 <= count <= FORMS_MAX for count in (contacts, cases))
    if are_counts and cases * len(set(kinds)) > free:
        text = _(
            "Every number of a case stands on a form of a contact; {free} forms are left for them.",
            free=free,
        )
        yield Problem("reserved.more_cases", text, "cases")
    if not contacts and not cases:
        text = _("Say how many forms are needed; none would be reserved.")
        yield Problem("reserved.none", text, "contacts")
    known = kinds_to_open(work)
    if not set(kinds) <= known.keys():
        text = _("There are no cases of this kind; open one of {known}.", known=list(known))
        yield Problem("petition.kind_unknown", text, "kinds")
