"""Stamps and days: what they draw, in both languages; what is kept is not taken for another."""

from __future__ import annotations

import datetime as dt

import pytest
from markupsafe import Markup

from relief.web.stamps import stamps_of

DAY = dt.date(2005, 6, 28)
BADGE, DUE = stamps_of("en").badge, stamps_of("en").due


def test_a_badge_is_escaped_also_where_markup_of_the_same_letters_was_drawn_before() -> None:
    assert BADGE(Markup("<b>done</b>")).endswith("><b>done</b></span>")
    assert BADGE("<b>done</b>").endswith(">&lt;b&gt;done&lt;/b&gt;</span>")


def test_a_badge_has_its_kind() -> None:
    assert BADGE("late", "bad") == '<span class="stamp stamp-bad">late</span>'
    assert BADGE("late") == '<span class="stamp stamp-plain">late</span>'


@pytest.mark.parametrize(
    ("days", "urgency", "words"),
    [
        (-1, "due due-over", "overdue 1 d"),
        (0, "due due-today", "today"),
        (3, "due due-soon", "3 d left"),
        (4, "due", "4 d left"),
    ],
)
def test_a_day_tells_how_near_it_is(days: int, urgency: str, words: str) -> None:
    drawn = DUE(DAY, days)
    assert f'<span class="{urgency}"><span class="num">2005-06-28</span>' in drawn
    assert f">{words}</span>" in drawn


def test_without_a_clock_there_is_no_day() -> None:
    assert DUE(None, None) == '<span class="quiet">–</span>'


def test_each_language_keeps_its_own() -> None:
    assert "今天" in stamps_of("zh_Hans_CN").due(DAY, 0)
    assert "today" in DUE(DAY, 0)
