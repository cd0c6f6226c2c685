"""The rate table and the bank's answer: their form."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from brought import places, table, workbook

from relief.kernel.months import format_month
from relief.payouts.bank.answer_file import parse_results
from relief.payouts.rate_file import parse_rates

RATES = ("grade", "from_month", "amount", "document_no")
RESULTS = ("reference", "amount", "status", "reason", "settled_on")


def test_rate_is_read_from_text_and_from_what_excel_makes_of_it(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "rates.xlsx",
        标准=[
            ["困难类别", "起始月份", "标准", "文号"],
            ["深度困难", dt.date(2005, 1, 1), 200, "玉总〔2005〕11号"],
            ["relative", "2005-01", "150.00", "玉总〔2005〕11号"],
        ],
    )
    rates, problems = parse_rates(path)
    assert not problems
    assert [(row.grade, format_month(row.from_month), row.amount_fen) for row in rates] == [
        ("deep", "2005-01", 20_000),
        ("relative", "2005-01", 15_000),
    ]
    assert {row.document_no for row in rates} == {"玉总〔2005〕11号"}


def test_rates_are_refused_with_every_fault_in_its_place(tmp_path: Path) -> None:
    path = table(
        tmp_path / "rates.csv",
        RATES,
        ("deep", "2005-01", "200.00", "11"),
        ("deep", "2005-01", "190.00", "11"),
        ("poor", "2005-13", "1e5", ""),
    )
    assert places(parse_rates(path)[1]) == {
        ("rates.csv", 3, "from_month", "rate.doubled"),
        ("rates.csv", 4, "grade", "cell.choice"),
        ("rates.csv", 4, "from_month", "month.unreadable"),
        ("rates.csv", 4, "amount", "money.unreadable"),
        ("rates.csv", 4, "document_no", "cell.missing"),
    }


def test_answer_is_read_in_any_order_of_columns_and_either_language(tmp_path: Path) -> None:
    head = ("状态", "业务编号", "金额", "到账日期", "原因")
    path = table(
        tmp_path / "answer.csv",
        head,
        ("成功", "2005Q2-r1-00001", "1,800.00", "2005/6/30", ""),
        ("失败", "2005Q2-r1-00002", "900", "", "账户已销户"),
        ("处理中", "２００５Q2-r1-00003", "900.00", "", ""),
        ("退回", "2005Q2-r1-00004", "900.00", "", ""),
        encoding="gb18030",
    )
    rows, problems = parse_results(path)
    assert not problems
    assert [row.status for row in rows] == ["success", "failed", "processing", "returned"]
    assert [row.reference[-5:] for row in rows] == ["00001", "00002", "00003", "00004"]
    assert all(row.reference.startswith("2005Q2-r1-") for row in rows)
    assert (rows[0].amount_fen, rows[0].settled_on) == (180_000, dt.date(2005, 6, 30))
    assert (rows[1].amount_fen, rows[1].reason) == (90_000, "账户已销户")


def test_answer_is_refused_with_every_fault_in_its_place(tmp_path: Path) -> None:
    path = table(
        tmp_path / "answer.csv",
        RESULTS,
        ("2005Q2-r1-00001", "900.00", "success", "", "2005-06-30"),
        ("2005Q2-r1-00001", "900.00", "failed", "", ""),
        ("", "900,00", "done", "", "soon"),
    )
    assert places(parse_results(path)[1]) == {
        ("answer.csv", 3, "reference", "result.doubled"),
        ("answer.csv", 4, "reference", "cell.missing"),
        ("answer.csv", 4, "amount", "money.unreadable"),
        ("answer.csv", 4, "status", "cell.choice"),
        ("answer.csv", 4, "settled_on", "date.unreadable"),
    }


def test_answer_without_reason_and_day_columns_is_taken(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", RESULTS[:3], ("2005Q2-r1-00001", "900.00", "success"))
    (row,), problems = parse_results(path)
    assert not problems
    assert (row.reason, row.settled_on) == ("", None)
