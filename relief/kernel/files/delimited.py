"""Reads CSV files in the encodings and with the separators that spreadsheets here write."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from relief.kernel.errors import Invalid, ReliefError, refuse
from relief.kernel.files.sheets import Cell, Sheet, gather, read_file
from relief.kernel.text import Text, _

_SEPARATORS = ",;\t"


def read_csv(path: Path) -> Sheet:
    """The table of a CSV file: UTF-8 with or without BOM, else GB18030."""
    text = _decode(path.name, read_file(path))
    lines = csv.reader(StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    try:
        return gather(path.name, _rows(lines))
    except csv.Error as fault:
        raise _refused(
            "file.quoting",
            _(
                "{name}, line {line}: a quotation mark is opened and not closed, or stands in the "
                "middle of a cell; save the table anew as CSV.",
                name=path.name,
                line=lines.line_num,
            ),
        ) from fault


def _rows(lines: Iterator[list[str]]) -> Iterator[tuple[int, list[Cell]]]:
    for number, cells in enumerate(lines, start=1):
        yield number, [cell.strip() or None for cell in cells]


def _separator(text: str) -> str:
    """The separator that the line of headings uses; a comma in doubt."""
    head = text.lstrip().partition("\n")[0]
    return max(_SEPARATORS, key=head.count)


def _decode(name: str, content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in content:
        raise _refused(
            "file.encoding",
            _("{name} is no CSV file that can be read; save it as CSV UTF-8.", name=name),
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
    if not _is_damaged_utf8(content):
        try:
            return content.decode("gb18030")
        except UnicodeDecodeError as fault:
            line = content.count(b"\n", 0, fault.start) + 1
    raise _refused(
        "file.encoding",
        _(
            "{name}, line {line}: the characters are neither UTF-8 nor GB18030; save the table "
            "anew as CSV UTF-8.",
            name=name,
            line=line,
        ),
    )


def _is_damaged_utf8(content: bytes) -> bool:
    """Nearly any bytes can be read as GB18030, as nonsense: what is mostly good UTF-8 is not."""
    text = content.decode("utf-8", "replace")
    chinese = sum("\u4e00" <= character <= "\u9fff" for character in text)
    return chinese > 4 * text.count("\ufffd")


def _refused(code: str, text: Text) -> ReliefError:
    return refuse(Invalid, code, text)
