"""What a matter of the demo consists of: contacts and deeds, each on its day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from relief.demo.families import fifty_families
from relief.demo.people import birthday, given_name, identity_number, surname
from relief.engine.actors import PETITIONER
from relief.petitions.rules import RATE

CLERK, APPROVER = "clerk", "approver"
_FIRST_NUMBER = 60  # the fifty households have the numbers before


@dataclass(frozen=True)
class Contact:
    """Somebody comes, calls or writes; `values` as they are typed at the desk."""

    on: dt.date
    values: Mapping[str, object]


@dataclass(frozen=True)
class Deed:
    """A step that somebody takes."""

    on: dt.date
    action: str
    by: str
    fields: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True)
class Again:
    """A second visit about a matter, or a chase-up."""

    on: dt.date
    contact: Contact
    chase_up: bool = False


@dataclass(frozen=True)
class Matter:
    """A contact that opens a case, and what follows. Others name it by its key: a field `@key`
    stands for its reference."""

    key: str
    kind: str
    opened_by: Contact
    deeds: tuple[Deed | Again, ...]


def day(text: str) -> dt.date:
    """`03-08` is a day of 2005."""
    return dt.date.fromisoformat(f"2005-{text}")


def contact(on: str, channel: str, number: int, matter: str, **more: object) -> Contact:
    """A contact by the invented person of a number; 0 is nobody who gives a name."""
    values: dict[str, object] = {"channel": channel, "matter": matter, **more}
    if number:
        values |= {"name": name_of(number), "phone": f"0576-8{number * 7307 % 10_000_000:07d}"}
    return Contact(day(on), values)


def contact_of_household(on: str, channel: str, number: int, matter: str) -> Contact:
    """A contact by the applicant of the hardship file of a number."""
    family = fifty_families()[number - 1]
    who = {"name": family.applicant.name, "id_number": family.applicant.id_number}
    return Contact(day(on), {"channel": channel, "matter": matter, **who, "phone": family.phone})


def step(on: str, action: str, by: str, reason: str = "", **fields: str) -> Deed:
    """A step with its fields."""
    return Deed(day(on), action, by, fields, reason)


def fed(on: str, satisfaction: str) -> Deed:
    """The answer is given, and the petitioner asked what they think of it."""
    answered_on = day(on).isoformat()
    return step(on, "feedback", CLERK, satisfaction=satisfaction, answered_on=answered_on,
                answered_by="phone")  # fmt: skip


def rated(on: str, rating: str) -> Deed:
    """The petitioner says on the public page what they think of it."""
    return step(on, RATE, PETITIONER.username, rating=rating)


def again(on: str, channel: str, number: int, matter: str, *, chase_up: bool = False) -> Again:
    """The same person comes or calls once more."""
    return Again(day(on), contact(on, channel, number, matter), chase_up)


def name_of(number: int) -> str:
    """The name of an invented person; those with odd numbers are women."""
    return surname(_FIRST_NUMBER + number) + given_name(number * 3 + 7, woman=number % 2 == 1)


def id_number_of(number: int) -> str:
    """Their identity number."""
    born = birthday(1962 + number % 10, number)
    return identity_number(born, _FIRST_NUMBER + number, woman=number % 2 == 1)
