"""What a contact is, when it happened, and how many it counts for (pure)."""

from __future__ import annotations

import datetime as dt

from relief.kernel.errors import Problem
from relief.kernel.text import Text, _

LETTER = "C"
CHANNELS: dict[str, Text] = {"visit": _("visit"), "call": _("phone call"), "letter": _("letter")}
ANSWERED, OPENED, ADDED = "answered", "opened", "added"
OUTCOMES: dict[str, Text] = {
    ANSWERED: _("answered on the spot"),
    OPENED: _("opened a case"),
    ADDED: _("added to a case"),
}

# From five visitors about one matter on, offices treat a visit as a collective one: petitioners
# with one matter are to be heard through five representatives at the most.
COLLECTIVE_HEADS_MIN = 5
# A factory may sign one letter; more is a slip of the keyboard.
HEADS_MAX = 10_000
# A day further back is a mistyped year: the desk is no archive.
YEARS_BACK_MAX = 5


def moment_problem(moment: dt.datetime, now: dt.datetime, field: str) -> Problem | None:
    """A contact happened before it is entered, and not in another age."""
    if moment > now:
        text = _("This lies in the future; write when it happened.")
        return Problem("contact.future", text, field)
    if moment < now - dt.timedelta(days=366 * YEARS_BACK_MAX):
        text = _("This is more than {years} years ago; look at the year.", years=YEARS_BACK_MAX)
        return Problem("contact.too_old", text, field)
    return None


def is_collective(channel: str, head_count: int, said: bool | None) -> bool:
    """Whether several people came with one matter: as somebody said, else by their number."""
    return said if said is not None else channel == "visit" and head_count >= COLLECTIVE_HEADS_MIN


def is_entered_late(happened_on: dt.date, recorded_on: dt.date) -> bool:
    """True where a contact was entered on a later day than it happened."""
    return recorded_on > happened_on
