"""The text that an approver's hash covers, and the reference of a run, letter for letter."""

from __future__ import annotations

from relief.kernel.months import parse_month
from relief.payouts.rules import (
    Item,
    ListedException,
    ListedLine,
    canonical_list,
    run_reference,
)


def test_reference_says_quarter_kind_and_number() -> None:
    assert run_reference("2005Q2", "regular", 1) == "2005Q2-r1"
    assert run_reference("2005Q2", "supplementary", 12) == "2005Q2-s12"


def test_list_is_one_line_of_json_for_each_line_then_for_each_exception() -> None:
    may = Item(parse_month("2005-05"), "recovery", -30_001, 2, 20_000)
    line = ListedLine("H1", "试甲", "331002195406274937", "6228", "农行", 70_005, (may,))
    waits = ListedException("H2", "on_hold", 5)
    assert "".join(canonical_list([line], [waits])) == (
        '["H1","试甲","331002195406274937","6228","农行","700.05",'
        '[["2005-05","recovery","-300.01",2,"200.00"]]]\n'
        '["H2","on_hold","0.05"]\n'
    )
