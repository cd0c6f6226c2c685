"""Parsers of the cells that only files about households have: names, numbers, addresses."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

from relief.kernel.errors import Problem
from relief.kernel.files.cells import parse_text, shown_of, text_up_to
from relief.kernel.files.sheets import Cell
from relief.kernel.text import _
from relief.people import rules

ADDRESS_LENGTH_MAX = 300
_HOUSEHOLD_NO = re.compile(rf"[0-9A-Za-z/_\-{rules.CHINESE}]{{1,32}}")
parse_address = text_up_to(ADDRESS_LENGTH_MAX)


def parse_name(cell: Cell) -> str | Problem:
    """A person's name."""
    shown = parse_text(cell)
    return shown if isinstance(shown, Problem) else rules.normalise_name(shown)


def parse_household_no(cell: Cell) -> str | Problem:
    """The number of a hardship file."""
    shown = parse_text(cell)
    if isinstance(shown, Problem):
        return shown
    number = unicodedata.normalize("NFKC", shown)
    if _HOUSEHOLD_NO.fullmatch(number):
        return number
    return Problem(
        "household.number_form",
        _(
            "A file number has 1 to 32 letters, digits, Chinese characters, or - _ /, and no "
            "blanks."
        ),
    )


class Identity(NamedTuple):
    """An identity number of 18 characters; `original` holds the 15 digits that were brought."""

    number: str
    original: str


NO_IDENTITY = Identity("", "")


def identity_on(today: dt.date) -> Callable[[Cell], Identity | Problem]:
    """A parser of identity numbers as of a day."""

    def parse(cell: Cell) -> Identity | Problem:
        if not isinstance(cell, str):
            return _not_text()
        number = rules.normalise_identity(cell, today)
        if isinstance(number, Problem):
            return number
        return Identity(number, rules.old_identity(cell))

    return parse


def parse_account_no(cell: Cell) -> str | Problem:
    """An account number."""
    return rules.normalise_account_no(cell) if isinstance(cell, str) else _not_text()


def parse_phone(cell: Cell) -> str | Problem:
    """A phone number."""
    return rules.normalise_phone(shown_of(cell))


def _not_text() -> Problem:
    return Problem(
        "cell.number",
        _(
            "This is stored as a quantity, which loses digits after the fifteenth; format the "
            "column as text and type the number anew."
        ),
    )
