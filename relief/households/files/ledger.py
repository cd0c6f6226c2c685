"""The ledger of dated changes: what each row says, and whether it is whole in itself.

Whether a change fits the file it is for, and the day it is recorded on, is the service's to judge.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from relief.households.files import personal, words
from relief.kernel.errors import Problem
from relief.kernel.files import cells
from relief.kernel.files.columns import NEEDED, Column, Place, RowReader, read_rows
from relief.kernel.files.sheets import Cell
from relief.kernel.files.sources import read_table
from relief.kernel.text import _
from relief.people import rules

COLUMNS = (
    Column("household_no", ("档案编号",), required=True),
    Column("change", ("变更事项",), required=True),
    Column("effective_on", ("生效日期",)),
    Column("id_number", ("身份证号", "身份证号码")),
    Column("name", ("姓名",)),
    Column("relation", ("与户主关系",)),
    Column("counted", ("是否享受",)),
    Column("grade", ("困难类别",)),
    Column("account_name", ("户名",)),
    Column("account_no", ("银行账号", "银行帐号", "账号")),
    Column("bank_name", ("开户行", "开户银行")),
    Column("reason", ("原因",)),
)


class _Fields(NamedTuple):
    """What a row of one change must say, and what it may say besides."""

    needed: frozenset[str]
    allowed: frozenset[str]


_ALWAYS = frozenset({"household_no", "change", "reason"})
_ACCOUNT = frozenset({"account_name", "account_no", "bank_name"})
_DAY = frozenset({"effective_on"})
_PERSON = frozenset({"id_number"})
_FIELDS = {
    "approve": _Fields(_DAY, _ACCOUNT | {"grade"}),
    "exit": _Fields(_DAY, frozenset()),
    "suspend": _Fields(frozenset(), _DAY),
    "resume": _Fields(frozenset(), _DAY),
    "join": _Fields(_PERSON, _DAY | {"name", "relation", "counted"}),
    "leave": _Fields(_DAY | _PERSON, frozenset({"name"})),
    "grade": _Fields(_DAY | {"grade"}, frozenset()),
    "account": _Fields(frozenset(), _ACCOUNT | _DAY | _PERSON | {"name"}),
}
_parse_change = cells.choice_of(words.CHANGES)
_parse_grade = cells.choice_of(words.GRADES)
_parse_relation = cells.choice_of(words.RELATIONS)


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One dated change. What its change does not ask for is blank; `counted` is yes unless no.

    `join` without `effective_on`: always a member. `account`: `id_number` is the payee's, where
    given; `account_no` is `cash` for payment in cash, which has a reason and no bank.
    """

    at: Place
    household_no: str
    change: str
    effective_on: dt.date | None
    id_number: str
    id_original: str
    name: str
    relation: str
    counted: bool
    grade: str
    account_name: str
    account_no: str
    bank_name: str
    reason: str

    @property
    def is_cash(self) -> bool:
        """True where the row asks for payment in cash."""
        return self.account_no == words.CASH


def parse_changes(path: Path, today: dt.date) -> tuple[tuple[ChangeRow, ...], list[Problem]]:
    """Read a ledger in the order of its rows, with every fault of form."""
    problems: list[Problem] = []
    readers = read_rows(read_table(path), COLUMNS, problems)
    rows = tuple(_change(reader, today) for reader in readers)
    return rows, problems


def change_warnings(rows: Iterable[ChangeRow]) -> Iterator[Problem]:
    """What is to be told of a ledger, and refuses nothing."""
    for row in rows:
        warning = rules.account_warning(row.account_no)
        if warning:
            yield row.at.located(warning, "account_no")


def _change(reader: RowReader, today: dt.date) -> ChangeRow:
    change = reader.read("change", _parse_change, "", NEEDED)
    needed = dict.fromkeys(_FIELDS[change].needed if change else (), NEEDED)
    identity = reader.read(
        "id_number", personal.identity_on(today), personal.NO_IDENTITY, needed.get("id_number")
    )
    account_no = reader.read("account_no", _or_cash(personal.parse_account_no), "")
    bank_name = reader.read("bank_name", _or_cash(cells.parse_text), "")
    is_cash = words.CASH in (account_no, bank_name)
    if is_cash and {account_no, bank_name} - {words.CASH, ""}:
        text = _("Cash and an account contradict each other; keep one of them.")
        reader.report(Problem("account.cash_and_account", text), "account_no")
    row = ChangeRow(
        at=reader.at,
        household_no=reader.read("household_no", personal.parse_household_no, "", NEEDED),
        change=change,
        effective_on=reader.read(
            "effective_on", cells.parse_date, None, needed.get("effective_on")
        ),
        id_number=identity.number,
        id_original=identity.original,
        name=reader.read("name", personal.parse_name, ""),
        relation=reader.read("relation", _parse_relation, ""),
        counted=reader.read("counted", cells.parse_yes_no, True),
        grade=reader.read("grade", _parse_grade, "", needed.get("grade")),
        account_name=reader.read("account_name", personal.parse_name, ""),
        account_no=words.CASH if is_cash else account_no,
        bank_name="" if bank_name == words.CASH else bank_name,
        reason=reader.read("reason", cells.parse_text, ""),
    )
    if change:
        _report_strangers(reader, change)
        _report_account(reader, row)
    return row


def _or_cash(parse: Callable[[Cell], str | Problem]) -> Callable[[Cell], str | Problem]:
    return lambda cell: words.CASH if words.is_cash(cell) else parse(cell)


def _report_strangers(reader: RowReader, change: str) -> None:
    """What a change does not ask for is not passed over in silence: it was meant for something."""
    fields = _FIELDS[change]
    for key in reader.filled:
        if key not in _ALWAYS | fields.needed | fields.allowed:
            text = _(
                "The change {change} does not use this column; leave it blank, or record what it "
                "says as a change of its own.",
                change=change,
            )
            reader.report(Problem("change.field_not_used", text), key)


def _report_account(reader: RowReader, row: ChangeRow) -> None:
    """A way to pay is whole: an account number, or cash and why."""
    says_account = reader.filled & _ACCOUNT
    if row.is_cash and not row.reason:
        text = _("Payment in cash needs its reason.")
        reader.report(Problem("account.cash_needs_reason", text), "reason")
    if row.is_cash or "account_no" in reader.filled:
        return
    if row.change == "account" or (row.change == "approve" and says_account):
        text = _("The account number is missing; for payment in cash write cash (现金) here.")
        reader.report(Problem("account.number_missing", text), "account_no")
