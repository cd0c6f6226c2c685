"""The register: what it says, and all of its faults at once, each in its place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from brought import HOUSEHOLDS, MEMBERS, TODAY, filled, identity, places, table, workbook

from relief.households.files.register import Register, parse_register
from relief.households.files.register_rows import HOUSEHOLD_COLUMNS, MEMBER_COLUMNS
from relief.kernel.errors import Problem
from relief.kernel.text import _

ALL_HOUSEHOLDS = [column.key for column in HOUSEHOLD_COLUMNS]
ALL_MEMBERS = [column.key for column in MEMBER_COLUMNS]
WU = {
    "household_no": "H1", "applicant_name": "吴禾", "applicant_id": identity(1),
    "grade": "deep", "approved_on": "2005-03-24",
}  # fmt: skip
CHILD = {"household_no": "H1", "name": "吴苗", "id_number": identity(2), "relation": "child"}


def parsed(
    tmp_path: Path,
    households: Sequence[dict[str, Any]],
    members: Sequence[dict[str, Any]] = (),
    columns: tuple[Sequence[str], Sequence[str]] = (ALL_HOUSEHOLDS, ALL_MEMBERS),
) -> tuple[Register, list[Problem]]:
    path = workbook(
        tmp_path / "register.xlsx",
        households=filled(columns[0], *households),
        members=filled(columns[1], *members),
    )
    return parse_register(path, TODAY)


def faults(*args: Any, **options: Any) -> set[tuple[str, int, str, str]]:
    return places(parsed(*args, **options)[1])


def test_household_is_read_with_every_field(tmp_path: Path) -> None:
    row = WU | {
        "township": "玉城街道", "address": "解放路 1 号", "phone": "138 0000 0000",
        "employer": "机械厂", "main_cause": "大病", "account_no": "4111 1111 1111 1111",
        "bank_name": "农商银行", "approved_on": dt.date(2005, 3, 24),
    }  # fmt: skip
    register, problems = parsed(tmp_path, [row], [CHILD])
    assert not problems
    assert not register.warnings
    (household,) = register.households
    assert (household.at.sheet, household.at.row) == ("households", 2)
    assert household.household_no == "H1"
    assert household.applicant_id == identity(1)
    assert (household.township, household.address) == ("玉城街道", "解放路 1 号")
    assert (household.phone, household.employer) == ("13800000000", "机械厂")
    assert (household.grade, household.main_cause) == ("deep", "大病")
    assert household.approved_on == dt.date(2005, 3, 24)
    assert (household.account_no, household.bank_name) == ("4111111111111111", "农商银行")
    assert household.account_name == "吴禾"


def test_member_is_read_with_every_field(tmp_path: Path) -> None:
    row = CHILD | {
        "id_number": "332627500101001", "counted": "否", "not_counted_reason": "服兵役",
        "joined_on": "2005.1.2", "left_on": "2005-05-20", "leave_reason": "搬走",
    }  # fmt: skip
    register, problems = parsed(tmp_path, [WU], [row])
    assert not problems
    member = register.members[0]
    assert (member.at.sheet, member.at.row) == ("members", 2)
    assert (member.id_number, member.id_original) == ("332627195001010010", "332627500101001")
    assert (member.relation, member.counted) == ("child", False)
    assert (member.not_counted_reason, member.leave_reason) == ("服兵役", "搬走")
    assert (member.joined_on, member.left_on) == (dt.date(2005, 1, 2), dt.date(2005, 5, 20))


def test_chinese_headings_and_words_mean_the_same(tmp_path: Path) -> None:
    def chinese(columns: Any) -> list[str]:
        return [column.names[0] for column in columns]

    path = workbook(
        tmp_path / "register.xlsx",
        困难职工=[
            chinese(HOUSEHOLD_COLUMNS),
            *filled(ALL_HOUSEHOLDS, WU | {"grade": "深度困难"})[1:],
        ],
        家庭成员=[chinese(MEMBER_COLUMNS), *filled(ALL_MEMBERS, CHILD | {"relation": "子女"})[1:]],
    )
    register, problems = parse_register(path, TODAY)
    assert not problems
    assert register.households[0].grade == "deep"
    assert register.members[0].relation == "child"
    assert register.households[0].at.problem("x", _("x"), "grade").field == "困难类别"


def test_columns_stand_in_any_order_and_optional_ones_may_be_missing(tmp_path: Path) -> None:
    columns = (HOUSEHOLDS[::-1], MEMBERS[::-1])
    register, problems = parsed(tmp_path, [WU], [CHILD], columns)
    assert not problems
    assert register.members[0].counted is True


def test_applicant_who_is_not_listed_is_added_as_a_counted_member(tmp_path: Path) -> None:
    register = parsed(tmp_path, [WU], [CHILD])[0]
    child, applicant = register.members
    assert child.relation == "child"
    assert (applicant.relation, applicant.counted, applicant.joined_on) == ("self", True, None)
    assert (applicant.id_number, applicant.name) == (identity(1), "吴禾")
    assert applicant.at == register.households[0].at


def test_applicant_who_is_listed_is_not_added(tmp_path: Path) -> None:
    listed = {"household_no": "H1", "name": "吴禾", "id_number": identity(1), "relation": "self"}
    rows = [
        listed | {"joined_on": "2005-02-01", "left_on": "2005-02-01"},
        listed | {"joined_on": "2005-03-01"},
    ]
    register, problems = parsed(tmp_path, [WU], rows)
    assert not problems
    assert [row.left_on for row in register.members] == [dt.date(2005, 2, 1), None]


def test_all_faults_are_told_at_once_in_their_places(tmp_path: Path) -> None:
    households = [
        WU | {"applicant_id": identity(1)[:17] + "?", "grade": "", "phone": "none"},
        WU | {"household_no": "H2", "applicant_id": 3.3e17, "approved_on": "2005-13-01"},
        WU | {"household_no": "H2", "applicant_id": identity(3), "applicant_name": ""},
        WU | {"household_no": "H 4", "applicant_id": identity(4), "account_no": 6228876232860129},
        WU | {"household_no": "H5", "applicant_id": identity(5), "account_no": "现金"},
        WU | {"household_no": "H6", "applicant_id": identity(6), "main_cause": "=1+1"},
    ]
    members = [
        CHILD | {"household_no": "H9"},
        CHILD | {"household_no": "H5", "relation": "self", "id_number": identity(7)},
        CHILD | {"household_no": "H6", "relation": "child", "id_number": identity(6)},
        CHILD | {"household_no": "H6", "id_number": identity(2), "name": "吴田"},
        {"household_no": "H6", "joined_on": "2005-05-02", "left_on": "2005-05-01"},
        CHILD | {"household_no": "H6", "id_number": identity(8), "leave_reason": "搬走"},
        CHILD | {"household_no": "H6", "id_number": identity(9), "counted": "perhaps"},
    ]
    assert faults(tmp_path, households, members) == {
        ("households", 2, "applicant_id", "identity.characters"),
        ("households", 2, "grade", "cell.missing"),
        ("households", 2, "phone", "phone.form"),
        ("households", 3, "applicant_id", "cell.number"),
        ("households", 3, "approved_on", "date.unreadable"),
        ("households", 4, "household_no", "household.doubled"),
        ("households", 4, "applicant_name", "cell.missing"),
        ("households", 5, "household_no", "household.number_form"),
        ("households", 5, "account_no", "cell.number"),
        ("households", 6, "account_no", "account.cash_needs_reason"),
        ("households", 7, "main_cause", "cell.formula"),
        ("members", 2, "household_no", "member.unknown_household"),
        ("members", 3, "relation", "member.not_the_applicant"),
        ("members", 4, "relation", "member.is_the_applicant"),
        ("members", 4, "name", "person.second_name"),
        ("members", 5, "name", "person.second_name"),
        ("members", 6, "name", "cell.missing"),
        ("members", 6, "id_number", "cell.missing"),
        ("members", 6, "relation", "cell.missing"),
        ("members", 6, "left_on", "member.left_before_joined"),
        ("members", 7, "left_on", "member.left_without_day"),
        ("members", 8, "counted", "cell.yes_no"),
    }


def test_faults_come_in_the_order_of_sheets_and_rows(tmp_path: Path) -> None:
    rows = [WU, WU | {"phone": "x"}]
    problems = parsed(tmp_path, rows, [CHILD | {"relation": "?"}, CHILD | {"name": "吴田"}])[1]
    order = [(fault.sheet, fault.row) for fault in problems]
    assert order == [("households", 3), ("households", 3), ("members", 2), ("members", 3)]


def test_headings_are_judged_all_at_once_and_rows_with_them(tmp_path: Path) -> None:
    columns = (
        [*HOUSEHOLDS[:4], "phone", "联系电话", "colour"],
        ["household_no", "name", "relation", "", "left_on"],
    )
    path = workbook(
        tmp_path / "register.xlsx",
        households=[columns[0], ["H1", "吴禾", identity(1), "deep", "x", "", "red"]],
        members=[columns[1], ["H1", "吴苗", "cousin", "stray", "2005-01-01", "beyond"]],
    )
    problems = parse_register(path, TODAY)[1]
    assert places(problems) == {
        ("households", 1, "approved_on", "column.missing"),
        ("households", 1, "联系电话", "column.doubled"),
        ("households", 1, "colour", "column.unknown"),
        ("households", 2, "phone", "phone.form"),
        ("members", 1, "id_number", "column.missing"),
        ("members", 2, "relation", "cell.choice"),
        ("members", 2, "D", "column.unheaded"),
        ("members", 2, "F", "column.unheaded"),
    }
    unknown = next(fault for fault in problems if fault.code == "column.unknown")
    assert "township (乡镇街道)" in str(unknown.text)


def test_register_without_households_is_refused(tmp_path: Path) -> None:
    assert faults(tmp_path, [], []) == {("households", 0, "", "file.empty")}


def test_warnings_are_told_and_refuse_nothing(tmp_path: Path) -> None:
    households = [
        WU | {"account_no": "4111111111111112"},
        WU | {"household_no": "H2", "applicant_id": identity(3), "bank_name": "农商银行"},
    ]
    members = [CHILD | {"counted": "no"}, CHILD | {"not_counted_reason": "服刑"}]
    register, problems = parsed(tmp_path, households, members)
    assert not problems
    assert places(register.warnings) == {
        ("households", 2, "account_no", "account.check_digit"),
        ("households", 3, "account_no", "account.incomplete"),
        ("members", 2, "not_counted_reason", "member.no_reason"),
        ("members", 3, "counted", "member.counted_with_reason"),
    }


def test_folder_of_csv_files_gives_the_same_register(tmp_path: Path) -> None:
    folder = tmp_path / "register"
    folder.mkdir()
    table(folder / "households.csv", *filled(ALL_HOUSEHOLDS, WU), encoding="gb18030")
    table(folder / "members.csv", *filled(ALL_MEMBERS, CHILD), encoding="utf-8-sig")
    from_folder, problems = parse_register(folder, TODAY)
    from_book = parsed(tmp_path, [WU], [CHILD])[0]
    assert not problems
    assert from_folder.households[0].at.sheet == "households.csv"
    assert [row.id_number for row in from_folder.members] == [identity(2), identity(1)]
    assert from_folder.households[0].approved_on == from_book.households[0].approved_on
