"""A row as one text that says every column, for seals and marks: the same row gives the same text,
whichever database holds it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from relief.kernel.text import as_json


def as_text(row: Mapping[str, object]) -> str:
    """The canonical JSON of a row: bytes in hexadecimal, instants in UTC, days in ISO form. What is
    empty is left out, so that a column that comes later changes the text of no row before it."""
    return as_json({name: _plain(value) for name, value in row.items() if value})


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, dt.date) else value
