"""An import under way: what it holds in the hand, and how it is judged as a whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import sqlalchemy as sa

from relief.engine.actors import CASE_ROLES, Actor
from relief.engine.work import Work
from relief.households import refusals
from relief.households.book import Book, enrolled_elsewhere, open_book
from relief.households.days import why_not_on
from relief.households.drafts import PersonKey
from relief.households.hardship_file import HardshipFile
from relief.households.recording import account_hash, write_book
from relief.households.scheme import SchemeTerms, scheme_terms
from relief.households.tables import Account, ImportedFile
from relief.kernel.columns import table_of
from relief.kernel.errors import Invalid, NotAllowed, Problem, refuse
from relief.kernel.files.columns import Place, is_beyond_reading
from relief.kernel.text import Text, _, named
from relief.kernel.unit_of_work import in_chunks

IMPORTED, ACCOUNT = table_of(ImportedFile), table_of(Account)


@dataclass(frozen=True)
class FileTaken:
    """What an import did, or on a dry run would do. `same_file`: taken before, nothing new."""

    counts: dict[str, int]
    warnings: tuple[Problem, ...] = ()
    same_file: bool = False


@dataclass
class Reading:
    """An import under way."""

    work: Work
    actor: Actor
    book: Book
    terms: SchemeTerms
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    touched: dict[PersonKey, Place] = field(default_factory=dict)
    approved: list[tuple[Place, str]] = field(default_factory=list)

    def fault(self, at: Place, code: str, text: Text, column: str) -> None:
        """Keep a fault of one row and column."""
        self.problems.append(at.problem(code, text, column))

    def take(self, at: Place, problems: list[Problem]) -> bool:
        """Keep what an event was refused for, with its place; True where it was taken."""
        self.problems += [at.located(problem, problem.field) for problem in problems]
        return not problems

    def check_day(self, at: Place, day: dt.date, column: str, *, register: bool = False) -> bool:
        """Keep what is against a day (`days`); True where it may be."""
        today = self.work.today
        problem = why_not_on(day, today, self.terms, self.actor, register=register)
        return self.take(at, [replace(problem, field=column)] if problem else [])


def check_role(actor: Actor) -> None:
    """Files and changes are recorded by clerks and approvers."""
    if actor.roles.isdisjoint(CASE_ROLES):
        raise refuse(
            NotAllowed,
            "import.role",
            _("Only a clerk or an approver may record hardship files and their changes."),
        )


def taken_before(work: Work, kind: str, sha256: str) -> FileTaken | None:
    """A whole file that equals one taken before changes nothing."""
    work.instant()  # the lock: two imports of one file at once are one after the other
    known = work.rows(
        sa.select(IMPORTED.c.id).where(IMPORTED.c.kind == kind, IMPORTED.c.sha256 == sha256)
    )
    return FileTaken({}, same_file=True) if known else None


def start_reading(
    work: Work,
    actor: Actor,
    nos: list[str],
    numbers: list[str],
    problems: Sequence[Problem],
    warnings: Sequence[Problem],
) -> Reading:
    """Take in the hand what an import touches. Where a table lacks columns, its rows mean nothing:
    that alone is told."""
    if is_beyond_reading(problems):
        raise Invalid(problems)
    terms = scheme_terms(work)
    book = open_book(work, terms, nos, numbers)
    return Reading(work, actor, book, terms, list(problems), list(warnings))


def finish(
    reading: Reading, kind: str, sha256: str, name: str, counts: dict[str, int], *, dry_run: bool
) -> FileTaken:
    """Judge the import as a whole; write it where it is free of faults and no dry run."""
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


def _judge_overlaps(reading: Reading) -> None:
    """One person counts in at most one household in a month; judged after the whole file."""
    for person, at in reading.touched.items():
        clash = reading.book.counted_twice(person)
        if clash is not None:
            reading.take(at, [refusals.counted_twice(*clash)])


def _judge_places(reading: Reading) -> None:
    """Places count households that are active or suspended. One fault for the whole, where the
    first stands that finds no place: the others say no more."""
    if not reading.approved:
        return
    taken = enrolled_elsewhere(reading.work, reading.book) + sum(
        file.is_enrolled for file in reading.book.files.values()
    )
    beyond = taken - reading.terms.places_max
    if beyond <= 0:
        return
    waiting = reading.approved[-beyond:]
    text = _(
        "the scheme has {places} places, and {taken} households would be enrolled; of this file "
        "have to wait: {households}",
        places=reading.terms.places_max,
        taken=taken,
        households=named([no for _at, no in waiting]),
    )
    reading.fault(waiting[0][0], "places.full", text, "household_no")


def _warn_of_shared_accounts(reading: Reading) -> None:
    """One account for several households is worth a look, not a refusal."""
    fresh: dict[str, list[str]] = {}
    for file in reading.book.files.values():
        for account in file.accounts:
            if account.id is None and not account.superseded and account.number:
                fresh.setdefault(account.number, []).append(file.household_no)
    hashes = {account_hash(reading.work, number): number for number in fresh}
    own_ids = {file.id for file in reading.book.files.values()}
    for chunk in in_chunks(hashes):
        for row in reading.work.rows(
            sa.select(ACCOUNT.c.number_hash, ACCOUNT.c.household_id).where(
                ACCOUNT.c.number_hash.in_(chunk),
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


def payee_of(
    reading: Reading, file: HardshipFile, name: str, number: str, applicant_name: str = ""
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


def fault_of_payee(reading: Reading, at: Place, name: str) -> None:
    """A payee without identity: who is to be paid is named, with a number (real-name rule)."""
    reading.fault(
        at,
        "account.payee",
        _(
            "{name} is neither the applicant nor a member of the household; give the payee's "
            "identity "
            "number in the ledger (the account's name has to be the payee's)",
            name=name,
        ),
        "account_name",
    )


def warn_of_other_name(reading: Reading, at: Place, person: PersonKey, name: str) -> None:
    """One number under two names is worth a look."""
    known = reading.book.names.get(person)
    if known and name and known != name:
        reading.warnings.append(
            at.problem(
                "person.other_name",
                _(
                    "this identity number is recorded under another name ({known}); the recorded "
                    "name "
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
