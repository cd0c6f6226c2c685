"""Recording the ledger of dated changes, in the order of its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from relief.engine.actors import Actor
from relief.engine.work import Work
from relief.households import refusals, rules
from relief.households.drafts import AccountDraft, MembershipDraft
from relief.households.files.ledger import ChangeRow, change_warnings
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

CASH = "cash"


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
    check_role(actor)
    if (taken := taken_before(work, "changes", sha256)) is not None:
        return taken
    reading = start_reading(
        work,
        actor,
        [row.household_no for row in changes],
        [row.id_number for row in changes if row.id_number],
        problems,
        tuple(change_warnings(changes)),
    )
    for row in changes:
        _apply(reading, row)
    counts = dict(sorted(Counter(row.change for row in changes).items()))
    return finish(reading, "changes", sha256, name, counts, dry_run=dry_run)


def _apply(reading: Reading, row: ChangeRow) -> None:
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


def _approve(reading: Reading, file: HardshipFile, row: ChangeRow, facts: dict[str, Any]) -> None:
    if row.effective_on is None:
        return
    if not reading.take(row.at, _why_not_on_paper(reading.actor, file, row)):
        return
    if reading.take(row.at, file.approve(row.effective_on, row.grade, facts, row.reason)):
        reading.approved.append((row.at, row.household_no))
        if row.account_no:
            _account(reading, file, row, facts)


def _why_not_on_paper(actor: Actor, file: HardshipFile, row: ChangeRow) -> list[Problem]:
    """A decision on paper ends survey, notice and separation of duties that were begun here: only
    by an approver, who says why."""
    if file.state not in rules.BEGUN_STATES:
        return []
    problems = []
    if "approver" not in actor.roles:
        problems.append(refusals.surveyed_here(file.household_no))
    if not row.reason:
        problems.append(refusals.paper_needs_reason(file.household_no))
    return problems


def _exit(reading: Reading, file: HardshipFile, row: ChangeRow, facts: dict[str, Any]) -> None:
    if row.effective_on is None:
        return
    before = len(file.steps)
    if reading.take(row.at, file.exit(row.effective_on, facts, row.reason)):
        # The reason itself stands in the ledger's words. Whose death it may tell of is not clear
        # from them: in the ledger a death is a `leave` of who died.
        file.steps[before].fields["exit_reason"] = "died" if is_death(row.reason) else "other"


def _suspend(reading: Reading, file: HardshipFile, row: ChangeRow, facts: dict[str, Any]) -> None:
    day = row.effective_on or reading.work.today
    reading.take(row.at, file.suspend(day, facts, row.reason))


def _resume(reading: Reading, file: HardshipFile, row: ChangeRow, facts: dict[str, Any]) -> None:
    day = row.effective_on or reading.work.today
    reading.take(row.at, file.resume(day, facts, row.reason))


def _join(reading: Reading, file: HardshipFile, row: ChangeRow, facts: dict[str, Any]) -> None:
    if not row.id_number:
        return
    person = reading.book.person(row.id_number, row.name, row.id_original)
    if not reading.book.names.get(person):
        reading.fault(
            row.at, "name.missing", _("this person is not known yet; give the name, too"), "name"
        )
        return
    warn_of_other_name(reading, row.at, person, row.name)
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


def _leave(reading: Reading, file: HardshipFile, row: ChangeRow, facts: dict[str, Any]) -> None:
    if not row.id_number or row.effective_on is None:
        return
    person = reading.book.person(row.id_number, row.name, row.id_original)
    warn_of_other_name(reading, row.at, person, row.name)
    reading.touched[person] = row.at
    reading.take(
        row.at,
        file.leave(person, row.effective_on, facts, row.reason, by_death=is_death(row.reason)),
    )


def _grade(reading: Reading, file: HardshipFile, row: ChangeRow, facts: dict[str, Any]) -> None:
    if row.grade and row.effective_on is not None:
        reading.take(row.at, file.regrade(row.effective_on, row.grade, facts))


def _account(reading: Reading, file: HardshipFile, row: ChangeRow, facts: dict[str, Any]) -> None:
    cash = row.account_no == CASH
    payee = payee_of(reading, file, row.account_name or row.name, row.id_number)
    if payee is None:
        fault_of_payee(reading, row.at, row.account_name or row.name)
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
