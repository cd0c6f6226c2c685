"""Views: lists of cases that somebody keeps under a name, for themself or shared with the office.

A view holds what was asked of a queue, never words about a person; whoever opens it sees what they
may see, and "mine" is theirs. It is no record: its owner renames it and throws it away.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, get_type_hints

import sqlalchemy as sa

from relief.accounts.queries import USER
from relief.engine.actors import Actor
from relief.engine.work import Work
from relief.kernel.columns import table_of
from relief.kernel.crypto import new_token
from relief.kernel.errors import Invalid, NotFound, Problem, ReliefError, refuse
from relief.kernel.text import _, as_json
from relief.kernel.typed_text import text_problems
from relief.kernel.unit_of_work import UnitOfWork
from relief.petitions.lists.queues import Asked
from relief.petitions.tables import KeptList

LIST = table_of(KeptList)
LISTS_MAX = 30
NAME_CHARS_MAX = 40
_WORKS_HERE = sa.exists().where(USER.c.username == LIST.c.owner, USER.c.disabled_at.is_(None))
_VISIBLE = sa.select(LIST).where(
    sa.or_(
        LIST.c.owner == sa.bindparam("b_username"), sa.and_(LIST.c.shared.is_(True), _WORKS_HERE)
    )
)


def _types_of(asked: type) -> dict[str, type]:
    """What each filter is where it is asked for: words, a day or a mark."""
    hints = get_type_hints(asked)
    return {
        field.name: next(
            each for each in (bool, dt.date, str) if hints[field.name] in (each, each | None)
        )
        for field in fields(asked)
    }


_TYPES = _types_of(Asked)


@dataclass(frozen=True)
class NamedList:
    """A list under a name: whose, what is asked, and whether the office sees it."""

    id: int
    name: str
    owner: str
    asked: Asked
    shared: bool


def lists_of(work: UnitOfWork, username: str) -> list[NamedList]:
    """Somebody's own views, then those that others who work here share, each by name. One that was
    altered in the database past reading is left out."""
    found = [view for _row, view in _visible(work, username) if view is not None]
    return sorted(found, key=lambda view: (view.owner != username, view.name, view.id))


def unreadable_lists(work: UnitOfWork, username: str) -> list[int]:
    """Somebody's own views that cannot be read any more, by their rows: to be thrown away."""
    visible = _visible(work, username)
    return [row.id for row, view in visible if view is None and row.owner == username]


def keep_list(work: Work, actor: Actor, name: str, asked: Asked, *, shared: bool) -> NamedList:
    """Keep what was asked under a name, without the person who was asked for. Refused (`Invalid`)
    with every fault: the name, one that another view of this owner has, more than `LISTS_MAX`."""
    work.instant()  # the lock comes first: of two at once the second counts both
    own = [view for view in lists_of(work, actor.username) if view.owner == actor.username]
    problems = [*_name_problems(name, own)]
    if len(own) >= LISTS_MAX:
        text = _("There are {most} views already; throw one away first.", most=LISTS_MAX)
        problems.append(Problem("view.too_many", text, "name"))
    if problems:
        raise Invalid(problems)
    token, kept = new_token(), replace(asked, person="")
    number = work.insert(
        KeptList,
        token=token,
        owner=actor.username,
        sealed_name=work.cipher.seal(name.strip(), _context(token)),
        asked=_written(kept),
        shared=shared,
        saved_at=work.clock.now(),
    )
    return NamedList(number, name.strip(), actor.username, kept, shared)


def change_list(work: Work, actor: Actor, view_id: int, name: str, *, shared: bool) -> None:
    """Give one's own view another name, or share it, or not any more. Refused as `keep_list` is;
    `NotFound` where it is nobody's, or somebody else's."""
    work.instant()
    found = _own(work, actor, view_id)
    others = [
        view
        for view in lists_of(work, actor.username)
        if view.owner == actor.username and view.id != view_id
    ]
    problems = [*_name_problems(name, others)]
    if problems:
        raise Invalid(problems)
    sealed = work.cipher.seal(name.strip(), _context(found.token))
    changed = sa.update(LIST).where(LIST.c.id == view_id).values(sealed_name=sealed, shared=shared)
    work.connection.execute(changed)


def drop_list(work: Work, actor: Actor, view_id: int) -> None:
    """Throw one's own view away; `NotFound` where it is nobody's, or somebody else's."""
    work.instant()
    _own(work, actor, view_id)
    work.connection.execute(sa.delete(LIST).where(LIST.c.id == view_id))


def _own(work: UnitOfWork, actor: Actor, view_id: int) -> Any:
    own = sa.select(LIST).where(LIST.c.id == view_id, LIST.c.owner == actor.username)
    for row in work.rows(own):
        return row
    raise refuse(NotFound, "view.unknown", _("You keep no such view."))


def _name_problems(name: str, others: list[NamedList]) -> Iterator[Problem]:
    typed = name.strip()
    if not typed:
        yield Problem("view.nameless", _("Give the view a name."), "name")
    if typed in {view.name for view in others}:
        text = _('There is a view "{name}" already; give this one another name.', name=typed)
        yield Problem("view.name_taken", text, "name")
    yield from text_problems("name", typed, NAME_CHARS_MAX)


def _visible(work: UnitOfWork, username: str) -> list[tuple[Any, NamedList | None]]:
    rows = work.connection.execute(_VISIBLE, {"b_username": username})
    return [(row, _read(work, row)) for row in rows]


def _read(work: UnitOfWork, row: Any) -> NamedList | None:
    try:
        name = work.cipher.open(row.sealed_name, _context(row.token))
        return NamedList(row.id, name, row.owner, _asked(row.asked), row.shared)
    except (ReliefError, ValueError, TypeError):
        return None


def _written(asked: Asked) -> str:
    """What is asked, whole: a view means the same when a default is another one some day."""
    return as_json(
        {
            name: value.isoformat() if isinstance(value, dt.date) else value
            for name, value in asdict(asked).items()
            if value is not None
        }
    )


def _asked(text: str) -> Asked:
    """What a row asks; `ValueError` or `TypeError` where that is nothing that a list can ask."""
    said = json.loads(text)
    if not isinstance(said, dict):
        raise TypeError("no names and values")
    return Asked(**{name: _value(_TYPES[name], said[name]) for name in said if name in _TYPES})


def _value(kind: type, said: object) -> Any:
    if type(said) is not (str if kind is dt.date else kind):
        raise ValueError("a value of another kind")
    return dt.date.fromisoformat(str(said)) if kind is dt.date else said


def _context(token: str) -> str:
    """The place that the name of a view is bound to."""
    return f"case_view.name:{token}"
