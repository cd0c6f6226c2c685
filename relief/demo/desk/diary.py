"""The desk's half-year in the order in which it is entered, and what of it is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from relief.demo.desk.answered import ANSWERED
from relief.demo.desk.matters import Again, Contact, Deed, Matter
from relief.demo.desk.petitions import petitions
from relief.demo.desk.requests import requests
from relief.kernel.text import Text, _

# What happened before the office had this program stood in a paper ledger until then.
LEDGER_ENTERED_ON = dt.date(2005, 3, 1)


@dataclass(frozen=True)
class Entry:
    """Something of the desk's: a contact that is answered (no matter), one that opens a case, or
    what follows in it."""

    what: Contact | Deed | Again
    matter: Matter | None = None

    @property
    def entered_on(self) -> dt.date:
        """The day on which it is entered."""
        return max(self.what.on, LEDGER_ENTERED_ON)

    @property
    def is_late(self) -> bool:
        """True for what comes from the paper ledger."""
        return self.what.on < self.entered_on


def diary() -> list[Entry]:
    """Everything, in order. Of the paper ledger the steps come first: a contact that is added to a
    case is a step of the day on which it is entered."""
    return sorted(
        _entries(),
        key=lambda e: (e.entered_on, e.is_late and isinstance(e.what, Again), e.what.on),
    )


def _entries() -> Iterator[Entry]:
    for matter in (*petitions(), *requests()):
        yield Entry(matter.opened_by, matter)
        for deed in matter.deeds:
            yield Entry(deed, matter)
    for contact in ANSWERED:
        yield Entry(contact)


# Deeds that the tale tells, by matter and action.
TOLD: dict[tuple[str, str], Text] = {
    ("six_fishers", "report_upward"): _(
        "Six fishers come together about their wages: {case} is urgent and reported upward."
    ),
    ("accusation", "name_readers"): _(
        "{case} accuses somebody: from now on only those who are named see it."
    ),
    ("seventh_fisher", "merge"): _("{case} is the fishers' matter again: merged, counted once."),
    ("cannery", "implement"): _(
        "{case}: a laid-off worker whom the centre introduced has started, with a contract."
    ),
    ("dismissed_by_phone", "return"): _(
        "approver returns {case} for rework: the opinion names no sum."
    ),
    ("injury_not_recognised", "extend"): _("approver extends {case} by 30 days, with notice."),
    ("no_insurance", "supervise"): _("{case} is overdue; approver supervises it."),
    ("pension_age", "conclude_review"): _("{case} was reviewed: the opinion is upheld."),
}
