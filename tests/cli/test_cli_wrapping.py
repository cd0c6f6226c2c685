"""Help in Chinese: no line is wider than the terminal, and none begins with a closing mark."""

from __future__ import annotations

from unicodedata import east_asian_width

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relief.cli.wrapping import WideFormatter, broken

ENGLISH = "Grade and counted members are those of this month."
CHINESE = "先整体检查（全部各行）：有一行错误，就什么也不写入。用 --dry-run 只作检查，不写入。"


def columns(line: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in line)


PIECES = ("补助清单，", "审批人）。", "户", "“停发”", "--dry-run ", "2005Q2 ", "（csv）")


@given(st.lists(st.sampled_from(PIECES)).map("".join), st.integers(min_value=16, max_value=80))
def test_wide_text_fits_when_it_is_broken(text: str, width: int) -> None:
    lines = broken(f"户{text}", width).removeprefix("\b\n").split("\n")
    assert [line for line in lines if columns(line) > width] == []


def test_wide_text_keeps_its_words_when_it_is_broken() -> None:
    lines = broken(CHINESE, 20).removeprefix("\b\n").split("\n")
    assert len(lines) > 3
    assert "".join(lines).replace(" ", "") == CHINESE.replace(" ", "")
    assert all(columns(line) <= 20 for line in lines)
    assert not any(line[0] in "，。；：）" or line[-1] == "（" for line in lines)
    assert any("--dry-run" in line for line in lines)


def test_narrow_text_is_left_to_click() -> None:
    assert broken(ENGLISH, 20) == ENGLISH


@pytest.mark.parametrize("width", [40, 78])
def test_help_in_chinese_fits_the_terminal(width: int) -> None:
    formatter = WideFormatter(width=width)
    formatter.write_text(f"{CHINESE}\n\n{CHINESE}")
    formatter.write_dl([("--actor USERNAME", CHINESE), ("--json", ENGLISH)])
    lines = formatter.getvalue().splitlines()
    assert max(map(columns, lines)) <= width
    assert "" in lines  # the paragraphs stay apart
    assert not any("\b" in line for line in lines)


def test_help_in_english_is_as_click_writes_it() -> None:
    ours, theirs = WideFormatter(width=40), click.HelpFormatter(width=40)
    for formatter in (ours, theirs):
        formatter.write_text(ENGLISH)
        formatter.write_dl([("--json", ENGLISH)])
    assert ours.getvalue() == theirs.getvalue()
