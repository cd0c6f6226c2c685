"""Who came on a day: its contacts, each with the first line of its matter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from relief.desk.queries import CONTACT, Sought
from relief.desk.queries import seal_context as contact_context
from relief.engine.actors import Actor
from relief.engine.work import Work
from relief.kernel.unit_of_work import in_chunks
from relief.petitions.lists.pages import ContactRow, contacts_page
from relief.petitions.rules import first_line
from relief.petitions.seeing import readable_contacts

# More than comes in a day.
CONTACTS_MAX = 1_000


class DayContact(NamedTuple):
    """A contact of a day with the first line of its matter; `case` is the number of its case."""

    contact: ContactRow
    first_line: str


def day_list(work: Work, actor: Actor, on: dt.date) -> list[DayContact]:
    """The contacts of a day in the order in which they happened, void ones among them, as this
    actor may see them."""
    readable = readable_contacts(actor.username)
    page = contacts_page(work, Sought(from_on=on, until_on=on), readable, size=CONTACTS_MAX)
    rows = list(reversed(page.rows))
    lines = _first_lines(work, [row.id for row in rows])
    return [DayContact(row, lines[row.id]) for row in rows]


def _first_lines(work: Work, ids: Sequence[int]) -> dict[int, str]:
    columns = (CONTACT.c.id, CONTACT.c.token, CONTACT.c.sealed_matter)
    return {
        row.id: first_line(
            work.cipher.open(row.sealed_matter, contact_context("matter", row.token))
        )
        for chunk in in_chunks(ids)
        for row in work.rows(sa.select(*columns).where(CONTACT.c.id.in_(chunk)))
    }
