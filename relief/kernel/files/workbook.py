"""Reads .xlsx workbooks, which may be damaged, foreign, protected, or made to do harm."""

from __future__ import annotations

import datetime as dt
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

# openpyxl reads XML through defusedxml, which is one of our requirements, or through lxml where
# that is installed too, with entities left alone. The faults of both are SyntaxErrors.
from openpyxl import load_workbook

from relief.kernel.errors import Invalid, Problem, refuse
from relief.kernel.files.sheets import Cell, Odd, Sheet, gather, read_file
from relief.kernel.files.xml_names import check_names
from relief.kernel.files.zips import opened_zip
from relief.kernel.text import _

UNPACKED_BYTES_MAX = 300_000_000
# Text in a workbook packs to a tenth or a thirtieth; a bomb to a thousandth.
_RATIO_MAX = 300
_RATIO_FROM_BYTES = 10_000_000
# More columns than any file of ours: one cell in the grid's last column would widen every row.
_COLUMNS_MAX = 50
_PIECE_BYTES = 64 * 1024
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ODD_TYPES = {"f": Odd("formula"), "e": Odd("error"), "b": Odd("boolean")}
# What zipfile, the XML parser and openpyxl raise on a workbook that is none.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)


def read_workbook(path: Path) -> dict[str, Sheet]:
    """The sheets of a workbook by name. Formulas are not computed: they are shown as such."""
    content = read_file(path)
    try:
        problem = _container_problem(path.name, content)
        if problem is None:
            return _sheets(content)
    except _DAMAGE as fault:
        raise refuse(
            Invalid,
            "file.damaged",
            _(
                "{name} is damaged, or no Excel workbook; open it in Excel and save it anew as "
                ".xlsx.",
                name=path.name,
            ),
        ) from fault
    raise Invalid(problem)


def is_workbook(content: bytes) -> bool:
    """True where the bytes begin as workbooks of Excel do, old and protected ones too."""
    return content.startswith((_OLE, b"PK"))


def _container_problem(name: str, content: bytes) -> Problem | None:
    """What the outside of a file says, before anything is unpacked (reading stops at the sizes
    that stand in the archive's directory)."""
    if not is_workbook(content):
        return _not_a_workbook(name)
    if content.startswith(_OLE):
        return _old_or_protected(name, content)
    archive = opened_zip(content)
    if archive is None:
        raise zipfile.BadZipFile
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    is_bomb = unpacked > max(_RATIO_FROM_BYTES, len(content) * _RATIO_MAX)
    if unpacked > UNPACKED_BYTES_MAX or is_bomb:
        return Problem(
            "file.too_large",
            _(
                "{name} unpacks to more than {most} MB, or to far more than its size explains; "
                "divide it into several files.",
                name=name,
                most=UNPACKED_BYTES_MAX // 1_000_000,
            ),
        )
    if not any(member.filename.startswith("xl/") for member in members):
        return _not_a_workbook(name)
    for member in members:
        check_names(_pieces(archive, member))
    return None


def _pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(member) as part:
        while piece := part.read(_PIECE_BYTES):
            yield piece


def _not_a_workbook(name: str) -> Problem:
    return Problem(
        "file.not_a_workbook",
        _(
            "{name} is no Excel workbook; bring an .xlsx file.",
            name=name,
        ),
    )


def _old_or_protected(name: str, content: bytes) -> Problem:
    if _ENCRYPTED in content:
        return Problem(
            "file.protected",
            _("{name} is protected by a password; save it without one.", name=name),
        )
    return Problem(
        "file.old_format",
        _("{name} is in an old format; open it in Excel and save it as .xlsx.", name=name),
    )


def _sheets(content: bytes) -> dict[str, Sheet]:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="openpyxl")  # of styles and the like
        workbook = load_workbook(BytesIO(content), read_only=True, keep_links=False)
        try:
            return {sheet.title: _read_sheet(sheet) for sheet in workbook.worksheets}
        finally:
            workbook.close()


def _read_sheet(sheet: Any) -> Sheet:
    sheet.reset_dimensions()  # the size that stands in the file need not be the true one
    return gather(sheet.title, _rows(sheet))


def _rows(sheet: Any) -> Iterator[tuple[int, list[Cell]]]:
    for number, cells in enumerate(sheet.iter_rows(max_col=_COLUMNS_MAX), start=1):
        yield number, [None if cell.value is None else _plain(cell) for cell in cells]


def _plain(cell: Any) -> Cell:
    if cell.data_type in _ODD_TYPES:
        return _ODD_TYPES[cell.data_type]
    value = cell.value
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, int | float | dt.date):
        return value
    return Odd("time")
