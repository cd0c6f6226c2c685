"""Where the next page of a list goes on: after the row with this number."""

from __future__ import annotations

from relief.kernel.errors import Invalid, ReliefError, refuse
from relief.kernel.text import _

_DIGITS_MAX = 18


def row_after(key: str) -> int:
    """The number in a key; refused where nobody was given such a key."""
    if not (key.isascii() and key.isdigit() and len(key) <= _DIGITS_MAX):
        raise no_such_page()
    return int(key)


def no_such_page() -> ReliefError:
    """The refusal of a key that nobody was given."""
    text = _("There is no such page; begin with the first one.")
    return refuse(Invalid, "page.unknown", text, "after")
