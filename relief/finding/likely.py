"""Whether somebody who is being typed in was here before: what the clerk should see before saving,
as far as they may see it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from relief.desk.queries import CONTACT, Condition
from relief.desk.queries import seal_context as contact_context
from relief.engine.actors import Actor
from relief.engine.work import Work
from relief.people.phones import has_phone, phone_hash
from relief.people.queries import NAME_PART, find_all_by_identity
from relief.people.rules import normalise_identity, normalise_name, normalise_phone, pinyin_of
from relief.petitions.queries import CASE, States, is_open, open_states_of
from relief.petitions.queries import seal_context as case_context
from relief.petitions.rules import first_line
from relief.petitions.seeing import readable_contacts, seen_cases

DAYS_BACK = 30
LIKELY_MAX = 10
_USERS_KEPT = 512
# By what somebody is taken for the same, the surest first.
BY_NUMBER, BY_PHONE, BY_NAME = "id_number", "phone", "name"


@dataclass(frozen=True)
class Likely:
    """A contact of the last days (`is_case` false: `kind` is its channel, `state` its outcome), or
    an open case, that may be the same person's; `by` is the surest that they share."""

    by: str
    is_case: bool
    reference: str
    kind: str
    state: str
    on: dt.date
    name: str
    first_line: str


def likely_same(
    work: Work, actor: Actor, name: str, phone: str, id_number: str, on: dt.date | None = None
) -> list[Likely]:
    """Contacts of the thirty days up to a day (today, where none is named) and open cases of who is
    the same by identity number, phone, or the sound of the name; the surest first, then the latest.
    What is not whole yet is not looked for, and no problem."""
    asked = _asked(work, name, phone, id_number)
    if not asked:
        return []
    until_on = on or work.today
    values = {f"b_{key}": value for key, value in asked.items()}
    values |= {"b_from": until_on - dt.timedelta(days=DAYS_BACK), "b_until": until_on}
    shape = frozenset(asked)
    found = [
        *_found(work, _contacts(shape, actor.username), values, is_case=False),
        *_found(work, _cases(shape, actor.username, open_states_of(work)), values, is_case=True),
    ]
    found.sort(key=lambda each: (_SURE.index(each.by), -each.on.toordinal(), each.reference))
    return found[:LIKELY_MAX]


_SURE = (BY_NUMBER, BY_PHONE, BY_NAME)


def _asked(work: Work, name: str, phone: str, id_number: str) -> dict[str, Any]:
    """What can be looked for; the names that sound alike are those with the same pinyin."""
    asked: dict[str, Any] = {}
    number = normalise_identity(id_number, work.today) if id_number.strip() else None
    if isinstance(number, str):
        known = find_all_by_identity(work, [number]).get(number)
        asked |= {"person_id": known.person_id} if known else {}
    whole = normalise_phone(phone) if phone.strip() else None
    if isinstance(whole, str):
        asked["phone_hash"] = phone_hash(work.cipher, whole)
    said = normalise_name(name) if name.strip() else None
    if isinstance(said, str):
        asked |= {"name": said, "pinyin": pinyin_of(said), "sound": pinyin_of(said).split(" ")[-1]}
    return asked


def _found(
    work: Work, statement: sa.Select[Any], values: Mapping[str, Any], *, is_case: bool
) -> Iterable[Likely]:
    context = case_context if is_case else contact_context
    for row in work.connection.execute(statement, values):
        matter = work.cipher.open(row.sealed_matter, context("matter", row.token))
        yield Likely(
            row.by,
            is_case,
            row.reference,
            row.kind,
            row.state,
            row.on,
            row.name,
            first_line(matter),
        )


@lru_cache(_USERS_KEPT)
def _contacts(asked: frozenset[str], username: str) -> sa.Select[Any]:
    same = _same(asked, CONTACT, CONTACT.c.person_id, CONTACT.c.name)
    columns = (CONTACT.c.channel.label("kind"), CONTACT.c.outcome.label("state"),
               CONTACT.c.happened_on.label("on"), CONTACT.c.name)  # fmt: skip
    days = CONTACT.c.happened_on.between(sa.bindparam("b_from"), sa.bindparam("b_until"))
    here = sa.and_(readable_contacts(username), CONTACT.c.voided_at.is_(None), days)
    return _likely(CONTACT, same, columns, here)


@lru_cache(_USERS_KEPT)
def _cases(asked: frozenset[str], username: str, open_states: States) -> sa.Select[Any]:
    same = _same(asked, CASE, CASE.c.petitioner_id, CASE.c.petitioner_name)
    columns = (CASE.c.kind, CASE.c.state, CASE.c.received_on.label("on"),
               CASE.c.petitioner_name.label("name"))  # fmt: skip
    return _likely(CASE, same, columns, sa.and_(seen_cases(username), is_open(open_states)))


def _same(
    asked: frozenset[str], table: sa.Table, person_id: sa.Column[int], name: sa.Column[str]
) -> dict[str, Condition]:
    """How rows are found, each by its own index."""
    alike = sa.select(NAME_PART.c.name).where(NAME_PART.c.part == sa.bindparam("b_sound"))
    sounds_so = sa.and_(table.c.pinyin == sa.bindparam("b_pinyin"), table.c.pinyin != "")
    conditions = {
        "person_id": (BY_NUMBER, person_id == sa.bindparam("b_person_id")),
        "phone_hash": (
            BY_PHONE,
            sa.and_(
                table.c.phone_hash == sa.bindparam("b_phone_hash"), has_phone(table.c.phone_hash)
            ),
        ),
        "name": (
            BY_NAME,
            sa.or_(name == sa.bindparam("b_name"), sa.and_(name.in_(alike), sounds_so)),
        ),
    }
    return {by: condition for key, (by, condition) in conditions.items() if key in asked}


def _likely(
    table: sa.Table,
    same: Mapping[str, Condition],
    columns: Iterable[sa.ColumnElement[Any]],
    here: Condition,
) -> sa.Select[Any]:
    """The rows, each once, by the surest that they share."""
    ranks = {by: rank for rank, by in enumerate(_SURE)}
    found = sa.union_all(
        *(
            sa.select(table.c.id, sa.literal(ranks[by]).label("rank")).where(condition)
            for by, condition in same.items()
        )
    ).subquery()
    surest = (
        sa.select(found.c.id, sa.func.min(found.c.rank).label("rank")).group_by(found.c.id)
    ).subquery()
    by = sa.case({rank: by for by, rank in ranks.items()}, value=surest.c.rank).label("by")
    day = table.c.happened_on if table is CONTACT else table.c.received_on
    return (
        sa.select(by, table.c.reference, *columns, table.c.sealed_matter, table.c.token)
        .join(surest, surest.c.id == table.c.id)
        .where(here)
        .order_by(surest.c.rank, day.desc(), table.c.id.desc())
        .limit(LIKELY_MAX)
    )
