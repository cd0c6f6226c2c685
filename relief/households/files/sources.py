"""From a path to the two tables of a register."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from relief.kernel.errors import Invalid, Problem, refuse
from relief.kernel.files.delimited import read_csv
from relief.kernel.files.sheets import Sheet, read_file, unreadable
from relief.kernel.files.sources import fingerprint as file_fingerprint
from relief.kernel.files.workbook import is_workbook, read_workbook
from relief.kernel.text import _

HOUSEHOLDS_NAMES = ("households", "困难职工", "档案", "户")
MEMBERS_NAMES = ("members", "家庭成员", "成员")


@dataclass(frozen=True)
class RegisterSource:
    """The two tables of a register."""

    households: Sheet
    members: Sheet


def read_register(path: Path) -> RegisterSource:
    """The sheets of a register: of a workbook, or of a folder with two CSV files."""
    if path.is_dir():
        sheets = _folder_sheets(path)
    elif is_workbook(read_file(path)):
        sheets = list(read_workbook(path).items())
    else:
        raise refuse(
            Invalid,
            "file.not_a_workbook",
            _(
                "{name} is no Excel workbook; bring an .xlsx file. (A register may also be a "
                "folder with households.csv and members.csv.)",
                name=path.name,
            ),
        )
    problems: list[Problem] = []
    households = _find(sheets, HOUSEHOLDS_NAMES, path.name, problems)
    members = _find(sheets, MEMBERS_NAMES, path.name, problems)
    if households and members and not problems:
        return RegisterSource(households, members)
    raise Invalid(problems)


def fingerprint(path: Path) -> str:
    """The SHA-256 of what was brought: a file's bytes, or the names and bytes of a register's two
    files."""
    if not path.is_dir():
        return file_fingerprint(path)
    digest = hashlib.sha256()
    for file in _register_files(path):
        content = read_file(file)
        digest.update(f"{file.name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _register_files(folder: Path) -> list[Path]:
    """The CSV files of a folder that a register may consist of, in order."""
    names = {*HOUSEHOLDS_NAMES, *MEMBERS_NAMES}
    try:
        files = sorted(file for file in folder.iterdir() if file.suffix.lower() == ".csv")
    except OSError as fault:
        raise unreadable(folder) from fault
    return [file for file in files if file.stem.strip().lower() in names]


def _folder_sheets(folder: Path) -> list[tuple[str, Sheet]]:
    return [(file.stem, read_csv(file)) for file in _register_files(folder)]


def _find(
    sheets: list[tuple[str, Sheet]], names: tuple[str, ...], source: str, problems: list[Problem]
) -> Sheet | None:
    found = [sheet for name, sheet in sheets if name.strip().lower() in names]
    if len(found) == 1:
        return found[0]
    text = (
        _("{source} has the table {names} more than once; keep one.", source=source, names=names)
        if found
        else _(
            "{source} has no table of this name: {names}. A register is a workbook with the "
            "sheets households and members, or a folder with households.csv and members.csv.",
            source=source,
            names=names,
        )
    )
    problems.append(Problem("file.sheets", text))
    return None
