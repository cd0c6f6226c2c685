"""The files that an import touches, taken in the hand together and written back by set."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from relief.households import rules
from relief.households.drafts import (
    AccountDraft,
    EnrolmentDraft,
    GradeDraft,
    HoldDraft,
    MembershipDraft,
    PersonKey,
)
from relief.households.hardship_file import HardshipFile
from relief.households.rules import ENROLLED_STATES
from relief.households.scheme import SchemeTerms
from relief.households.tables import (
    Account,
    Enrolment,
    GradeFact,
    Hold,
    Household,
    Membership,
    account_context,
)
from relief.kernel.columns import table_of
from relief.kernel.months import Month
from relief.kernel.unit_of_work import UnitOfWork, in_chunks
from relief.people.queries import find_all_by_identity
from relief.people.tables import Person

HOUSEHOLD, PERSON = table_of(Household), table_of(Person)
MEMBERSHIP = table_of(Membership)


@dataclass
class NewFile:
    """What a register says of a household beside its facts."""

    township: str
    employer: str
    main_cause: str
    address: str
    phone: str


@dataclass
class Book:
    """Hardship files in the hand, by number; persons by identity number."""

    terms: SchemeTerms
    files: dict[str, HardshipFile] = field(default_factory=dict)
    details: dict[str, NewFile] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    persons: dict[str, PersonKey] = field(default_factory=dict)
    names: dict[PersonKey, str] = field(default_factory=dict)
    originals: dict[str, str] = field(default_factory=dict)
    nameless: set[PersonKey] = field(default_factory=set)
    """Recorded, but known to restricted matters alone until now: they get their names here."""
    elsewhere: dict[PersonKey, list[tuple[str, MembershipDraft]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def person(self, number: str, name: str = "", original: str = "") -> PersonKey:
        """Who has this number: a person known, or one to be recorded under the number."""
        key = self.persons.setdefault(number, number)
        if name:
            self.names.setdefault(key, name)
        if original:
            self.originals[number] = original
        return key

    def other_spells(self, person: PersonKey, household_no: str) -> list[MembershipDraft]:
        """A person's known memberships in other households."""
        here = [
            spell
            for file in self._files_of(person)
            if file.household_no != household_no
            for spell in file.spells_of(person)
        ]
        return here + [spell for no, spell in self.elsewhere[person] if no != household_no]

    def counted_spells(self, person: PersonKey) -> list[tuple[str, MembershipDraft]]:
        """All counted memberships of a person, with the household's number."""
        here = [
            (file.household_no, spell)
            for file in self._files_of(person)
            for spell in file.spells_of(person)
        ]
        return [(no, spell) for no, spell in here + self.elsewhere[person] if spell.counted]

    def counted_twice(self, person: PersonKey) -> tuple[Month, list[str]] | None:
        """The month from which a person would count in several households, and which; None where
        the person counts in one at most."""
        spells = self.counted_spells(person)
        clash = rules.first_overlap([spell for _no, spell in spells])
        if clash is None:
            return None
        return max(spell.from_month for spell in clash), [no for no, s in spells if s in clash]

    def _files_of(self, person: PersonKey) -> Iterator[HardshipFile]:
        return (self.files[no] for no in self._member_files.get(person, ()))

    def note_member(self, person: PersonKey, household_no: str) -> None:
        """Remember in which files in the hand a person stands."""
        self._member_files.setdefault(person, {})[household_no] = None

    def __post_init__(self) -> None:
        self._member_files: dict[PersonKey, dict[str, None]] = {}


def open_book(
    work: UnitOfWork, terms: SchemeTerms, household_nos: Iterable[str], numbers: Iterable[str]
) -> Book:
    """Take the named files in the hand, and what else is known of the named persons."""
    book = Book(terms)
    for number, found in find_all_by_identity(work, set(numbers)).items():
        book.persons[number] = found.person_id
        if found.name:
            book.names[found.person_id] = found.name
        else:
            book.nameless.add(found.person_id)
    _load_files(work, book, set(household_nos))
    _load_elsewhere(work, book, [key for key in book.persons.values() if isinstance(key, int)])
    return book


def take_in_hand(work: UnitOfWork, terms: SchemeTerms, household_no: str) -> Book:
    """One file in the hand, with what is known of its members in other households."""
    book = Book(terms)
    _load_files(work, book, {household_no})
    members = {spell.person for spell in book.files[household_no].memberships}
    _load_elsewhere(work, book, [key for key in members if isinstance(key, int)])
    return book


def _load_files(work: UnitOfWork, book: Book, household_nos: set[str]) -> None:
    by_id: dict[int, HardshipFile] = {}
    for chunk in in_chunks(household_nos):
        for row in work.rows(sa.select(HOUSEHOLD).where(HOUSEHOLD.c.household_no.in_(chunk))):
            file = HardshipFile(
                household_no=row.household_no,
                applicant=row.applicant_id,
                start_rule=book.terms.start_rule,
                stop_rule=book.terms.stop_rule,
                id=row.id,
                state=row.state,
                proposed_grade=row.proposed_grade,
            )
            book.files[row.household_no] = by_id[row.id] = file
            book.tokens[row.household_no] = row.token
    for ids in in_chunks(by_id):
        _load_facts(work, book, by_id, ids)


def _known_rows(work: UnitOfWork, model: Any, ids: list[int]) -> Any:
    table = table_of(model)
    return work.connection.execute(
        sa.select(table)
        .where(table.c.household_id.in_(ids), table.c.superseded_at.is_(None))
        .order_by(table.c.id)
    ).mappings()


def _load_facts(
    work: UnitOfWork, book: Book, by_id: dict[int, HardshipFile], ids: list[int]
) -> None:
    for row in _known_rows(work, Enrolment, ids):
        by_id[row["household_id"]].enrolments.append(_draft(EnrolmentDraft, row))
    for row in _known_rows(work, GradeFact, ids):
        by_id[row["household_id"]].grades.append(_draft(GradeDraft, row))
    for row in _known_rows(work, Hold, ids):
        by_id[row["household_id"]].holds.append(_draft(HoldDraft, row))
    for row in _known_rows(work, Account, ids):
        number = (
            work.cipher.open(
                row["sealed_number"], account_context(row["household_id"], row["token"])
            )
            if row["sealed_number"]
            else ""
        )
        by_id[row["household_id"]].accounts.append(
            AccountDraft(
                id=row["id"],
                kind=row["kind"],
                payee=row["payee_id"],
                payee_name=row["payee_name"],
                number=number,
                bank_name=row["bank_name"],
                event_on=row["event_on"],
            )
        )
    for row in _known_rows(work, Membership, ids):
        file = by_id[row["household_id"]]
        file.memberships.append(_draft(MembershipDraft, row, person=row["person_id"]))
        book.note_member(row["person_id"], file.household_no)
    persons = {file.applicant for file in by_id.values()} | {
        spell.person for file in by_id.values() for spell in file.memberships
    }
    for chunk in in_chunks([key for key in persons if isinstance(key, int)]):
        for row in work.rows(sa.select(PERSON.c.id, PERSON.c.name).where(PERSON.c.id.in_(chunk))):
            book.names.setdefault(row.id, row.name)


def _draft(kind: Any, row: Any, **more: Any) -> Any:
    names = kind.__dataclass_fields__.keys() & row.keys()
    return kind(**{name: row[name] for name in names}, **more)


def _load_elsewhere(work: UnitOfWork, book: Book, person_ids: Iterable[int]) -> None:
    """Memberships of some persons in households that are not in the hand."""
    for chunk in in_chunks(person_ids):
        rows = work.connection.execute(
            sa.select(MEMBERSHIP, HOUSEHOLD.c.household_no)
            .join(HOUSEHOLD, HOUSEHOLD.c.id == MEMBERSHIP.c.household_id)
            .where(MEMBERSHIP.c.person_id.in_(chunk), MEMBERSHIP.c.superseded_at.is_(None))
        ).mappings()
        for row in rows:
            if row["household_no"] not in book.files:
                book.elsewhere[row["person_id"]].append(
                    (row["household_no"], _draft(MembershipDraft, row, person=row["person_id"]))
                )


def enrolled_elsewhere(work: UnitOfWork, book: Book) -> int:
    """How many places are taken by households that are not in the hand."""
    taken = work.connection.execute(
        sa.select(sa.func.count())
        .select_from(HOUSEHOLD)
        .where(HOUSEHOLD.c.state.in_(ENROLLED_STATES))
    ).scalar_one()
    in_hand = [file.id for file in book.files.values() if file.id is not None]
    for chunk in in_chunks(in_hand):
        taken -= work.connection.execute(
            sa.select(sa.func.count())
            .select_from(HOUSEHOLD)
            .where(HOUSEHOLD.c.id.in_(chunk), HOUSEHOLD.c.state.in_(ENROLLED_STATES))
        ).scalar_one()
    return int(taken)
