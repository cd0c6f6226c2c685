"""A case of any kind as people may read it.

`history` gives every word as it was typed, for the rules; what is shown of a case is read here,
where numbers of persons leave masked, and who objected is told to clerks and approvers alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from relief.engine.actors import NOBODY, Actor
from relief.engine.cases import Case
from relief.engine.clocks.running import reckoned_deadline
from relief.engine.clocks.terms import Reckoned
from relief.engine.definitions.definition import Field
from relief.engine.journal.chain import Entry
from relief.engine.journal.history import entries_of
from relief.engine.journal.passages import Passage, as_passages, passages_of
from relief.engine.step import Choice
from relief.engine.steps.recusal import recused
from relief.engine.steps.standing import choices_of
from relief.engine.work import Work
from relief.households.life.objections import shown_objector
from relief.kernel.errors import NotFound, refuse
from relief.kernel.looking import know, looking
from relief.kernel.text import _
from relief.papers.queries import know_papers
from relief.people.rules import mask_identity, mask_phone
from relief.petitions import queries, seeing
from relief.petitions.life import granting
from relief.petitions.one_case.way import Way, way_of
from relief.petitions.queries import JoinedContact
from relief.petitions.rules import FAMILY, LEGAL_AID, MASKED

# How a text is masked, by what its workflow says of its field.
_MASKS: Mapping[str, Callable[[str, Actor | None], str]] = {
    "identity": lambda typed, _reader: mask_identity(typed),
    "phone": lambda typed, _reader: mask_phone(typed),
    "objector": shown_objector,
}


@dataclass(frozen=True)
class Matter:
    """What only cases have that somebody brought."""

    text: str
    phone_masked: str
    contacts: Sequence[JoinedContact]
    readers: Sequence[str]
    merged_into: str
    merged: Sequence[str]
    limitation_ends_on: dt.date | None


@dataclass(frozen=True)
class CaseView:
    """A case, and what surrounds it; the words of its entries are masked. `choices` is None where
    nobody said who asks."""

    zone: dt.tzinfo
    today: dt.date
    case: Case
    entries: Sequence[Entry]
    passages: Sequence[Passage]
    way: Way
    deadline: Reckoned | None
    is_overdue: bool
    choices: Sequence[Choice] | None
    recused: frozenset[str]
    matter: Matter | None


def view_case(work: Work, case: Case, reader: Actor | None) -> CaseView:
    """Gather what is shown of a case to somebody (None: who gives no name)."""
    with looking(work):
        return _viewed(work, case, reader)


def _viewed(work: Work, case: Case, reader: Actor | None) -> CaseView:
    entries, at = entries_of(work, case), work.as_known_now()
    passages = as_passages(entries)
    know(work, passages_of, passages, case.kind.key, case.id)
    know_papers(work, case.kind.key, case.id)
    runs = reckoned_deadline(work, case.machine.definition, passages)
    return CaseView(
        zone=work.clock.zone,
        today=work.today,
        case=case,
        entries=_masked(work, case, entries, reader),
        passages=passages,
        way=way_in(work, case, entries),
        deadline=runs,
        is_overdue=bool(runs and runs.has_run(at)),
        choices=choices_of(work, case, reader, at) if reader else None,
        recused=recused(work, case.kind.key, case.id),
        matter=_matter(work, case, entries, reader) if case.kind.family == FAMILY else None,
    )


@dataclass(frozen=True)
class PastView:
    """A case as it stood after an entry (the last of `entries`); `count` are all there are now."""

    state: str
    entries: Sequence[Entry]
    count: int
    way: Way
    deadline: Reckoned | None
    about: PastMatter | None


@dataclass(frozen=True)
class PastMatter:
    """Whose matter it was and what it was about, as it was known then: the name that the first
    contact or a step since gave. What is restricted now is marked so always."""

    name: str
    text: str
    urgent: bool
    collective: bool
    restricted: bool


def as_known_after(work: Work, case: Case, number: int, reader: Actor) -> PastView:
    """The same as far as its journal tells: refused (`NotFound`) where it has no such entry. The
    deadline is reckoned by the calendar that is known now."""
    every = entries_of(work, case)
    entries = [entry for entry in every if entry.number <= number]
    if not entries or entries[-1].number != number:
        raise refuse(NotFound, "case.no_entry", _("There is no such entry of this case."))
    passages = as_passages(entries)
    return PastView(
        state=entries[-1].to_state,
        entries=_masked(work, case, entries, reader),
        count=len(every),
        way=way_in(work, case, entries),
        deadline=reckoned_deadline(work, case.machine.definition, passages),
        about=_past_matter(work, case, entries) if case.kind.family == FAMILY else None,
    )


def _past_matter(work: Work, case: Case, entries: Sequence[Entry]) -> PastMatter:
    contacts = queries.contacts_of(work, case.id)
    first = contacts[0].contact.name if contacts else case.row["petitioner_name"]
    names = [each.fields["petitioner_name"] for each in entries if "petitioner_name" in each.fields]
    return PastMatter(
        name=[first, *names][-1],
        text=queries.matter_of(work, case.row),
        urgent=any(each.facts.get("urgent") for each in entries),
        collective=any(each.facts.get("collective") for each in entries),
        restricted=case.row["restricted"],
    )


def way_in(work: Work, case: Case, entries: Sequence[Entry]) -> Way:
    """The way of a case by the workflow that it began under."""
    line, skipped = line_in(work, case, entries), granting.states_skipped(entries)
    return way_of(case.machine.definition, line, entries, skipped)


def line_in(work: Work, case: Case, entries: Sequence[Entry]) -> list[str]:
    """The states by which a case goes on to its end, by the workflow that it began under, from
    where it began."""
    return work.workflows.line(case.machine.definition, entries[0].to_state)


def shown_entries(work: Work, case: Case, reader: Actor | None) -> list[Entry]:
    """The journal of a case, oldest step first, as this reader may see its words."""
    return _masked(work, case, entries_of(work, case), reader)


def _masked(work: Work, case: Case, entries: Sequence[Entry], reader: Actor | None) -> list[Entry]:
    masks = _masks_of(work, case)
    return [
        replace(
            entry,
            fields={
                name: masks[name](typed, reader) if name in masks and typed else typed
                for name, typed in entry.fields.items()
            },
        )
        for entry in entries
    ]


def _masks_of(work: Work, case: Case) -> dict[str, Callable[[str, Actor | None], str]]:
    """How the fields of a case are masked: as the workflow says that it began under, or today's,
    which may say it first."""
    today = work.workflows.definitions[case.kind.key]
    said = masks_said((*today.fields, *case.machine.definition.fields))
    return {name: _MASKS[mask] for name, mask in said.items()}


def masks_said(fields: Iterable[Field]) -> dict[str, str]:
    """How fields are masked, by their names: some as the program has it, whatever a file says."""
    return {field.id: field.masked for field in fields if field.masked} | MASKED


def _matter(work: Work, case: Case, entries: Sequence[Entry], reader: Actor | None) -> Matter:
    row = case.row
    other = queries.case_row(work, row["merged_into_id"]) if row["merged_into_id"] else None
    seen = other is not None and seeing.may_see(work, other, reader or NOBODY)
    limited = case.kind.key == LEGAL_AID
    return Matter(
        text=queries.matter_of(work, row),
        phone_masked=queries.phone_masked_of(work, row),
        contacts=queries.contacts_of(work, case.id),
        readers=seeing.readers_of(work, case.id) if row["restricted"] else (),
        merged_into=other["reference"] if other and seen else "",
        merged=[each.facts["merged_case"] for each in entries if "merged_case" in each.facts],
        limitation_ends_on=queries.limitation_told(entries) if limited else None,
    )
