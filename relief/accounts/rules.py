"""What a user may be called; who can act on a day: as themselves, or for somebody who is away
(pure)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from relief.engine.actors import Actor

USERNAME = re.compile(r"[a-z][a-z0-9._-]{1,31}")


@dataclass(frozen=True)
class Away:
    """A user is away from one day to another, both included; `deputy` ("": nobody) acts for
    them."""

    username: str
    from_on: dt.date
    until_on: dt.date
    deputy: str = ""

    def covers(self, day: dt.date) -> bool:
        """True where the day lies within."""
        return self.from_on <= day <= self.until_on


def who_acts(
    roles_by_name: Mapping[str, frozenset[str]], absences: Iterable[Away], day: dt.date
) -> list[Actor]:
    """Everyone of the enabled users who can act on a day, by name. Who is away cannot; their
    deputy can for them, where the deputy is there."""
    away = [each for each in absences if each.covers(day) and each.username in roles_by_name]
    there = roles_by_name.keys() - {each.username for each in away}
    acting = [Actor(name, roles_by_name[name]) for name in there]
    acting += [
        Actor(each.deputy, roles_by_name[each.username], each.username)
        for each in away
        if each.deputy in there
    ]
    return sorted(acting, key=lambda actor: (actor.username, actor.on_behalf_of or ""))


def holding(acting: Iterable[Actor], roles: Collection[str]) -> list[Actor]:
    """Those who hold any of these roles. A deputy who holds one already needs nobody's name."""
    able = [actor for actor in acting if not actor.roles.isdisjoint(roles)]
    themselves = {actor.username for actor in able if actor.on_behalf_of is None}
    return [
        actor for actor in able if actor.on_behalf_of is None or actor.username not in themselves
    ]
