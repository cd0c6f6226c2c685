"""The half-year report from the command line."""

from __future__ import annotations

from docx import Document
from openpyxl import load_workbook

from tests.cli.conftest import Shell

# The keys that other people's scripts hold on to.
PROMISED = {
    "contacts",
    "visits",
    "calls",
    "letters",
    "petitions_accepted",
    "petitions_handled",
    "handled_rate",
    "handled_percent",
    "households_enrolled",
    "workers_helped",
    "amount_settled",
    "reemployed",
}


def settled(shell: Shell) -> Shell:
    shell.at("2005-06-20T09:00")
    answer = shell.answers("answer.csv", H1="success", H2="failed")
    shell.ok("payouts", "results", "2005Q2", answer, "--actor", "fang")
    return shell


def test_report_gives_every_figure_in_json_with_its_rows(released: Shell) -> None:
    told = settled(released).json("report", "half-year", "2005H1")
    assert told["period"] == "2005H1"
    assert (told["from"], told["until"], told["is_over"]) == ("2005-01-01", "2005-06-30", False)
    assert told["as_of"].startswith("2005-06-20T09:00")
    assert told["households_enrolled"] == 2
    assert told["workers_helped"] == 1
    assert told["amount_settled"] == "1800.00"
    assert told.keys() > PROMISED
    assert [figure["id"] for figure in told["figures"]] == [
        key for key in told if key not in ("period", "from", "until", "as_of", "is_over", "figures")
    ]
    (money,) = (figure for figure in told["figures"] if figure["id"] == "amount_settled")
    assert money["rows"] == [
        {
            "reference": "2005Q2-r1-00001",
            "day": "2005-06-20",
            "counts": "1800.00",
            "why": "H1: paid by the bank",
        }
    ]


def test_report_has_a_line_a_figure_in_a_terminal(released: Shell) -> None:
    told = settled(released).ok("report", "half-year", "2005H1")
    lines = {line.split()[0]: line for line in told.splitlines() if line.strip()}
    assert "1,800.00" in lines["amount_settled"]
    assert lines["households_enrolled"].split()[1] == "2"
    assert "2005-06-20 09:00" in told
    assert "runs until 2005-06-30" in told


def test_rows_of_one_figure_can_be_counted_by_hand(released: Shell) -> None:
    told = settled(released).ok("report", "half-year", "2005H1", "--rows", "households_enrolled")
    rows = [line for line in told.splitlines() if line.startswith("H")]
    assert told.startswith("Households enrolled: 2\n")
    assert [row.split()[0] for row in rows if "2005-03-24" in row] == ["H1", "H2"]


def test_json_of_one_figure_has_the_rows_of_that_alone(released: Shell) -> None:
    told = settled(released).json("report", "half-year", "2005H1", "--rows", "workers_helped")
    assert [figure["id"] for figure in told["figures"]] == ["workers_helped"]


def test_report_is_written_as_page_and_workbook(released: Shell) -> None:
    page, book = released.folder / "report.docx", released.folder / "report.xlsx"
    told = settled(released).ok(
        "report", "half-year", "2005H1", "--docx", str(page), "--xlsx", str(book)
    )
    assert str(page) in told
    assert str(book) in told
    assert any("1,800.00" in row.cells[1].text for row in Document(str(page)).tables[0].rows)
    assert "amount_settled" in load_workbook(book).sheetnames


def test_unknown_period_and_figure_are_refused_with_what_would_be_right(shell: Shell) -> None:
    (period,) = shell.refused("report", "half-year", "2005Q2")
    assert "2005H1" in period
    (figure,) = shell.refused("report", "half-year", "2005H1", "--rows", "houses")
    assert "households_enrolled" in figure


def test_file_of_somebody_else_is_not_replaced(released: Shell) -> None:
    page = released.folder / "report.docx"
    page.write_text("mine")
    (refusal,) = released.refused("report", "half-year", "2005H1", "--docx", str(page))
    assert "holds something else" in refusal
    assert page.read_text() == "mine"
