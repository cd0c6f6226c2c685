"""Where the next page of a list goes on: after the row with this number."""

from __future__ import annotations

from relief.kernel.errors import Invalid, refuse
from relief.kernel.text import _

_DIGITS_MAX = 18


def row_after(key: str) -> int:
    """The number in a key; refused where nobody was given such a key."""
    if not (key.isascii() and key.isdigit() and len(key) <= _DIGITS_MAX):
        text = _("There is no such page; begin with the first one.")
        raise refuse(Invalid, "page.unknown", text, "after")
    return int(key)
