"""Parsers of single cells: each gives the value, or the `Problem` that says what would be right."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping

from relief.kernel.errors import Invalid, Problem
from relief.kernel.files.sheets import Cell
from relief.kernel.moments import parse_day
from relief.kernel.money import Fen, parse_yuan
from relief.kernel.months import Month, month_of, parse_month
from relief.kernel.text import _

TEXT_LENGTH_MAX = 200
_YES_NO = {"yes": True, "y": True, "1": True, "是": True,
           "no": False, "n": False, "0": False, "否": False}  # fmt: skip
# What Excel writes after a day that it keeps as an instant.
_MIDNIGHT = re.compile(r"[ T]00?:00(?::00)?$", re.ASCII)


def text_up_to(length_max: int) -> Callable[[Cell], str | Problem]:
    """A parser of plain text of at most so many characters."""

    def parse(cell: Cell) -> str | Problem:
        if isinstance(cell, dt.date):
            return Problem(
                "cell.date",
                _(
                    "The spreadsheet has made a date of this; format the column as text and type "
                    "it anew.",
                ),
            )
        shown = shown_of(cell)
        if len(shown) > length_max:
            return Problem(
                "text.length",
                _(
                    "This has {count} characters; at most {most} are taken.",
                    count=len(shown),
                    most=length_max,
                ),
            )
        if any(unicodedata.category(character) in {"Cc", "Cf", "Cs"} for character in shown):
            return Problem(
                "text.characters",
                _(
                    "There is a line break or another character here that cannot be seen; write "
                    "the cell anew, in one line."
                ),
            )
        return shown

    return parse


parse_text = text_up_to(TEXT_LENGTH_MAX)


def parse_date(cell: Cell) -> dt.date | Problem:
    """A day: 2005-06-30, 2005/6/30, 2005.6.30, 20050630, 2005年6月30日, or a date of Excel."""
    if isinstance(cell, dt.date):
        return cell
    shown = unicodedata.normalize("NFKC", shown_of(cell))
    if not shown:
        return Problem("date.missing", _("Write a day, as 2005-06-30."))
    day = parse_day(_MIDNIGHT.sub("", shown))
    if day and 1900 <= day.year <= 2999:
        return day
    return Problem(
        "date.unreadable",
        _('"{text}" is not a date of the calendar; write it as 2005-06-30.', text=shown[:40]),
    )


def parse_month_cell(cell: Cell) -> Month | Problem:
    """A month: 2005-04, 2005/4, 2005年4月, or what Excel makes of it (its first day). Not 2005.10:
    a spreadsheet turns that into 2005.1."""
    if isinstance(cell, dt.date) and cell.day == 1:
        return month_of(cell)
    shown = unicodedata.normalize("NFKC", shown_of(cell))
    try:
        return parse_month(re.sub(r"^(\d{4})[年/](\d{1,2})月?$", r"\1-\2", shown))
    except Invalid as fault:
        return fault.problems[0]


def parse_amount(cell: Cell) -> Fen | Problem:
    """An amount of yuan."""
    try:
        return parse_yuan(shown_of(cell))
    except Invalid as fault:
        return fault.problems[0]


def parse_yes_no(cell: Cell) -> bool | Problem:
    """Yes or no, in both languages."""
    answer = _YES_NO.get(_folded(cell))
    if answer is not None:
        return answer
    return Problem(
        "cell.yes_no",
        _('"{text}" is neither yes nor no; write yes 是 or no 否.', text=shown_of(cell)[:40]),
    )


def choice_of(words: Mapping[str, tuple[str, ...]]) -> Callable[[Cell], str | Problem]:
    """A parser of one of several words; each key has its Chinese words, the first is shown."""
    meanings = {_folded(word): key for key, others in words.items() for word in (key, *others)}
    shown = [f"{key} {others[0]}" for key, others in words.items()]

    def parse(cell: Cell) -> str | Problem:
        meaning = meanings.get(_folded(cell))
        if meaning is not None:
            return meaning
        return Problem(
            "cell.choice",
            _(
                '"{text}" is not one of the words for this column: {words}.',
                text=shown_of(cell)[:40],
                words=shown,
            ),
        )

    return parse


def shown_of(cell: Cell) -> str:
    """A cell as the spreadsheet shows it; a quantity has 15 digits there."""
    if isinstance(cell, float):
        return f"{cell:.15g}"
    return str(cell)


def _folded(cell: Cell) -> str:
    return unicodedata.normalize("NFKC", shown_of(cell)).strip().casefold()
