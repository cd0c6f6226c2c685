"""The card of somebody who was found, opened again: for a contact that is to stand on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from relief.desk.queries import CONTACT
from relief.desk.queries import seal_context as contact_context
from relief.engine.actors import Actor
from relief.engine.work import Work
from relief.finding.gathering import gather
from relief.finding.hits import Who
from relief.finding.seeds import Seeds
from relief.people.phones import open_phone
from relief.people.queries import IDENTITY, identity_numbers
from relief.petitions.queries import CASE
from relief.petitions.queries import seal_context as case_context
from relief.petitions.seeing import readable_contacts, seen_cases


@dataclass(frozen=True)
class Card:
    """Whom a card is of. The whole numbers are to be written down, never shown: the identity number
    of a person, the phone of who is known by that alone; "" where there is none."""

    name: str
    identity_masked: str
    phone_masked: str
    id_number: str = field(repr=False)
    phone: str = field(repr=False)


def open_card(work: Work, actor: Actor, who: Who) -> Card | None:
    """The card of a person, or of a name with its phone; None of somebody of whom there is nothing
    that this actor may see (any more)."""
    (hit,) = gather(work, actor.username, Seeds(), [who])
    phones = [] if who.person_id else list(_phones(work, actor.username, who))
    if not hit.name or not (who.person_id or phones):
        return None
    return Card(
        hit.name,
        hit.identity_masked,
        hit.phone_masked,
        id_number=_number(work, who.person_id) if who.person_id else "",
        phone=phones[0] if phones else "",
    )


def _number(work: Work, person_id: int) -> str:
    known = sa.select(IDENTITY.c.id).where(
        IDENTITY.c.person_id == person_id, IDENTITY.c.superseded_at.is_(None)
    )
    return next(iter(identity_numbers(work, work.connection.execute(known).scalars()).values()), "")


def _phones(work: Work, username: str, who: Who) -> Iterator[str]:
    """The phone of who is no person yet, from a contact or a case that has the same name and the
    same phone ("": none); nothing where no such one may be seen."""
    sources: tuple[tuple[sa.Table, sa.Column[Any], sa.Column[Any], Any, Any], ...] = (
        (CONTACT, CONTACT.c.name, CONTACT.c.person_id, readable_contacts(username),
         contact_context),
        (CASE, CASE.c.petitioner_name, CASE.c.petitioner_id, seen_cases(username), case_context),
    )  # fmt: skip
    for table, name, person_id, may_see, context in sources:
        theirs = (name == who.name, person_id.is_(None), table.c.phone_hash == who.phone_hash)
        found = sa.select(table.c.token, table.c.sealed_phone).where(*theirs, may_see).limit(1)
        for row in work.connection.execute(found):
            yield open_phone(work.cipher, row.sealed_phone, context("phone", row.token))
