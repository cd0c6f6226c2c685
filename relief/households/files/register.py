"""The register: which households and members a file holds, and what is wrong inside it.

Where there are problems the register is for further checks alone: a faulty cell reads as blank.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from relief.households.files.register_rows import (
    HOUSEHOLD_COLUMNS,
    MEMBER_COLUMNS,
    HouseholdRow,
    MemberRow,
    read_household,
    read_member,
)
from relief.households.files.sources import read_register
from relief.kernel.errors import Problem
from relief.kernel.files.columns import Place, read_rows
from relief.kernel.text import _
from relief.people import rules

__all__ = ["HouseholdRow", "MemberRow", "Register", "parse_register"]


@dataclass(frozen=True)
class Register:
    """What a register file says. `warnings` are to be told and refuse nothing."""

    households: tuple[HouseholdRow, ...]
    members: tuple[MemberRow, ...]
    warnings: tuple[Problem, ...]


def parse_register(path: Path, today: dt.date) -> tuple[Register, list[Problem]]:
    """Read a register, with every fault that can be seen without the database."""
    source = read_register(path)
    problems: list[Problem] = []
    households = tuple(
        read_household(reader, today)
        for reader in read_rows(source.households, HOUSEHOLD_COLUMNS, problems)
    )
    members = tuple(
        read_member(reader, today)
        for reader in read_rows(source.members, MEMBER_COLUMNS, problems, may_be_empty=True)
    )
    problems.extend(_contradictions(households, members))
    problems.sort(key=lambda problem: (problem.sheet != source.households.name, problem.row))
    members += tuple(_unlisted_applicants(households, members))
    warnings = (*_account_warnings(households), *_counting_warnings(members))
    return Register(households, members, warnings), problems


def _contradictions(
    households: Sequence[HouseholdRow], members: Sequence[MemberRow]
) -> Iterator[Problem]:
    by_number: dict[str, HouseholdRow] = {}
    for row in households:
        first = by_number.setdefault(row.household_no, row)
        if row.household_no and first is not row:
            text = _("Row {row} has this file number already; each has one row.", row=first.at.row)
            yield row.at.problem("household.doubled", text, "household_no")
    for member in members:
        household = by_number.get(member.household_no)
        if not (member.household_no and by_number):
            continue
        if household:
            yield from _applicant_faults(household, member)
        else:
            text = _("There is no household of this number in the file; put it in, or correct it.")
            yield member.at.problem("member.unknown_household", text, "household_no")
    yield from _second_names(households, members)


def _applicant_faults(household: HouseholdRow, member: MemberRow) -> Iterator[Problem]:
    """The applicant, and nobody else, is `self`."""
    if not (household.applicant_id and member.id_number and member.relation):
        return
    is_applicant = member.id_number == household.applicant_id
    if member.relation == "self" and not is_applicant:
        text = _(
            "Only the applicant, {name}, is self; put in another relation or correct the number.",
            name=household.applicant_name,
        )
        yield member.at.problem("member.not_the_applicant", text, "relation")
    if is_applicant and member.relation != "self":
        text = _("This is the applicant; put in the relation self (本人).")
        yield member.at.problem("member.is_the_applicant", text, "relation")


def _second_names(
    households: Iterable[HouseholdRow], members: Iterable[MemberRow]
) -> Iterator[Problem]:
    """One identity number has one name in a file."""
    first: dict[str, tuple[str, Place]] = {}
    named = [(row.applicant_id, row.applicant_name, row.at, "applicant_name") for row in households]
    named += [(row.id_number, row.name, row.at, "name") for row in members]
    for number, name, at, key in named:
        if not (number and name):
            continue
        known_name, known_at = first.setdefault(number, (name, at))
        if name != known_name:
            text = _(
                "In {sheet}, row {row}, this identity number belongs to {name}; correct the name "
                "or the number.",
                sheet=known_at.sheet,
                row=known_at.row,
                name=known_name,
            )
            yield at.problem("person.second_name", text, key)


def _unlisted_applicants(
    households: Iterable[HouseholdRow], members: Iterable[MemberRow]
) -> Iterator[MemberRow]:
    """An applicant who is not among the members counts, and always has been there."""
    listed = {(row.household_no, row.id_number) for row in members}
    for row in households:
        if row.applicant_id and (row.household_no, row.applicant_id) not in listed:
            yield MemberRow(
                at=row.at,
                household_no=row.household_no,
                name=row.applicant_name,
                id_number=row.applicant_id,
                id_original=row.id_original,
                relation="self",
                counted=True,
                not_counted_reason="",
                joined_on=None,
                left_on=None,
                leave_reason="",
            )


def _account_warnings(households: Iterable[HouseholdRow]) -> Iterator[Problem]:
    for row in households:
        warning = rules.account_warning(row.account_no)
        if warning:
            yield row.at.located(warning, "account_no")
        if not row.account_no and (row.account_name or row.bank_name):
            text = _("There is no account number, so nothing can be paid to this account.")
            yield row.at.problem("account.incomplete", text, "account_no")


def _counting_warnings(members: Iterable[MemberRow]) -> Iterator[Problem]:
    for row in members:
        if not row.counted and not row.not_counted_reason:
            text = _("Not counted, but no reason is given; the file should show one.")
            yield row.at.problem("member.no_reason", text, "not_counted_reason")
        if row.counted and row.not_counted_reason:
            text = _(
                "There is a reason for not counting, but the person is counted; is that right?"
            )
            yield row.at.problem("member.counted_with_reason", text, "counted")
