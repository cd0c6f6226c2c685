"""How people are named on pages: by the name that others know them by, where one is kept.

Usernames stay in addresses, in the journal and in what forms send. What is asked of everybody is
read again only when a user was changed: every request brings the sum of the users' versions along
(`SignedIn.staff_version`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from flask import Flask, current_app, g

from relief.accounts.queries import shown_names
from relief.engine.actors import Actor
from relief.engine.journal import told
from relief.engine.work import Work
from relief.kernel.text import Text
from relief.web.request import reading, signed_in

_KEPT = "relief.kept_of_staff"
Found = TypeVar("Found")


def prepare(app: Flask) -> None:
    """Give templates the filters `named` (a username) and `acting` (who acts, and for whom)."""
    app.jinja_env.filters.update(named=named, acting=acting)


def named(username: str | None) -> str:
    """The name of a user; the username where none is kept, or nobody has it."""
    return known_names().get(username, username) if username else ""


def acting(actor: Actor) -> Text | str:
    """Who acts, and for whom."""
    return actor.titled(named)


def who(taken: told.Taken) -> Text | str:
    """Who took a step, and for whom."""
    return told.who(taken, named)


def options(usernames: Iterable[str]) -> list[tuple[str, str]]:
    """People to choose from, by their usernames' order: what is sent, and what is read."""
    return [(each, named(each)) for each in sorted(usernames)]


def known_names() -> Mapping[str, str]:
    """The names that are shown, by username; asked once a request."""
    if "names" not in g:
        g.names = {} if g.get("work_failed") else kept_of_staff(shown_names)
    found: Mapping[str, str] = g.names
    return found


def kept_of_staff(ask: Callable[[Work], Found]) -> Found:
    """What `ask` reads of the users and of nothing else, kept until one of them is changed."""
    person = signed_in()
    if person is None:
        return ask(reading())
    kept: dict[object, tuple[int, Found]] = current_app.extensions.setdefault(_KEPT, {})
    found = kept.get(ask)
    if found is None or found[0] != person.staff_version:
        found = kept[ask] = person.staff_version, ask(reading())
    return found[1]
