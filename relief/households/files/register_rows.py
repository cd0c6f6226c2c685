"""The rows of a register's two tables, each read for itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from relief.households.files import personal, words
from relief.kernel.errors import Problem
from relief.kernel.files import cells
from relief.kernel.files.columns import NEEDED, Column, Place, RowReader
from relief.kernel.files.sheets import Cell
from relief.kernel.text import _

HOUSEHOLD_COLUMNS = (
    Column("household_no", ("档案编号",), required=True),
    Column("applicant_name", ("户主姓名",), required=True),
    Column("applicant_id", ("户主身份证号", "户主身份证号码"), required=True),
    Column("township", ("乡镇街道",)),
    Column("address", ("住址", "家庭住址")),
    Column("phone", ("联系电话",)),
    Column("employer", ("工作单位",)),
    Column("grade", ("困难类别",), required=True),
    Column("main_cause", ("主要致困原因",)),
    Column("approved_on", ("批准日期",), required=True),
    Column("account_name", ("户名",)),
    Column("account_no", ("银行账号", "银行帐号", "账号")),
    Column("bank_name", ("开户行", "开户银行")),
)
MEMBER_COLUMNS = (
    Column("household_no", ("档案编号",), required=True),
    Column("name", ("姓名",), required=True),
    Column("id_number", ("身份证号", "身份证号码"), required=True),
    Column("relation", ("与户主关系",), required=True),
    Column("counted", ("是否享受",)),
    Column("not_counted_reason", ("不享受原因",)),
    Column("joined_on", ("加入日期",)),
    Column("left_on", ("离开日期",)),
    Column("leave_reason", ("离开原因",)),
)
_GRADE_NEEDED = _("An approved household needs its grade here.")
_parse_grade = cells.choice_of(words.GRADES)
_parse_relation = cells.choice_of(words.RELATIONS)


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """A household of the register. `id_original` holds an old number of 15 digits as brought."""

    at: Place
    household_no: str
    applicant_name: str
    applicant_id: str
    id_original: str
    township: str
    address: str
    phone: str
    employer: str
    grade: str
    main_cause: str
    approved_on: dt.date | None
    account_name: str
    account_no: str
    bank_name: str


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A person in a household; one person may have several rows. Without `joined_on`: always."""

    at: Place
    household_no: str
    name: str
    id_number: str
    id_original: str
    relation: str
    counted: bool
    not_counted_reason: str
    joined_on: dt.date | None
    left_on: dt.date | None
    leave_reason: str


def read_household(reader: RowReader, today: dt.date) -> HouseholdRow:
    """A household's row; an account without a name is the applicant's."""
    identity = reader.read(
        "applicant_id", personal.identity_on(today), personal.NO_IDENTITY, NEEDED
    )
    name = reader.read("applicant_name", personal.parse_name, "", NEEDED)
    account_no = reader.read("account_no", _parse_account_no, "")
    grade_needed = _GRADE_NEEDED if "approved_on" in reader.filled else None
    return HouseholdRow(
        at=reader.at,
        household_no=reader.read("household_no", personal.parse_household_no, "", NEEDED),
        applicant_name=name,
        applicant_id=identity.number,
        id_original=identity.original,
        township=reader.read("township", cells.parse_text, ""),
        address=reader.read("address", personal.parse_address, ""),
        phone=reader.read("phone", personal.parse_phone, ""),
        employer=reader.read("employer", cells.parse_text, ""),
        grade=reader.read("grade", _parse_grade, "", grade_needed),
        main_cause=reader.read("main_cause", cells.parse_text, ""),
        approved_on=reader.read("approved_on", cells.parse_date, None),
        account_name=reader.read("account_name", personal.parse_name, name if account_no else ""),
        account_no=account_no,
        bank_name=reader.read("bank_name", cells.parse_text, ""),
    )


def read_member(reader: RowReader, today: dt.date) -> MemberRow:
    """A member's row."""
    identity = reader.read("id_number", personal.identity_on(today), personal.NO_IDENTITY, NEEDED)
    row = MemberRow(
        at=reader.at,
        household_no=reader.read("household_no", personal.parse_household_no, "", NEEDED),
        name=reader.read("name", personal.parse_name, "", NEEDED),
        id_number=identity.number,
        id_original=identity.original,
        relation=reader.read("relation", _parse_relation, "", NEEDED),
        counted=reader.read("counted", cells.parse_yes_no, True),
        not_counted_reason=reader.read("not_counted_reason", cells.parse_text, ""),
        joined_on=reader.read("joined_on", cells.parse_date, None),
        left_on=reader.read("left_on", cells.parse_date, None),
        leave_reason=reader.read("leave_reason", cells.parse_text, ""),
    )
    if row.joined_on and row.left_on and row.left_on < row.joined_on:
        text = _("The day of leaving lies before that of joining, {day}.", day=row.joined_on)
        reader.report(Problem("member.left_before_joined", text), "left_on")
    if row.leave_reason and "left_on" not in reader.filled:
        text = _(
            "There is a reason for leaving but no day; put in the day, or take the reason out."
        )
        reader.report(Problem("member.left_without_day", text), "left_on")
    return row


def _parse_account_no(cell: Cell) -> str | Problem:
    if not words.is_cash(cell):
        return personal.parse_account_no(cell)
    text = _("Cash is recorded by a change of the account, with its reason; leave it blank here.")
    return Problem("account.cash_needs_reason", text)
