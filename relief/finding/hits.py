"""What a search shows: whoever was found, with what the desk needs to see at once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from relief.kernel.money import Fen


@dataclass(frozen=True)
class HitCase:
    """A case of theirs that is still worked on, or that was named by its number."""

    reference: str
    kind: str
    state: str
    received_on: dt.date
    due_on: dt.date | None
    case_worker: str
    restricted: bool


@dataclass(frozen=True)
class HitContact:
    """One of their last contacts, or one that was named by its number."""

    reference: str
    on: dt.date
    channel: str
    outcome: str
    restricted: bool


@dataclass(frozen=True)
class HitHousehold:
    """The hardship file that they belong to now."""

    household_no: str
    state: str


@dataclass(frozen=True)
class HitPayout:
    """The last line of a released list for that household, or the line that was named."""

    reference: str
    quarter: str
    amount_fen: Fen
    state: str


@dataclass(frozen=True)
class Hit:
    """Somebody: a person who is known by an identity number (`person_id`), or only a name, and
    perhaps a phone (`phone_hash`), that was typed at a contact or a case; an empty name is an
    anonymous one."""

    person_id: int | None
    name: str
    identity_masked: str
    phone_masked: str
    cases: tuple[HitCase, ...]
    contacts: tuple[HitContact, ...]
    household: HitHousehold | None
    payout: HitPayout | None
    phone_hash: str = ""


@dataclass(frozen=True)
class Found:
    """Whoever was found, the best first; `more` where there are others that were left out."""

    hits: tuple[Hit, ...]
    more: bool


@dataclass(frozen=True)
class Who:
    """Whom a hit is about: a person, or what was typed of somebody unknown. Of an anonymous one
    without a phone the number of its case, or of its contact, is all there is."""

    person_id: int | None
    name: str = ""
    phone_hash: str = ""
    reference: str = ""


def who(person_id: int | None, name: str, phone_hash: str, reference: str) -> Who:
    """The same person, name or number, whichever row says so."""
    if person_id is not None:
        return Who(person_id)
    if name or phone_hash:
        return Who(None, name, phone_hash)
    return Who(None, reference=reference)
