"""The files that an import touches, taken in the hand together and written back by set."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from relief.engine.actors import SYSTEM, Actor
from relief.engine.advance import advance, begin
from relief.engine.work import Work
from relief.households.hardship_file import (
    AccountDraft,
    Draft,
    EnrolmentDraft,
    GradeDraft,
    HardshipFile,
    HoldDraft,
    MembershipDraft,
    PersonKey,
    Step,
)
from relief.households.rules import ENROLLED_STATES
from relief.households.scheme import SchemeTerms
from relief.households.tables import (
    Account,
    Enrolment,
    GradeFact,
    Hold,
    Household,
    Membership,
)
from relief.kernel.crypto import new_token
from relief.kernel.database import UnitOfWork, table_of
from relief.people.queries import find_all_by_identity
from relief.people.service import record_people
from relief.people.tables import Person

HOUSEHOLD, PERSON = table_of(Household), table_of(Person)
MEMBERSHIP = table_of(Membership)
_FACT_TABLES = {
    EnrolmentDraft: Enrolment,
    MembershipDraft: Membership,
    GradeDraft: GradeFact,
    HoldDraft: Hold,
    AccountDraft: Account,
}
_IN_MAX = 5_000


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
        book.names[found.person_id] = found.name
    _load_files(work, book, set(household_nos))
    _load_elsewhere(work, book)
    return book


def _chunks(values: Collection[Any]) -> Iterator[list[Any]]:
    ordered = list(values)
    for start in range(0, len(ordered), _IN_MAX):
        yield ordered[start : start + _IN_MAX]


def _load_files(work: UnitOfWork, book: Book, household_nos: set[str]) -> None:
    by_id: dict[int, HardshipFile] = {}
    for chunk in _chunks(household_nos):
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
    for chunk in _chunks(by_id):
        _load_facts(work, book, by_id, chunk)


def _known_rows(work: UnitOfWork, model: Any, ids: list[int]) -> Any:
    table = table_of(model)
    return work.session.execute(
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
            work.cipher.open(row["sealed_number"], f"account.number:{row['token']}")
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
    for chunk in _chunks([key for key in persons if isinstance(key, int)]):
        for row in work.rows(sa.select(PERSON.c.id, PERSON.c.name).where(PERSON.c.id.in_(chunk))):
            book.names.setdefault(row.id, row.name)


def _draft(kind: Any, row: Any, **more: Any) -> Any:
    names = kind.__dataclass_fields__.keys() & row.keys()
    return kind(**{name: row[name] for name in names}, **more)


def _load_elsewhere(work: UnitOfWork, book: Book) -> None:
    """Memberships of the named persons in households that are not in the hand."""
    person_ids = [key for key in book.persons.values() if isinstance(key, int)]
    for chunk in _chunks(person_ids):
        rows = work.session.execute(
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
    taken = work.session.execute(
        sa.select(sa.func.count())
        .select_from(HOUSEHOLD)
        .where(HOUSEHOLD.c.state.in_(ENROLLED_STATES))
    ).scalar_one()
    in_hand = [file.id for file in book.files.values() if file.id is not None]
    for chunk in _chunks(in_hand):
        taken -= work.session.execute(
            sa.select(sa.func.count())
            .select_from(HOUSEHOLD)
            .where(HOUSEHOLD.c.id.in_(chunk), HOUSEHOLD.c.state.in_(ENROLLED_STATES))
        ).scalar_one()
    return int(taken)


def write_book(work: Work, actor: Actor, book: Book) -> None:
    """Write back: persons, new files with their first step, facts by set, then the other steps."""
    _record_persons(work, book)
    begun = {file.household_no for file in book.files.values() if file.id is None}
    for no in begun:
        _begin_file(work, actor, book, book.files[no])
    _write_facts(work, actor, book)
    for file in book.files.values():
        for step in file.steps[1 if file.household_no in begun else 0 :]:
            assert file.id is not None
            advance(
                work,
                "household",
                file.id,
                step.action,
                actor_of(step, actor),
                reason=step.reason,
                facts=_facts(book, step),
            )


def actor_of(step: Step, actor: Actor) -> Actor:
    """A hold that goes on standing is the program's own step."""
    return SYSTEM if step.action == "keep_suspended" else actor


def _record_persons(work: Work, book: Book) -> None:
    fresh = [
        (book.names.get(key, ""), number)
        for number, key in book.persons.items()
        if isinstance(key, str)
    ]
    for number, person_id in record_people(work, fresh, book.originals).items():
        book.persons[number] = person_id


def _person_id(book: Book, key: PersonKey | None) -> int | None:
    return book.persons[key] if isinstance(key, str) else key  # type: ignore[return-value]


def _facts(book: Book, step: Step) -> dict[str, Any]:
    """The journal names persons by id, never by number or name."""
    return {
        key: _person_id(book, value) if key == "person" else value
        for key, value in step.facts.items()
    }


def _begin_file(work: Work, actor: Actor, book: Book, file: HardshipFile) -> None:
    details, token = book.details[file.household_no], new_token()
    cipher, step = work.cipher, file.steps[0]
    book.tokens[file.household_no] = token
    file.id = begin(
        work,
        "household",
        step.action,
        actor,
        {
            "household_no": file.household_no,
            "applicant_id": _person_id(book, file.applicant),
            "token": token,
            "township": details.township,
            "employer": details.employer,
            "main_cause": details.main_cause,
            "proposed_grade": file.proposed_grade,
            "sealed_address": (
                cipher.seal(details.address, f"household.address:{token}")
                if details.address
                else None
            ),
            "sealed_phone": (
                cipher.seal(details.phone, f"household.phone:{token}") if details.phone else None
            ),
            "phone_hash": cipher.blind_index(details.phone, "phone") if details.phone else "",
            "phone_last4_hash": (
                cipher.blind_index(details.phone[-4:], "phone.last4") if details.phone else ""
            ),
            "recorded_at": work.instant(),
            "recorded_by": actor.username,
        },
        facts=_facts(book, step),
    )


def _write_facts(work: Work, actor: Actor, book: Book) -> None:
    """Insert what is new, mark what was replaced; all at this unit's instant of record."""
    at = work.instant()
    fresh: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    replaced: dict[Any, list[int]] = defaultdict(list)
    for file in book.files.values():
        for draft in (
            *file.enrolments,
            *file.memberships,
            *file.grades,
            *file.holds,
            *file.accounts,
        ):
            model = _FACT_TABLES[type(draft)]
            if draft.id is not None and draft.superseded:
                replaced[model].append(draft.id)
            elif draft.id is None and not draft.superseded:
                fresh[model].append(
                    {
                        "household_id": file.id,
                        "recorded_at": at,
                        "recorded_by": actor.username,
                        **_columns(work, book, file, draft),
                    }
                )
    for model, ids in replaced.items():
        table = table_of(model)
        for chunk in _chunks(ids):
            work.session.execute(
                sa.update(table).where(table.c.id.in_(chunk)).values(superseded_at=at)
            )
    for model, rows in fresh.items():
        work.insert_all(model, rows)


def _columns(work: Work, book: Book, file: HardshipFile, draft: Draft) -> dict[str, Any]:
    if isinstance(draft, AccountDraft):
        return _account_columns(work, book, draft)
    columns = {
        name: getattr(draft, name)
        for name in draft.__dataclass_fields__
        if name not in ("id", "superseded", "person", "reason")
    }
    if isinstance(draft, MembershipDraft):
        columns["person_id"] = _person_id(book, draft.person)
        if draft.reason:
            columns["sealed_reason"] = work.cipher.seal(
                draft.reason, f"membership.reason:{book.tokens[file.household_no]}"
            )
    return columns


def _account_columns(work: Work, book: Book, draft: AccountDraft) -> dict[str, Any]:
    token = new_token()
    number = draft.number
    return {
        "kind": draft.kind,
        "payee_id": _person_id(book, draft.payee),
        "payee_name": draft.payee_name,
        "token": token,
        "bank_name": draft.bank_name,
        "event_on": draft.event_on,
        "sealed_number": work.cipher.seal(number, f"account.number:{token}") if number else None,
        "number_hash": account_hash(work, number) if number else "",
    }


def account_hash(work: UnitOfWork, number: str) -> str:
    """What an account number is found by."""
    return work.cipher.blind_index(number, "account.number")
