"""The list that goes to the bank: made once, its bytes kept, each hand-out written down."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa
import xlsxwriter

from relief.engine.actors import Actor
from relief.kernel.columns import table_of
from relief.kernel.errors import Conflict, Invalid, NotAllowed, Problem, refuse
from relief.kernel.money import format_yuan
from relief.kernel.months import Month, format_month
from relief.kernel.spreadsheets import not_a_formula
from relief.kernel.text import _
from relief.kernel.unit_of_work import UnitOfWork
from relief.payouts import queries
from relief.payouts.queries import Run
from relief.payouts.rules import Item, ListedLine
from relief.payouts.tables import Download, ReleasedFile

RELEASED = table_of(ReleasedFile)
HEADERS = {
    "en": (
        "line_no",
        "household_no",
        "payee_name",
        "id_number",
        "account_no",
        "bank_name",
        "amount",
        "months",
        "purpose",
        "reference",
    ),
    "zh": (
        "序号",
        "档案编号",
        "收款人",
        "身份证号",
        "银行账号",
        "开户行",
        "金额",
        "月份",
        "用途",
        "业务编号",
    ),
}
_AMOUNT_COLUMN = 6
_WIDTHS = (8, 14, 14, 22, 24, 24, 12, 20, 26, 22)
_PURPOSE = "困难职工帮扶金"


@dataclass(frozen=True)
class HandedOut:
    """The bytes of a released list."""

    content: bytes
    sha256: str


def export_list(
    work: UnitOfWork, actor: Actor, run: Run, file_format: str, headers: str
) -> HandedOut:
    """Hand out a released run's list (finance). The first time makes the file; ever after, the same
    bytes are given, and each time is logged."""
    if "finance" not in actor.roles:
        raise refuse(NotAllowed, "export.role", _("Only finance may take out the payout list."))
    if problems := _faults(file_format, headers):
        raise Invalid(problems)
    if run.state not in ("released", "settled"):
        raise refuse(
            Conflict,
            "run.not_released",
            _("Run {run} is not released yet; the list goes out after release.", run=run.reference),
            "run",
        )
    at = work.instant()
    file_id, handed_out = _kept(work, run, file_format, headers) or _make(
        work, run, file_format, headers
    )
    work.insert(Download, released_file_id=file_id, at=at, actor=actor.username)
    return handed_out


def _faults(file_format: str, headers: str) -> list[Problem]:
    problems = []
    if file_format not in _WRITERS:
        problems.append(
            Problem(
                "export.format", _("the list can be had as {known}", known=list(_WRITERS)), "format"
            )
        )
    if headers not in HEADERS:
        problems.append(
            Problem(
                "export.headers", _("headers can be had in {known}", known=list(HEADERS)), "headers"
            )
        )
    return problems


def _context(run: Run, file_format: str, headers: str) -> str:
    return f"released_file.content:{run.reference}:{file_format}:{headers}"


def _kept(
    work: UnitOfWork, run: Run, file_format: str, headers: str
) -> tuple[int, HandedOut] | None:
    row = work.connection.execute(
        sa.select(RELEASED).where(
            RELEASED.c.run_id == run.id,
            RELEASED.c.format == file_format,
            RELEASED.c.headers == headers,
        )
    ).one_or_none()
    if row is None:
        return None
    content = work.cipher.open_bytes(row.sealed_content, _context(run, file_format, headers))
    assert hashlib.sha256(content).hexdigest() == row.sha256, "a kept file was changed"
    return row.id, HandedOut(content, row.sha256)


def _make(work: UnitOfWork, run: Run, file_format: str, headers: str) -> tuple[int, HandedOut]:
    content = _WRITERS[file_format](run, HEADERS[headers], _rows(work, run))
    sha256 = hashlib.sha256(content).hexdigest()
    file_id = work.insert(
        ReleasedFile,
        run_id=run.id,
        format=file_format,
        headers=headers,
        sha256=sha256,
        sealed_content=work.cipher.seal(content, _context(run, file_format, headers)),
        made_at=work.instant(),
    )
    return file_id, HandedOut(content, sha256)


def _rows(work: UnitOfWork, run: Run) -> Iterator[tuple[str, ...]]:
    """The cells of the list, as text; the amount is the seventh."""
    for number, (reference, line) in enumerate(queries.listed_lines(work, run.id), start=1):
        yield (
            str(number),
            *(
                not_a_formula(cell)
                for cell in (
                    line.household_no,
                    line.payee_name,
                    line.id_number,
                    line.account_no,
                    line.bank_name,
                )
            ),
            format_yuan(line.amount_fen),
            months_text(line),
            f"{_PURPOSE} {run.quarter}",
            reference,
        )


def months_text(line: ListedLine) -> str:
    """The months that are paid, runs of them joined: `2005-04~2005-06; 2005-08`."""
    return "; ".join(
        format_month(first) if first == last else f"{format_month(first)}~{format_month(last)}"
        for first, last in _runs(line.items)
    )


def _runs(items: Iterable[Item]) -> list[tuple[Month, Month]]:
    runs: list[tuple[Month, Month]] = []
    for month in sorted(item.month for item in items if item.amount_fen > 0):
        if runs and runs[-1][1] + 1 == month:
            runs[-1] = (runs[-1][0], month)
        else:
            runs.append((month, month))
    return runs


def _csv(_run: Run, headers: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> bytes:
    """UTF-8 with a byte order mark, without which Excel misreads Chinese."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(headers)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _xlsx(run: Run, headers: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> bytes:
    """Numbers of cards and accounts as text cells, amounts as numbers with two decimals."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"constant_memory": True, "strings_to_formulas": False, "in_memory": True}
    )
    assert run.released_at is not None
    book.set_properties({"title": run.reference, "created": run.released_at.replace(tzinfo=None)})
    sheet = book.add_worksheet(run.reference)
    bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "0.00"})
    sheet.freeze_panes(1, 0)
    for column, (header, width) in enumerate(zip(headers, _WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, header, bold)
    for number, cells in enumerate(rows, start=1):
        for column, cell in enumerate(cells):
            if column == _AMOUNT_COLUMN:
                sheet.write_number(number, column, float(cell), money)
            else:
                sheet.write_string(number, column, cell)
    book.close()
    return buffer.getvalue()


_WRITERS: dict[str, Callable[[Run, tuple[str, ...], Iterable[tuple[str, ...]]], bytes]] = {
    "csv": _csv,
    "xlsx": _xlsx,
}
