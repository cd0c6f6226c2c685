"""What a case worker leaves behind at the end of a day, and open work that goes over to another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import sqlalchemy as sa

from relief.accounts.queries import roles_by_name
from relief.desk.queries import CONTACT
from relief.engine.actors import Actor
from relief.engine.cases import find_case
from relief.engine.definitions.definition import Action
from relief.engine.journal.chain import Entry
from relief.engine.steps.advance import advance
from relief.engine.work import Work
from relief.kernel.errors import Invalid, Problem, ReliefError, TransitionRefused
from relief.kernel.text import Username, _
from relief.petitions.day.contacts import DayContact, day_list
from relief.petitions.lists.pages import CaseRow, CasesSought, cases_page
from relief.petitions.queries import CASE, LINK, is_open, open_states_of
from relief.petitions.seeing import seen_cases

# More than one person works on.
CASES_MAX = 1_000


class OpenWork(NamedTuple):
    """A case that is worked on, and the step by which it goes on."""

    case: CaseRow
    next_step: Action | None


@dataclass(frozen=True)
class HandOver:
    """What a case worker leaves behind: cases by their next due, and who chased up today."""

    case_worker: str
    cases: Sequence[OpenWork]
    chase_ups: Sequence[DayContact]


def hand_over(work: Work, actor: Actor, case_worker: str = "") -> HandOver:
    """What is open of a case worker (the actor, where nobody else is named), as the actor may see
    it."""
    worker = case_worker or actor.username
    sought = CasesSought(case_worker=worker, is_open=True)
    cases = cases_page(work, actor, sought, size=CASES_MAX).rows
    mine = sa.select(CASE.c.reference).join(LINK, LINK.c.case_id == CASE.c.id)
    own = set(work.connection.execute(
        mine.join(CONTACT, CONTACT.c.id == LINK.c.contact_id).where(
            CONTACT.c.happened_on == work.today, CONTACT.c.chase_up, CASE.c.case_worker == worker
        )
    ).scalars())  # fmt: skip
    chased = [
        each
        for each in day_list(work, actor, work.today)
        if each.contact.chase_up and each.contact.case in own and each.contact.voided_at is None
    ]
    steps = [work.workflows.next_step(case.kind, case.state) for case in cases]
    return HandOver(worker, [OpenWork(*each) for each in zip(cases, steps, strict=True)], chased)


def case_workers(work: Work, actor: Actor) -> list[str]:
    """Who works on cases that are open, as this actor may see them, by name; also who was disabled
    and left them behind."""
    worker = CASE.c.case_worker
    theirs = sa.select(worker).where(
        is_open(open_states_of(work), walks=False), seen_cases(actor.username), worker != ""
    )
    return sorted(row.case_worker for row in work.rows(theirs.distinct()))


def hand_over_cases(
    work: Work, actor: Actor, from_username: str, to_username: str, references: Sequence[str]
) -> list[Entry]:
    """Give open cases of one case worker to another, each by a step of its own: all or none of
    them. Refused with every reason, each with the case it stands against (`sheet`)."""
    work.instant()  # the lock comes first: what is read stands until the commit
    problems = list(_against(work, from_username, to_username, references))
    if problems:
        raise Invalid(problems)
    entries: list[Entry] = []
    for reference in dict.fromkeys(references):
        try:
            entries.append(_handed_over(work, actor, from_username, to_username, reference))
        except ReliefError as refused:
            problems += (replace(problem, sheet=reference) for problem in refused.problems)
    if problems:
        raise TransitionRefused(problems)  # nothing is committed: those before go back, too
    return entries


def _handed_over(
    work: Work, actor: Actor, from_username: str, to_username: str, reference: str
) -> Entry:
    case = find_case(work, reference, actor)
    if case.row.get("case_worker") != from_username:
        text = _(
            "this is no case of {name} (any more); look at the list again",
            name=Username(from_username),
        )
        raise TransitionRefused(Problem("handover.not_theirs", text, "references"))
    fields = {"case_worker": to_username}
    return advance(work, case.kind.key, case.id, "assign", actor, fields=fields)


def _against(
    work: Work, from_username: str, to_username: str, references: Sequence[str]
) -> Iterator[Problem]:
    if not references:
        yield Problem("handover.none", _("Choose the cases that go over."), "references")
    if to_username not in roles_by_name(work):
        text = _('There is no user "{name}" who works here.', name=to_username[:40])
        yield Problem("handover.unknown", text, "to_username")
    elif from_username == to_username:
        text = _(
            "The cases are with {name} already; name somebody else.", name=Username(to_username)
        )
        yield Problem("handover.same", text, "to_username")
