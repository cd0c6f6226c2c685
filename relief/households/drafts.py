"""Facts in the hand: as they stand (`id`), or as they are about to be recorded (no id yet)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from relief.kernel.months import Month

# A person by id, or by identity number while not recorded yet.
PersonKey = int | str


@dataclass(kw_only=True)
class Draft:
    """A fact as it stands (`id`) or as it is about to be recorded (no id yet)."""

    id: int | None = None
    superseded: bool = False


@dataclass(kw_only=True)
class EnrolmentDraft(Draft):
    """Approved for these months."""

    from_month: Month
    until_month: Month | None = None
    approved_on: dt.date
    exited_on: dt.date | None = None


@dataclass(kw_only=True)
class MembershipDraft(Draft):
    """A person in the household for these months."""

    person: PersonKey
    relation: str
    counted: bool
    reason: str = ""
    sealed_reason: bytes | None = None
    from_month: Month
    until_month: Month | None = None
    joined_on: dt.date | None = None
    left_on: dt.date | None = None
    left_by_death: bool = False


@dataclass(kw_only=True)
class GradeDraft(Draft):
    """A grade from a month on."""

    grade: str
    from_month: Month
    decided_on: dt.date


@dataclass(kw_only=True)
class HoldDraft(Draft):
    """Payment suspended, or resumed."""

    held: bool
    event_on: dt.date


@dataclass(kw_only=True)
class AccountDraft(Draft):
    """Where the money goes."""

    kind: str
    payee: PersonKey | None
    payee_name: str
    number: str
    bank_name: str
    event_on: dt.date


SomeDraft = TypeVar("SomeDraft", bound=Draft)


def known(drafts: Iterable[SomeDraft]) -> list[SomeDraft]:
    """Those that stand."""
    return [draft for draft in drafts if not draft.superseded]
