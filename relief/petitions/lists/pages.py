"""Long lists a page at a time: contacts, and cases on the five steps, as somebody may see them.

A page costs one statement, or two, however long the list is: it goes on from the key of the last
row (`Page.after`). Statements are put together once for each way of asking.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeVar

import sqlalchemy as sa

from relief.desk.queries import CONTACT, Condition, Sought, words_about
from relief.engine.actors import Actor
from relief.engine.clocks.deadlines import DEADLINE
from relief.engine.clocks.terms import has_run
from relief.engine.steps.recusal import RECUSAL
from relief.engine.work import Work
from relief.kernel.page_keys import no_such_page, row_after
from relief.petitions.queries import CASE, LINK, States, is_open, open_states_of, plain
from relief.petitions.seeing import seen_cases

PAGE_SIZE = 25
_SHAPES_KEPT = 1024
_SOME_ASIDE = sa.exists().where(
    RECUSAL.c.subject_kind == CASE.c.kind,
    RECUSAL.c.subject_id == CASE.c.id,
    RECUSAL.c.ended_at.is_(None),
)
Row = TypeVar("Row")


class ContactRow(NamedTuple):
    """A contact as a page shows it, with the number of its case."""

    id: int
    reference: str
    channel: str
    happened_at: dt.datetime
    happened_on: dt.date
    head_count: int
    person_id: int | None
    name: str
    outcome: str
    chase_up: bool
    urgent: bool
    collective: bool
    restricted: bool
    recorded_at: dt.datetime
    recorded_by: str
    voided_at: dt.datetime | None
    case: str | None


class CaseRow(NamedTuple):
    """A case as a page shows it, with its deadline where a clock runs."""

    kind: str
    id: int
    reference: str
    state: str
    petitioner_name: str
    case_worker: str
    matter_class: str
    urgent: bool
    collective: bool
    restricted: bool
    received_on: dt.date
    due_on: dt.date | None
    due_at: dt.datetime | None
    provisional: bool | None
    paused_on: dt.date | None
    version: int
    some_aside: bool  # somebody stands aside in it

    def is_overdue(self, at: dt.datetime) -> bool:
        """True where its deadline has passed."""
        return has_run(self.due_at, at)

    def days_left(self, today: dt.date) -> int | None:
        """Days until it is due, less than none when it is overdue; None where no clock runs."""
        return (self.due_on - today).days if self.due_on else None


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows, the key that the next page goes on from (empty: these were the last), and how
    many there are in all where that costs nothing to know."""

    rows: Sequence[Row]
    after: str
    total: int | None


@dataclass(frozen=True)
class CasesSought:
    """Which cases are listed; what is left out of it is not asked. The next due come first, those
    without a day after them; or, `latest_first`, by the day on which they were received. `more`
    are conditions over `CASE` and `DEADLINE` that hold as well."""

    kind: str = ""
    state: str = ""
    case_worker: str = ""
    is_open: bool = False
    overdue: bool = False
    due_until_on: dt.date | None = None
    latest_first: bool = False
    more: tuple[Condition, ...] = ()


EVERY_CASE = CasesSought()


def contacts_page(
    work: Work, sought: Sought, readable: Condition, after: str | None = None, size: int = PAGE_SIZE
) -> Page[ContactRow]:
    """Contacts, the latest first, void ones among them; `readable` is `readable_contacts`."""
    given = {
        name: getattr(sought, name)
        for name in ("from_on", "until_on", "channel", "outcome")
        if getattr(sought, name)
    }
    if after:
        at, number = _key(after)
        given |= {"after_at": _instant(at), "after_id": number}
    statement = _contacts(frozenset(given), readable)
    if sought.person.strip():
        statement = statement.where(_about(work, sought.person))
    found = _read(work, statement, given, size)
    keys = [f"{row.happened_at:%Y%m%dT%H%M%S%f}.{row.id}" for row in found[size - 1 : size]]
    return _page([ContactRow._make(row) for row in found], keys, after, size)


def cases_page(
    work: Work,
    actor: Actor,
    sought: CasesSought = EVERY_CASE,
    after: str | None = None,
    size: int = PAGE_SIZE,
) -> Page[CaseRow]:
    """The cases that an actor may see, of those that were sought."""
    given, open_states = _asked(work, sought)
    found: list[Any] = []
    orders = _orders(work, sought, after)
    if after and not after.startswith(orders[0]):
        raise no_such_page()
    for order in orders:
        wanted = dict(given)
        if after and order == after[0]:
            day, number = _key(after[1:])
            wanted["after_id"] = number
            if order != _NO_DAY:
                wanted["after_on"] = _day(day)
        statement = _cases(order, frozenset(wanted), seen_cases(actor.username), open_states)
        if sought.more:
            statement = statement.where(*sought.more)
        found += _read(work, statement, wanted, size - len(found))
        if len(found) > size:
            break
    rows = [CaseRow._make(row) for row in found]
    return _page(rows, [_case_key(row, sought) for row in rows[size - 1 : size]], after, size)


def cases_count(work: Work, actor: Actor, sought: CasesSought, most: int) -> int:
    """How many rows the pages of these cases hold; `most` + 1 where they are more than `most`:
    nobody waits for thousands of them to be counted."""
    given, open_states = _asked(work, sought)
    order = _DUE if sought.overdue or sought.due_until_on else _ANY
    listed = _cases(order, frozenset(given), seen_cases(actor.username), open_states)
    found = listed.where(*sought.more).with_only_columns(CASE.c.id).order_by(None).subquery()
    values = {f"b_{name}": value for name, value in given.items()} | {"b_rows": most + 1}
    counted = sa.select(sa.func.count()).select_from(found)
    return int(work.connection.execute(counted, values).scalar_one())


def _asked(work: Work, sought: CasesSought) -> tuple[dict[str, Any], States]:
    """The values that a statement asks for, and the states, where open cases alone are sought."""
    given: dict[str, Any] = {
        name: getattr(sought, name)
        for name in ("kind", "state", "case_worker")
        if getattr(sought, name)
    }
    if sought.overdue:
        given |= {"overdue_at": work.as_known_now(), "until_on": work.today}
    if sought.due_until_on:
        given["until_on"] = min(sought.due_until_on, given.get("until_on", sought.due_until_on))
    return given, open_states_of(work) if sought.is_open else ()


# What a key begins with: how its page is ordered; and no order, where rows are counted.
_DUE, _NO_DAY, _LATEST, _ANY = "d", "n", "l", "a"


def _orders(work: Work, sought: CasesSought, after: str | None) -> tuple[str, ...]:
    """The statements of a page, one after the other until it is full. No clock runs in a state
    that ends a case."""
    if sought.latest_first:
        return (_LATEST,)
    if sought.overdue or sought.due_until_on:
        return (_DUE,)
    is_final = sought.state and sought.state not in {state for _, state in open_states_of(work)}
    goes_on = after is not None and after.startswith(_NO_DAY)
    return (_NO_DAY,) if is_final or goes_on else (_DUE, _NO_DAY)


def _case_key(row: CaseRow, sought: CasesSought) -> str:
    if sought.latest_first:
        return f"{_LATEST}{row.received_on:%Y%m%d}.{row.id}"
    return f"{_DUE}{row.due_on:%Y%m%d}.{row.id}" if row.due_on else f"{_NO_DAY}.{row.id}"


def _page(rows: list[Row], keys: list[str], after: str | None, size: int) -> Page[Row]:
    more = len(rows) > size
    total = None if more or after else len(rows)
    return Page(rows[:size], keys[0] if more else "", total)


def _read(work: Work, statement: sa.Select[Any], given: Mapping[str, Any], size: int) -> list[Any]:
    """One row more than the page holds: whether there is a next one."""
    values = {f"b_{name}": value for name, value in given.items()}
    return list(work.connection.execute(statement, values | {"b_rows": size + 1}))


def _about(work: Work, person: str) -> Condition:
    """Contacts of somebody: looked up first, unless one letter means thousands of them."""
    if len(person.strip()) == 1:
        return words_about(CONTACT, plain(CONTACT.c.name, walks=True), work, person)
    about = words_about(CONTACT, CONTACT.c.name, work, person)
    return CONTACT.c.id.in_(sa.select(CONTACT.c.id).where(about))


@lru_cache(_SHAPES_KEPT)
def _contacts(given: frozenset[str], readable: Condition) -> sa.Select[Any]:
    columns = [CONTACT.c[name] for name in ContactRow._fields[:-1]]
    conditions = {
        "from_on": CONTACT.c.happened_on >= sa.bindparam("b_from_on"),
        "until_on": CONTACT.c.happened_on <= sa.bindparam("b_until_on"),
        "channel": CONTACT.c.channel == sa.bindparam("b_channel"),
        "outcome": CONTACT.c.outcome == sa.bindparam("b_outcome"),
        "after_at": sa.tuple_(CONTACT.c.happened_at, CONTACT.c.id)
        < sa.tuple_(
            sa.bindparam("b_after_at", type_=CONTACT.c.happened_at.type),
            sa.bindparam("b_after_id", type_=CONTACT.c.id.type),
        ),
    }
    joined = CONTACT.outerjoin(LINK, LINK.c.contact_id == CONTACT.c.id)
    return (
        sa.select(*columns, CASE.c.reference)
        # Who may see a contact may see its case: both are restricted, or neither is.
        .select_from(joined.outerjoin(CASE, CASE.c.id == LINK.c.case_id))
        .where(readable, *(conditions[name] for name in sorted(given) if name in conditions))
        .order_by(CONTACT.c.happened_at.desc(), CONTACT.c.id.desc())
        .limit(sa.bindparam("b_rows"))
    )


@lru_cache(_SHAPES_KEPT)
def _cases(
    order: str, given: frozenset[str], seen: Condition, open_states: States
) -> sa.Select[Any]:
    columns = [(DEADLINE if name in DEADLINE.c and name not in CASE.c else CASE).c[name]
               for name in CaseRow._fields[:-1]]  # fmt: skip
    of_case = sa.and_(DEADLINE.c.subject_id == CASE.c.id, DEADLINE.c.subject_kind == CASE.c.kind)
    by_due = order == _DUE
    source = DEADLINE.join(CASE, of_case) if by_due else CASE.outerjoin(DEADLINE, of_case)
    statement = (
        sa.select(*columns, _SOME_ASIDE)
        .select_from(source)
        .where(seen, *_sought(order, given, open_states))
    )
    orders = {
        _DUE: (DEADLINE.c.due_on, DEADLINE.c.subject_id),
        _NO_DAY: (CASE.c.id.desc(),),
        _LATEST: (CASE.c.received_on.desc(), CASE.c.id.desc()),
    }
    return statement.order_by(*orders.get(order, ())).limit(sa.bindparam("b_rows"))


def _sought(order: str, given: frozenset[str], open_states: States) -> list[Condition]:
    """The conditions of one order; `after` in it."""
    walks = order not in (_NO_DAY, _ANY)
    conditions = [
        plain(CASE.c[name], walks=name == "kind" or walks) == sa.bindparam(f"b_{name}")
        for name in ("kind", "state", "case_worker")
        if name in given
    ]
    if open_states:
        conditions.append(is_open(open_states, walks=walks))
    if "until_on" in given:
        # The day alone ends the walk along the index; the instant says which are overdue.
        conditions.append(DEADLINE.c.due_on <= sa.bindparam("b_until_on"))
    if "overdue_at" in given:
        conditions.append(DEADLINE.c.due_at <= sa.bindparam("b_overdue_at"))
    if order == _DUE:
        conditions.append(DEADLINE.c.due_on.is_not(None))
    if order == _NO_DAY:
        conditions.append(DEADLINE.c.due_on.is_(None))
    return [*conditions, *_going_on(order, given)]


def _going_on(order: str, given: frozenset[str]) -> list[Condition]:
    if "after_id" not in given:
        return []
    number = sa.bindparam("b_after_id", type_=CASE.c.id.type)
    if order == _NO_DAY:
        return [CASE.c.id < number]
    last = sa.tuple_(sa.bindparam("b_after_on", type_=CASE.c.received_on.type), number)
    if order == _DUE:
        return [sa.tuple_(DEADLINE.c.due_on, DEADLINE.c.subject_id) > last]
    return [sa.tuple_(CASE.c.received_on, CASE.c.id) < last]


def _key(after: str) -> tuple[str, int]:
    """Where a page goes on; refused where nobody was given such a key."""
    place, _dot, number = after.partition(".")
    return place, row_after(number)


def _instant(place: str) -> dt.datetime:
    try:
        return dt.datetime.strptime(place, "%Y%m%dT%H%M%S%f").replace(tzinfo=dt.UTC)
    except ValueError as fault:
        raise no_such_page() from fault


def _day(place: str) -> dt.date:
    try:
        return dt.date.fromisoformat(place)
    except ValueError as fault:
        raise no_such_page() from fault
