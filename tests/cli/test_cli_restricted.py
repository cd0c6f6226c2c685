"""What the command line says of restricted matters to people who are not named: reports count
them, and say neither which nor when; lists know of none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.cli.conftest import Shell

SAID = ("--matter", "主任收钱", "--open", "petition", "--restricted", "--actor", "chen")


@pytest.fixture
def accused(shell: Shell) -> Shell:
    shell.at("2005-06-13T09:00")
    shell.ok("contacts", "add", "--channel", "letter", *SAID)
    shell.at("2005-06-15T09:00")
    accepted = ("--field", "matter_class=accusation", "--actor", "chen")
    shell.ok("cases", "do", secrets(shell)[0], "accept", *accepted)
    return shell


def secrets(shell: Shell) -> tuple[str, str]:
    """The numbers that its case and its contact got by chance."""
    (found,) = shell.json("contacts", "list", "--actor", "chen")
    return found["case"], found["contact"]


def export(shell: Shell, username: str) -> list[dict[str, Any]]:
    """The journal of the cases; that of the users is nobody's secret."""
    told = shell.ok("audit", "export", "--actor", username)
    entries = map(json.loads, told.splitlines())
    return [entry for entry in entries if entry["subject_kind"] != "user"]


def test_rows_of_the_report_tell_neither_number_nor_day(accused: Shell) -> None:
    told = accused.json("report", "half-year", "2005H1")
    rows = [row for figure in told["figures"] for row in figure["rows"]]
    assert {(row["reference"], row["day"]) for row in rows} == {("restricted", None)}
    shown = accused.ok("report", "half-year", "2005H1", "--rows", "petitions_accepted")
    for secret in (*secrets(accused), "2005-06-15"):
        assert secret not in shown
    assert "restricted" in shown


def test_sheets_of_the_report_tell_neither_number_nor_day(accused: Shell) -> None:
    path = accused.folder / "report.xlsx"
    accused.ok("report", "half-year", "2005H1", "--xlsx", str(path))
    cells = [str(cell.value) for sheet in load_workbook(path) for row in sheet for cell in row]
    assert not {*secrets(accused), "2005-06-13", "2005-06-15"} & set(cells)


@pytest.mark.parametrize("asked", [(), ("--channel", "letter"), ("--from", "2005-06-13")])
def test_list_of_contacts_does_not_count_them(accused: Shell, asked: tuple[str, ...]) -> None:
    assert "0 contacts count" in accused.ok("contacts", "list", *asked)
    assert "named people" not in accused.ok("contacts", "list", *asked)
    assert "named people" not in accused.ok("cases", "list")


def test_deadline_that_moved_is_not_told(accused: Shell) -> None:
    days = [{"day": f"2005-08-{day}", "kind": "休"} for day in (15, 16)]
    path = accused.file("calendar.csv", ("day", "kind"), *days)
    told = accused.ok("calendar", "import", path, "--actor", "an")
    assert "Days declared anew: 2" in told
    assert "is due on" not in told


def test_exported_journal_tells_its_kind_and_hashes_alone(accused: Shell) -> None:
    told = export(accused, "an")
    assert len(told) == 2
    for entry in told:
        said = {name for name, value in entry.items() if value is not None}
        assert said == {"id", "subject_kind", "previous_hash", "hash"}
    readers = ("--field", "readers=wen", "--actor", "chen")
    case = secrets(accused)[0]
    accused.ok("cases", "do", case, "name_readers", *readers)
    seen = export(accused, "wen")
    assert [entry["reference"] for entry in seen] == [case] * 3
    assert [entry["hash"] for entry in seen][:2] == [entry["hash"] for entry in told]
