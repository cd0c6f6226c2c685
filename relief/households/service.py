"""Use cases of hardship files: taking over the register, and recording dated changes.

Both are judged whole: every fault at once, each with its place; one fault and nothing is written.
They take over decisions made on paper, so they check places, overlaps and order, not survey,
notice and separation of duties; the journal says that they were taken over.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from relief.engine.actors import Actor
from relief.engine.work import Work
from relief.households import rules
from relief.households.book import (
    Book,
    NewFile,
    account_hash,
    enrolled_elsewhere,
    open_book,
    write_book,
)
from relief.households.files.columns import Place
from relief.households.files.ledger import ChangeRow
from relief.households.files.register import HouseholdRow, MemberRow, Register
from relief.households.hardship_file import AccountDraft, HardshipFile, MembershipDraft, PersonKey
from relief.households.scheme import SchemeTerms, scheme_terms
from relief.households.tables import Account, ImportedFile
from relief.kernel.database import table_of
from relief.kernel.errors import Invalid, NotAllowed, Problem, refuse
from relief.kernel.months import first_day, format_month
from relief.kernel.text import _

IMPORTED, ACCOUNT = table_of(ImportedFile), table_of(Account)
CASH = "cash"
Progress = Callable[[int], None]


@dataclass(frozen=True)
class FileTaken:
    """What an import did, or on a dry run would do. `same_file`: taken before, nothing new."""

    counts: dict[str, int]
    warnings: tuple[Problem, ...] = ()
    same_file: bool = False


@dataclass
class _Reading:
    """An import under way."""

    work: Work
    actor: Actor
    book: Book
    terms: SchemeTerms
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    touched: dict[PersonKey, Place] = field(default_factory=dict)
    approved: list[tuple[Place, str]] = field(default_factory=list)

    def fault(self, at: Place, code: str, text: Any, column: str) -> None:
        self.problems.append(at.problem(code, text, column))

    def take(self, at: Place, problems: list[Problem]) -> bool:
        self.problems += [at.located(problem, problem.field) for problem in problems]
        return not problems

    def check_day(self, at: Place, day: dt.date, column: str, *, register: bool = False) -> bool:
        """No day in the future; one far back is recorded by an approver only, but for days before
        the go-live month in the register."""
        today, go_live = self.work.today, self.terms.go_live_month
        if day > today:
            self.fault(
                at,
                "day.future",
                _("{day} lies in the future (today is {today})", day=day, today=today),
                column,
            )
            return False
        before_go_live = register and go_live is not None and day < first_day(go_live)
        earliest = rules.months_back(today, self.terms.back_months_max)
        if day < earliest and not before_go_live and "approver" not in self.actor.roles:
            self.fault(
                at,
                "day.far_back",
                _(
                    "{day} lies more than {months} months back; an approver has to record it",
                    day=day,
                    months=self.terms.back_months_max,
                ),
                column,
            )
            return False
        return True


def import_register(
    work: Work,
    actor: Actor,
    register: Register,
    problems: Sequence[Problem],
    sha256: str,
    name: str,
    *,
    dry_run: bool = False,
) -> FileTaken:
    """Open the files of a register. `problems` are those found while reading it."""
    _check_role(actor)
    if (taken := _taken_before(work, "register", sha256)) is not None:
        return taken
    numbers = [row.applicant_id for row in register.households]
    numbers += [row.id_number for row in register.members]
    nos = [row.household_no for row in register.households]
    reading = _reading(work, actor, nos, numbers, problems, register.warnings)
    members: dict[str, list[MemberRow]] = {}
    for member in register.members:
        members.setdefault(member.household_no, []).append(member)
    for row in register.households:
        _open_file(reading, row, members.get(row.household_no, []))
    counts = {"households": len(register.households), "members": len(register.members)}
    return _finish(reading, "register", sha256, name, counts, dry_run=dry_run)


def record_changes(
    work: Work,
    actor: Actor,
    changes: Sequence[ChangeRow],
    problems: Sequence[Problem],
    sha256: str,
    name: str,
    *,
    dry_run: bool = False,
) -> FileTaken:
    """Record a ledger of dated changes, in the order of its rows."""
    _check_role(actor)
    if (taken := _taken_before(work, "changes", sha256)) is not None:
        return taken
    reading = _reading(
        work,
        actor,
        [row.household_no for row in changes],
        [row.id_number for row in changes if row.id_number],
        problems,
        (),
    )
    for row in changes:
        _apply(reading, row)
    counts = dict(sorted(Counter(row.change for row in changes).items()))
    return _finish(reading, "changes", sha256, name, counts, dry_run=dry_run)


def _check_role(actor: Actor) -> None:
    if not actor.roles & {"clerk", "approver"}:
        raise refuse(
            NotAllowed,
            "import.role",
            _("Only a clerk or an approver may record hardship files and their changes."),
        )


def _taken_before(work: Work, kind: str, sha256: str) -> FileTaken | None:
    work.instant()  # the lock: two imports of one file at once are one after the other
    known = work.rows(
        sa.select(IMPORTED.c.id).where(IMPORTED.c.kind == kind, IMPORTED.c.sha256 == sha256)
    )
    return FileTaken({}, same_file=True) if known else None


def _reading(
    work: Work,
    actor: Actor,
    nos: list[str],
    numbers: list[str],
    problems: Sequence[Problem],
    warnings: Sequence[Problem],
) -> _Reading:
    terms = scheme_terms(work)
    book = open_book(work, terms, nos, numbers)
    return _Reading(work, actor, book, terms, list(problems), list(warnings))


def _finish(
    reading: _Reading, kind: str, sha256: str, name: str, counts: dict[str, int], *, dry_run: bool
) -> FileTaken:
    _judge_overlaps(reading)
    _judge_places(reading)
    _warn_of_shared_accounts(reading)
    if reading.problems:
        raise Invalid(sorted(reading.problems, key=lambda p: (p.sheet, p.row)))
    if not dry_run:
        work = reading.work
        file_id = work.insert(
            ImportedFile,
            kind=kind,
            sha256=sha256,
            name=name,
            row_count=sum(counts.values()),
            recorded_at=work.instant(),
            recorded_by=reading.actor.username,
        )
        for file in reading.book.files.values():
            for step in file.steps:
                step.facts["file"] = file_id
        write_book(work, reading.actor, reading.book)
    return FileTaken(counts, tuple(reading.warnings))


def _judge_overlaps(reading: _Reading) -> None:
    """One person counts in at most one household in a month; judged after the whole file."""
    for person, at in reading.touched.items():
        spells = reading.book.counted_spells(person)
        clash = rules.first_overlap([spell for _no, spell in spells])
        if clash is None:
            continue
        numbers = [no for no, spell in spells if spell in clash]
        month = max(spell.from_month for spell in clash)
        reading.fault(
            at,
            "membership.counted_twice",
            _(
                "from {month} this person would count in {households} at once; record the leaving of "
                "one first",
                month=format_month(month) if month else _("the beginning"),
                households=numbers,
            ),
            "id_number",
        )


def _judge_places(reading: _Reading) -> None:
    """Places count households that are active or suspended."""
    if not reading.approved:
        return
    taken = enrolled_elsewhere(reading.work, reading.book) + sum(
        file.is_enrolled for file in reading.book.files.values()
    )
    beyond = taken - reading.terms.places_max
    for at, no in reading.approved[-beyond:] if beyond > 0 else []:
        reading.fault(
            at,
            "places.full",
            _(
                "the scheme has {places} places, and {taken} households would be enrolled; "
                "{no} has to wait",
                places=reading.terms.places_max,
                taken=taken,
                no=no,
            ),
            "household_no",
        )


def _warn_of_shared_accounts(reading: _Reading) -> None:
    """One account for several households is worth a look, not a refusal."""
    fresh: dict[str, list[str]] = {}
    for file in reading.book.files.values():
        for account in file.accounts:
            if account.id is None and not account.superseded and account.number:
                fresh.setdefault(account.number, []).append(file.household_no)
    hashes = {account_hash(reading.work, number): number for number in fresh}
    own_ids = {file.id for file in reading.book.files.values()}
    in_order = list(hashes)
    for start in range(0, len(in_order), 5_000):
        for row in reading.work.rows(
            sa.select(ACCOUNT.c.number_hash, ACCOUNT.c.household_id).where(
                ACCOUNT.c.number_hash.in_(in_order[start : start + 5_000]),
                ACCOUNT.c.superseded_at.is_(None),
            )
        ):
            if row.household_id not in own_ids:
                fresh[hashes[row.number_hash]].append("…")
    reading.warnings += [
        Problem(
            "account.shared",
            _(
                "the account of household {no} is used by {count} households",
                no=nos[0],
                count=len(nos),
            ),
        )
        for nos in fresh.values()
        if len(nos) > 1
    ]


# --- the register ---


def _open_file(reading: _Reading, row: HouseholdRow, members: list[MemberRow]) -> None:
    book = reading.book
    if row.household_no in book.files:
        reading.fault(
            row.at,
            "household.exists",
            _(
                "household {no} has a file already; changes of it go through the ledger",
                no=row.household_no,
            ),
            "household_no",
        )
        return
    if not (row.household_no and row.applicant_id):
        return  # reported while reading
    applicant = book.person(row.applicant_id, row.applicant_name, row.id_original)
    _warn_of_other_name(reading, row.at, applicant, row.applicant_name)
    file = HardshipFile(
        household_no=row.household_no,
        applicant=applicant,
        start_rule=reading.terms.start_rule,
        stop_rule=reading.terms.stop_rule,
        proposed_grade="" if row.approved_on else row.grade,
    )
    book.files[row.household_no] = file
    book.details[row.household_no] = NewFile(
        row.township, row.employer, row.main_cause, row.address, row.phone
    )
    facts: dict[str, Any] = {"row": row.at.row, "members": len(members)}
    if row.approved_on and reading.check_day(row.at, row.approved_on, "approved_on", register=True):
        facts["approved_on"] = row.approved_on.isoformat()
        if reading.take(row.at, file.approve(row.approved_on, row.grade, facts)):
            reading.approved.append((row.at, row.household_no))
    if not file.steps:
        file.state = "applied"
        file._note("open_file", facts)
    for member in members:
        _add_member(reading, file, member)
    _add_first_account(reading, file, row)
    del file.steps[1:]  # opening a file is one entry, whatever stands in it


def _add_member(reading: _Reading, file: HardshipFile, row: MemberRow) -> None:
    if not row.id_number:
        return  # reported while reading
    person = reading.book.person(row.id_number, row.name, row.id_original)
    reading.book.note_member(person, file.household_no)
    reading.touched[person] = row.at
    _warn_of_other_name(reading, row.at, person, row.name)
    for column, day in (("joined_on", row.joined_on), ("left_on", row.left_on)):
        if day is not None and not reading.check_day(row.at, day, column, register=True):
            return
    joined = reading.take(
        row.at,
        file.join(
            MembershipDraft(
                person=person,
                relation=row.relation,
                counted=row.counted,
                from_month=0,
                reason=row.not_counted_reason,
                joined_on=row.joined_on,
            ),
            {},
            reading.book.other_spells(person, file.household_no),
        ),
    )
    if joined and row.left_on is not None:
        reading.take(
            row.at, file.leave(person, row.left_on, {}, by_death=is_death(row.leave_reason))
        )


def _add_first_account(reading: _Reading, file: HardshipFile, row: HouseholdRow) -> None:
    if not row.account_no:
        return
    payee = _payee(reading, file, row.account_name, "", row.applicant_name)
    if payee is None:
        _fault_of_payee(reading, row.at, row.account_name)
        return
    reading.take(
        row.at,
        file.use_account(
            AccountDraft(
                kind="bank",
                payee=payee,
                payee_name=row.account_name or row.applicant_name,
                number=row.account_no,
                bank_name=row.bank_name,
                event_on=row.approved_on or reading.work.today,
            ),
            {},
        ),
    )


# --- the ledger ---


def _apply(reading: _Reading, row: ChangeRow) -> None:
    file = reading.book.files.get(row.household_no)
    if file is None:
        if row.household_no:
            reading.fault(
                row.at,
                "household.unknown",
                _(
                    "there is no hardship file {no}; a file is opened by the register",
                    no=row.household_no,
                ),
                "household_no",
            )
        return
    if row.effective_on and not reading.check_day(row.at, row.effective_on, "effective_on"):
        return
    facts: dict[str, Any] = {"change": row.change, "row": row.at.row}
    if row.effective_on:
        facts["on"] = row.effective_on.isoformat()
    handler = _HANDLERS.get(row.change)
    if handler is not None:
        handler(reading, file, row, facts)


def _approve(reading: _Reading, file: HardshipFile, row: ChangeRow, facts: dict[str, Any]) -> None:
    if row.effective_on is None:
        return
    if reading.take(row.at, file.approve(row.effective_on, row.grade, facts)):
        reading.approved.append((row.at, row.household_no))
        if row.account_no:
            _account(reading, file, row, facts)


def _exit(reading: _Reading, file: HardshipFile, row: ChangeRow, facts: dict[str, Any]) -> None:
    if row.effective_on is not None:
        reading.take(row.at, file.exit(row.effective_on, facts, row.reason))


def _suspend(reading: _Reading, file: HardshipFile, row: ChangeRow, facts: dict[str, Any]) -> None:
    day = row.effective_on or reading.work.today
    reading.take(row.at, file.suspend(day, facts, row.reason))


def _resume(reading: _Reading, file: HardshipFile, row: ChangeRow, facts: dict[str, Any]) -> None:
    day = row.effective_on or reading.work.today
    reading.take(row.at, file.resume(day, facts, row.reason))


def _join(reading: _Reading, file: HardshipFile, row: ChangeRow, facts: dict[str, Any]) -> None:
    if not row.id_number:
        return
    person = reading.book.person(row.id_number, row.name, row.id_original)
    if not reading.book.names.get(person):
        reading.fault(
            row.at, "name.missing", _("this person is not known yet; give the name, too"), "name"
        )
        return
    _warn_of_other_name(reading, row.at, person, row.name)
    reading.touched[person] = row.at
    relation = row.relation or ("self" if person == file.applicant else "other")
    joined = file.join(
        MembershipDraft(
            person=person,
            relation=relation,
            counted=row.counted,
            from_month=0,
            reason=row.reason,
            joined_on=row.effective_on,
        ),
        facts,
        reading.book.other_spells(person, file.household_no),
    )
    reading.book.note_member(person, file.household_no)
    if reading.take(row.at, joined) and not (row.counted or row.reason):
        reading.warnings.append(
            row.at.problem(
                "member.no_reason",
                _("a member who does not count should have the reason written down"),
                "reason",
            )
        )


def _leave(reading: _Reading, file: HardshipFile, row: ChangeRow, facts: dict[str, Any]) -> None:
    if not row.id_number or row.effective_on is None:
        return
    person = reading.book.person(row.id_number, row.name, row.id_original)
    reading.touched[person] = row.at
    reading.take(
        row.at,
        file.leave(person, row.effective_on, facts, row.reason, by_death=is_death(row.reason)),
    )


def _grade(reading: _Reading, file: HardshipFile, row: ChangeRow, facts: dict[str, Any]) -> None:
    if row.grade and row.effective_on is not None:
        reading.take(row.at, file.regrade(row.effective_on, row.grade, facts))


def _account(reading: _Reading, file: HardshipFile, row: ChangeRow, facts: dict[str, Any]) -> None:
    cash = row.account_no == CASH
    payee = _payee(reading, file, row.account_name or row.name, row.id_number)
    if payee is None:
        _fault_of_payee(reading, row.at, row.account_name or row.name)
        return
    reading.book.names.setdefault(payee, row.account_name or row.name)
    reading.take(
        row.at,
        file.use_account(
            AccountDraft(
                kind="cash" if cash else "bank",
                payee=payee,
                payee_name=row.account_name or row.name or reading.book.names.get(payee, ""),
                number="" if cash else row.account_no,
                bank_name="" if cash else row.bank_name,
                event_on=row.effective_on or reading.work.today,
            ),
            facts,
            row.reason,
        ),
    )


_HANDLERS = {
    "approve": _approve,
    "exit": _exit,
    "suspend": _suspend,
    "resume": _resume,
    "join": _join,
    "leave": _leave,
    "grade": _grade,
    "account": _account,
}


def _payee(
    reading: _Reading, file: HardshipFile, name: str, number: str, applicant_name: str = ""
) -> PersonKey | None:
    """Whose account it is: who has the number, else the applicant, else a member of that name."""
    names = reading.book.names
    if number:
        return reading.book.person(number, name)
    if not name or name in (applicant_name, names.get(file.applicant)):
        return file.applicant
    members = {spell.person for spell in file.memberships if not spell.superseded}
    found = [person for person in members if names.get(person) == name]
    return found[0] if len(found) == 1 else None


def _fault_of_payee(reading: _Reading, at: Place, name: str) -> None:
    reading.fault(
        at,
        "account.payee",
        _(
            "{name} is neither the applicant nor a member of the household; give the payee's identity "
            "number in the ledger (the account's name has to be the payee's)",
            name=name,
        ),
        "account_name",
    )


def _warn_of_other_name(reading: _Reading, at: Place, person: PersonKey, name: str) -> None:
    known = reading.book.names.get(person)
    if known and name and known != name:
        reading.warnings.append(
            at.problem(
                "person.other_name",
                _(
                    "this identity number is recorded under another name ({known}); the recorded name "
                    "stands",
                    known=known,
                ),
                "name",
            )
        )


def is_death(reason: str) -> bool:
    """True where a reason for leaving says that the person died."""
    words = ("death", "died", "dead", "deceased", "死亡", "去世", "身故", "亡故", "病故", "过世")
    return any(word in reason.lower() for word in words)
