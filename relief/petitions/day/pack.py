"""The paper day pack: what is printed for the day on which the power may fail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from relief.desk.reserved import Sheet, reserve, sheets_of
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
    """Numbers for the forms of a day that are not used yet: of contacts, and of cases by kind;
    `case_on` has the one that stands on the form of a contact."""

    on: dt.date
    contacts: Sequence[str]
    cases: Sequence[str]
    case_on: Mapping[str, str]


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
    made = reserve(work, actor, on, [(LETTER, contacts), *letters])
    case_on = _case_on(sheets_of(work, on))
    return Reserved(
        on,
        [number for number in made if number.startswith(LETTER)],
        [number for number in made if not number.startswith(LETTER)],
        {contact: case for contact, case in case_on.items() if case in made},
    )


def day_pack(work: Work, actor: Actor, on: dt.date) -> DayPack:
    """What the paper of a day shows, as this actor may see it."""
    until_on = work.calendar.working_days_after(on, PACKED_WORKING_DAYS).day
    sought = CasesSought(is_open=True, due_until_on=until_on)
    page = cases_page(work, actor, sought, size=CASES_SHOWN_MAX)
    phones = _phones(work, [row.id for row in page.rows if not row.restricted])
    return DayPack(
        on=on,
        until_on=until_on,
        reserved=_unused(work, on),
        due=[_packed(row, phones.get(row.id, "")) for row in page.rows],
        more=bool(page.after),
    )


def _unused(work: Work, on: dt.date) -> Reserved:
    sheets = [sheet for sheet in sheets_of(work, on) if not sheet.is_used]
    case_on = _case_on(sheets)
    return Reserved(on, [sheet.contact for sheet in sheets], list(case_on.values()), case_on)


def _case_on(sheets: Iterable[Sheet]) -> dict[str, str]:
    return {each.contact: each.case for each in sheets if each.case and not each.case_is_used}


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
    free = max(0, contacts) + sum(not (each.is_used or each.case) for each in sheets_of(work, on))
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
