"""Which cases may be the same matter as one, for whoever merges them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa

from relief.engine.actors import Actor
from relief.engine.work import Work
from relief.people.phones import has_phone
from relief.petitions.queries import CASE, is_open, matter_of, open_states_of, plain
from relief.petitions.rules import first_line
from relief.petitions.seeing import seen_cases

ALIKE_MAX = 8


class Alike(NamedTuple):
    """An open case of the same kind and petitioner."""

    reference: str
    petitioner_name: str
    state: str
    received_on: dt.date
    first_line: str


def cases_alike(work: Work, actor: Actor, row: Mapping[str, Any]) -> list[Alike]:
    """Open cases of the kind of a case that may be the same petitioner's: by the person, the phone,
    or the name, as far as the actor may see them; the latest first."""
    same = [CASE.c[name] == row[name] for name in ("petitioner_id", "petitioner_name") if row[name]]
    if row["phone_hash"]:
        theirs = CASE.c.phone_hash == row["phone_hash"]
        same.append(sa.and_(theirs, has_phone(CASE.c.phone_hash)))
    if not same:
        return []
    # Each by its own index, never by the kind or the state: most cases share those.
    ids = sa.union_all(*(sa.select(CASE.c.id).where(each) for each in same))
    statement = (
        sa.select(CASE)
        .where(
            CASE.c.id.in_(ids),
            plain(CASE.c.kind, walks=True) == row["kind"],
            CASE.c.id != row["id"],
            is_open(open_states_of(work)),
            seen_cases(actor.username),
        )
        .order_by(CASE.c.received_on.desc(), CASE.c.id.desc())
        .limit(ALIKE_MAX)
    )
    return [
        Alike(
            found["reference"],
            found["petitioner_name"],
            found["state"],
            found["received_on"],
            first_line(matter_of(work, found)),
        )
        for found in map(dict, work.connection.execute(statement).mappings())
    ]
