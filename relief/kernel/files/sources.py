"""From a path to the one table in it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from relief.kernel.errors import Invalid, refuse
from relief.kernel.files.delimited import read_csv
from relief.kernel.files.sheets import Sheet, read_file
from relief.kernel.files.workbook import is_workbook, read_workbook
from relief.kernel.text import _

_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls"})


def read_table(path: Path) -> Sheet:
    """The one table of a CSV file, or of a workbook that holds no other."""
    if not is_workbook(read_file(path)):
        return _read_csv(path)
    sheets = [sheet for sheet in read_workbook(path).values() if sheet.headers]
    if len(sheets) == 1:
        return sheets[0]
    raise refuse(
        Invalid,
        "file.one_sheet",
        _(
            "{name} holds {count} sheets with entries; bring a file with one.",
            name=path.name,
            count=len(sheets),
        ),
    )


def _read_csv(path: Path) -> Sheet:
    """The same of a CSV file; one that is called a workbook is refused as one that is broken."""
    try:
        return read_csv(path)
    except Invalid:
        if path.suffix.lower() in _WORKBOOKS:
            read_workbook(path)  # says what is wrong with it
        raise


def fingerprint(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    return hashlib.sha256(read_file(path)).hexdigest()
