"""What stands in the head of every page: the rooms that a person may enter, and the search."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from flask import Flask, current_app, request

from relief.engine.actors import role_titles
from relief.kernel.text import Text, _
from relief.web.access import access_of
from relief.web.request import office, signed_in


@dataclass(frozen=True)
class Room:
    """A link in the head; `key` is pressed after `g`."""

    endpoint: str
    title: Text
    key: str


# In the order in which they stand. Who may enter is said by the page itself.
ROOMS = (
    Room("home.home", _("Today"), "h"),
    Room("desk.desk_page", _("Desk"), "d"),
    Room("desk.contacts", _("Contacts"), "k"),
    Room("cases.cases", _("Cases"), "c"),
)


def prepare(app: Flask) -> None:
    """Give templates what the head of a page shows."""
    app.context_processor(_context)


def _context() -> dict[str, object]:
    person = signed_in()
    relief = office()
    rooms = rooms_of(person.roles) if person else ()
    return {
        "person": person,
        "person_roles": role_titles(person.roles) if person else (),
        "rooms": rooms,
        "here_room": _here(rooms),
        "here_path": request.full_path.rstrip("?") if request.method == "GET" else request.path,
        "known_pages": current_app.view_functions,
        "rehearsal_day": relief.clock.today() if relief.is_rehearsal else None,
        "clock_fault": relief.clock_fault,
        "zone_name": relief.settings.timezone,
        "page_keys": (),
    }


def _here(rooms: tuple[Room, ...]) -> str:
    """The room that this page belongs to: its own, else that of its blueprint."""
    at_door = (room.endpoint for room in rooms if room.endpoint == request.endpoint)
    inside = (room.endpoint for room in rooms if room.endpoint.split(".")[0] == request.blueprint)
    return next(at_door, None) or next(inside, "")


@lru_cache(maxsize=64)
def rooms_of(roles: frozenset[str]) -> tuple[Room, ...]:
    """The rooms that somebody with these roles may enter."""
    return tuple(room for room in ROOMS if _may_enter(room, roles))


def _may_enter(room: Room, roles: frozenset[str]) -> bool:
    access = access_of(current_app, room.endpoint)
    return access is not None and access.allows(roles)
