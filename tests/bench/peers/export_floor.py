"""The least that a file can cost: the same rows from the same database, by bare sqlite3, with the
same two openings of what is sealed in each, into the csv module or xlsxwriter (constant memory).

It keeps no bytes, hashes nothing and writes nothing back. Its csv is the product's, byte by byte.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlsxwriter

from tests.bench.peer import answer
from tests.bench.peers.prepare_floor import connect, opener
from tests.bench.stopwatch import Stopwatch

_HEADINGS = (
    "line_no", "household_no", "payee_name", "id_number", "account_no", "bank_name", "amount",
    "months", "purpose", "reference",
)  # fmt: skip
_AMOUNT = 6
_ROWS = """SELECT household.id, household.household_no, account.payee_name, account.bank_name,
    payout_line.amount_fen, payout_line.reference, account.sealed_number, account.token,
    person_identity.sealed_number, person_identity.token,
    (SELECT min(month) FROM payout_item WHERE line_id = payout_line.id),
    (SELECT max(month) FROM payout_item WHERE line_id = payout_line.id)
FROM payout_line JOIN household ON household.id = payout_line.household_id
JOIN account ON account.id = payout_line.account_id
JOIN person_identity ON person_identity.id = payout_line.identity_id ORDER BY household.household_no
"""


def measure(folder: str, file_format: str) -> dict[str, Any]:
    """Write the first quarter's list."""
    connection, out = connect(Path(folder) / "relief.db"), Path(folder) / f"floor.{file_format}"
    write = {"csv": _write_csv, "xlsx": _write_xlsx}[file_format]
    with Stopwatch() as watch:
        count = write(out, _rows(connection))
    connection.close()
    return {**watch.figures(count, "line"), "agrees": [count, content_of(out)]}


def content_of(path: Path) -> str:
    """What a list says, where two ways of writing it give the same bytes: only csv does."""
    if path.suffix != ".csv":
        return ""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _rows(connection: Any) -> Iterator[tuple[str, ...]]:
    opened = opener()
    for number, row in enumerate(connection.execute(_ROWS), start=1):
        household, household_no, payee, bank, fen, reference, account, account_token = row[:8]
        identity, identity_token, first, last = row[8:]
        yield (
            str(number),
            household_no,
            payee,
            opened(identity, f"person_identity.number:{identity_token}"),
            opened(account, f"account.number:{household}:{account_token}"),
            bank,
            f"{fen // 100}.{fen % 100:02d}",
            _month(first) if first == last else f"{_month(first)}~{_month(last)}",
            "困难职工帮扶金 2005Q2",
            reference,
        )


def _month(month: int) -> str:
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def _write_csv(out: Path, rows: Iterator[tuple[str, ...]]) -> int:
    count = 0
    with out.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(_HEADINGS)
        for row in rows:
            writer.writerow(row)
            count += 1
    return count


def _write_xlsx(out: Path, rows: Iterator[tuple[str, ...]]) -> int:
    book = xlsxwriter.Workbook(str(out), {"constant_memory": True, "tmpdir": str(out.parent)})
    sheet, money, count = book.add_worksheet(), book.add_format({"num_format": "0.00"}), 0
    for column, heading in enumerate(_HEADINGS):
        sheet.write_string(0, column, heading)
    for row in rows:
        count += 1
        for column, cell in enumerate(row):
            if column == _AMOUNT:
                sheet.write_number(count, column, float(cell), money)
            else:
                sheet.write_string(count, column, cell)
    book.close()
    return count


if __name__ == "__main__":
    answer(measure)
