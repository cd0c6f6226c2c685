"""Cells that go out to other people's spreadsheets."""

from __future__ import annotations

import unicodedata

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def not_a_formula(cell: str) -> str:
    """The cell, so written that no spreadsheet can read it as a formula."""
    # Spreadsheets in Chinese settings read full-width signs as the plain ones.
    begins = unicodedata.normalize("NFKC", cell.lstrip(" ")[:1])
    return f"'{cell}" if begins in _FORMULA_STARTS else cell
