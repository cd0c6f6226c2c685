"""The ledger of changes: what each change needs, may say, and may not."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from brought import TODAY, filled, identity, places, table, workbook

from relief.households.files.ledger import COLUMNS, ChangeRow, change_warnings, parse_changes
from relief.kernel.errors import Problem

ALL = [column.key for column in COLUMNS]
DAY = "2005-05-20"


def parsed(tmp_path: Path, *rows: dict[str, Any]) -> tuple[tuple[ChangeRow, ...], list[Problem]]:
    whole = [{"household_no": "H1"} | row for row in rows]
    return parse_changes(table(tmp_path / "changes.csv", *filled(ALL, *whole)), TODAY)


def faults(tmp_path: Path, **row: Any) -> set[tuple[str, str]]:
    return {(fault.field, fault.code) for fault in parsed(tmp_path, row)[1]}


WHOLE = [
    {"change": "approve", "effective_on": DAY},
    {"change": "approve", "effective_on": DAY, "grade": "deep", "account_no": "4111111111111111"},
    {"change": "exit", "effective_on": DAY, "reason": "脱困"},
    {"change": "suspend", "effective_on": DAY, "reason": "核查"},
    {"change": "suspend"},
    {"change": "resume"},
    {"change": "join", "id_number": identity(1)},
    {"change": "join", "id_number": identity(1), "name": "吴苗", "relation": "child",
     "counted": "no", "reason": "服兵役", "effective_on": DAY},
    {"change": "leave", "effective_on": DAY, "id_number": identity(1), "name": "吴苗"},
    {"change": "grade", "effective_on": DAY, "grade": "相对困难"},
    {"change": "account", "account_no": "4111111111111111", "bank_name": "农商银行"},
    {"change": "account", "account_name": "吴禾", "account_no": "现金", "reason": "无卡"},
    {"change": "account", "bank_name": "cash", "reason": "无卡", "id_number": identity(1)},
]  # fmt: skip


@pytest.mark.parametrize("row", WHOLE)
def test_change_is_taken_when_it_says_what_it_needs(tmp_path: Path, row: dict[str, Any]) -> None:
    (change,), problems = parsed(tmp_path, row)
    assert not problems
    assert change.change == row["change"]
    assert change.effective_on == (dt.date(2005, 5, 20) if "effective_on" in row else None)


@pytest.mark.parametrize(
    ("row", "missing"),
    [
        ({"change": "approve"}, {"effective_on"}),
        ({"change": "exit"}, {"effective_on"}),
        ({"change": "join"}, {"id_number"}),
        ({"change": "leave"}, {"effective_on", "id_number"}),
        ({"change": "grade"}, {"effective_on", "grade"}),
        ({"household_no": "", "change": "suspend"}, {"household_no"}),
        ({"change": ""}, {"change"}),
    ],
)
def test_change_is_refused_when_something_is_missing(
    tmp_path: Path, row: dict[str, Any], missing: set[str]
) -> None:
    assert faults(tmp_path, **row) == {(field, "cell.missing") for field in missing}


@pytest.mark.parametrize(
    ("row", "stranger"),
    [
        ({"change": "exit", "effective_on": DAY, "grade": "deep"}, "grade"),
        ({"change": "suspend", "account_no": "4111111111111111"}, "account_no"),
        ({"change": "resume", "name": "吴禾"}, "name"),
        ({"change": "join", "id_number": identity(1), "grade": "deep"}, "grade"),
        (
            {"change": "leave", "effective_on": DAY, "id_number": identity(1), "counted": "no"},
            "counted",
        ),
        ({"change": "approve", "effective_on": DAY, "relation": "self"}, "relation"),
    ],
)
def test_field_that_a_change_does_not_use_is_told(
    tmp_path: Path, row: dict[str, Any], stranger: str
) -> None:
    assert faults(tmp_path, **row) == {(stranger, "change.field_not_used")}


@pytest.mark.parametrize("row", [{"account_no": "现金"}, {"bank_name": " Cash "}])
def test_cash_is_an_account_of_its_own_and_needs_a_reason(
    tmp_path: Path, row: dict[str, Any]
) -> None:
    (change,), problems = parsed(tmp_path, {"change": "account", "reason": "无卡"} | row)
    assert not problems
    assert change.is_cash
    assert (change.account_no, change.bank_name) == ("cash", "")
    assert faults(tmp_path, change="account", **row) == {("reason", "account.cash_needs_reason")}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"account_no": "4111111111111111", "bank_name": "现金"}, "account.cash_and_account"),
        ({"account_no": "现金", "bank_name": "农商银行"}, "account.cash_and_account"),
        ({"bank_name": "农商银行"}, "account.number_missing"),
        ({}, "account.number_missing"),
        ({"account_no": "12"}, "account.form"),
    ],
)
def test_account_is_refused_when_it_is_not_whole(
    tmp_path: Path, row: dict[str, Any], reason: str
) -> None:
    assert faults(tmp_path, change="account", reason="无卡", **row) == {("account_no", reason)}


def test_approval_with_half_an_account_is_refused(tmp_path: Path) -> None:
    found = faults(tmp_path, change="approve", effective_on=DAY, account_name="吴禾")
    assert found == {("account_no", "account.number_missing")}


def test_chinese_headings_and_words_mean_the_same(tmp_path: Path) -> None:
    words = ["批准", "退出", "停发", "暂停", "恢复", "加入", "离开", "类别变更", "困难类别",
             "账号变更", "账户"]  # fmt: skip
    head = [column.names[0] for column in COLUMNS]
    path = table(tmp_path / "c.csv", head, *[["H1", word] for word in words], encoding="gb18030")
    changes, problems = parse_changes(path, TODAY)
    assert [row.change for row in changes] == [
        "approve", "exit", "suspend", "suspend", "resume", "join", "leave", "grade", "grade",
        "account", "account",
    ]  # fmt: skip
    assert {fault.field for fault in problems} <= set(head)


def test_rows_keep_their_order_and_every_fault_its_place(tmp_path: Path) -> None:
    changes, problems = parsed(
        tmp_path,
        {"change": "exit", "effective_on": "2005-02-30"},
        {"change": "dance"},
        {"change": "leave", "effective_on": DAY, "id_number": "123", "household_no": "H 1"},
    )
    assert [row.at.row for row in changes] == [2, 3, 4]
    assert places(problems) == {
        ("changes.csv", 2, "effective_on", "date.unreadable"),
        ("changes.csv", 3, "change", "cell.choice"),
        ("changes.csv", 4, "household_no", "household.number_form"),
        ("changes.csv", 4, "id_number", "identity.length"),
    }


def test_ledger_is_read_from_a_workbook_too(tmp_path: Path) -> None:
    row = {"household_no": "H1", "change": "exit", "effective_on": dt.date(2005, 5, 20)}
    path = workbook(tmp_path / "changes.xlsx", ledger=filled(ALL, row))
    (change,), problems = parse_changes(path, TODAY)
    assert not problems
    assert change.effective_on == dt.date(2005, 5, 20)


def test_only_two_columns_must_be_there_but_values_are_needed_all_the_same(tmp_path: Path) -> None:
    path = table(tmp_path / "c.csv", ("household_no", "change"), ("H1", "resume"), ("H1", "exit"))
    assert places(parse_changes(path, TODAY)[1]) == {("c.csv", 3, "effective_on", "cell.missing")}
    path = table(tmp_path / "c.csv", ("effective_on",), (DAY,))
    assert {fault.code for fault in parse_changes(path, TODAY)[1]} == {"column.missing"}


def test_empty_ledger_is_refused(tmp_path: Path) -> None:
    assert [fault.code for fault in parsed(tmp_path)[1]] == ["file.empty"]


def test_account_that_fails_its_check_digit_is_a_warning(tmp_path: Path) -> None:
    changes, problems = parsed(tmp_path, {"change": "account", "account_no": "4111111111111112"})
    assert not problems
    assert places(list(change_warnings(changes))) == {
        ("changes.csv", 2, "account_no", "account.check_digit")
    }
