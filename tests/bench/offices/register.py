"""An office without files, and beside it a register of many households as a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import xlsxwriter

from tests.bench.offices.opened import new_office
from tests.bench.offices.people import APPROVED_ON, BANK, Family, families
from tests.bench.peer import answer
from tests.office import Office

NAME = "register.xlsx"
_HOUSEHOLDS = (
    "household_no", "applicant_name", "applicant_id", "township", "grade", "approved_on",
    "account_name", "account_no", "bank_name",
)  # fmt: skip
_MEMBERS = ("household_no", "name", "id_number", "relation", "joined_on", "left_on")


def measure(folder: str, households: int) -> dict[str, Any]:
    """Make both in a folder."""
    office = Office(new_office(Path(folder), synchronous="OFF"))
    office.scheme(go_live="2005-04", places_max=households)
    office.relief.database.dispose()
    book = xlsxwriter.Workbook(f"{folder}/{NAME}", {"constant_memory": True})
    for name, headings, rows in (
        ("households", _HOUSEHOLDS, map(_household, families(households))),
        ("members", _MEMBERS, (row for family in families(households) for row in _rows(family))),
    ):
        sheet = book.add_worksheet(name)
        for number, cells in enumerate((headings, *rows)):
            for column, cell in enumerate(cells):
                sheet.write_string(number, column, cell)
    book.close()
    return {"households": households}


def _household(family: Family) -> tuple[str, ...]:
    applicant = family.members[0]
    named = (family.household_no, applicant.name, applicant.id_number, "试用街道", family.grade)
    return (*named, APPROVED_ON.isoformat(), applicant.name, family.account_no, BANK)


def _rows(family: Family) -> list[tuple[str, ...]]:
    return [
        (
            family.household_no,
            member.name,
            member.id_number,
            member.relation,
            member.joined_on.isoformat() if member.joined_on else "",
            member.left_on.isoformat() if member.left_on else "",
        )
        for member in family.members
    ]


if __name__ == "__main__":
    answer(measure)
