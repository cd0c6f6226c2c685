"""Taking over the register: opening hardship files for decisions that were made on paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from relief.engine.actors import Actor
from relief.engine.work import Work
from relief.households.book import NewFile
from relief.households.drafts import AccountDraft, MembershipDraft
from relief.households.files.register import HouseholdRow, MemberRow, Register
from relief.households.hardship_file import HardshipFile
from relief.households.service.reading import (
    FileTaken,
    Reading,
    check_role,
    fault_of_payee,
    finish,
    is_death,
    payee_of,
    start_reading,
    taken_before,
    warn_of_other_name,
)
from relief.kernel.errors import Problem
from relief.kernel.text import _


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
    check_role(actor)
    if (taken := taken_before(work, "register", sha256)) is not None:
        return taken
    numbers = [row.applicant_id for row in register.households]
    numbers += [row.id_number for row in register.members]
    nos = [row.household_no for row in register.households]
    reading = start_reading(work, actor, nos, numbers, problems, register.warnings)
    members: dict[str, list[MemberRow]] = {}
    for member in register.members:
        members.setdefault(member.household_no, []).append(member)
    for row in register.households:
        _open_file(reading, row, members.get(row.household_no, []))
    counts = {"households": len(register.households), "members": len(register.members)}
    return finish(reading, "register", sha256, name, counts, dry_run=dry_run)


def _open_file(reading: Reading, row: HouseholdRow, members: list[MemberRow]) -> None:
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
    warn_of_other_name(reading, row.at, applicant, row.applicant_name)
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


def _add_member(reading: Reading, file: HardshipFile, row: MemberRow) -> None:
    if not row.id_number:
        return  # reported while reading
    person = reading.book.person(row.id_number, row.name, row.id_original)
    reading.book.note_member(person, file.household_no)
    reading.touched[person] = row.at
    warn_of_other_name(reading, row.at, person, row.name)
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


def _add_first_account(reading: Reading, file: HardshipFile, row: HouseholdRow) -> None:
    if not row.account_no:
        return
    payee = payee_of(reading, file, row.account_name, "", row.applicant_name)
    if payee is None:
        fault_of_payee(reading, row.at, row.account_name)
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
