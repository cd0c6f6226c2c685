"""What stands in the head of every page: the rooms that a person may enter, and the search."""

from __future__ import annotations

import string
from dataclasses import dataclass
from urllib.parse import quote

from flask import Flask, current_app, request

from relief.engine.actors import role_titles
from relief.kernel.text import Text, _
from relief.web.access import may, room_of
from relief.web.limits import is_short
from relief.web.request import office, signed_in


@dataclass(frozen=True)
class Room:
    """A link in the head; `key` is pressed after `g`."""

    endpoint: str
    title: Text
    key: str


@dataclass(frozen=True)
class Door:
    """A page of the office that is not of every day: behind the room "Office"."""

    endpoint: str
    title: Text
    says: Text


# In the order in which they stand. Who may enter is said by the page itself.
ROOMS = (
    Room("home.home", _("Today"), "h"),
    Room("desk.desk_page", _("Desk"), "d"),
    Room("desk.contacts", _("Contacts"), "k"),
    Room("cases.cases", _("Cases"), "c"),
    Room("office.office", _("Office"), "o"),
)
DOORS = (
    Door(
        "absences.absences",
        _("People away"),
        _("Who is away, until when, and who acts meanwhile."),
    ),
    Door(
        "users.users",
        _("Users"),
        _("Who works here, their roles, who may sign in, new passwords."),
    ),
    Door(
        "handover.handover",
        _("Hand over open work"),
        _("What is open of somebody, and giving it to somebody else."),
    ),
    Door("scheme.scheme", _("Scheme"), _("Places, go-live month, band of rates, rules of months.")),
    Door("rates.rates", _("Rates"), _("What a grade brings a month, by which document.")),
    Door("calendar.calendar", _("Working calendar"), _("Holidays, moved days, office hours.")),
    Door(
        "diary.diary",
        _("Scheduler's diary"),
        _("What the program did by itself, what failed, what comes next."),
    ),
    Door(
        "workflows.workflows",
        _("How cases go"),
        _("Every procedure as a picture: how many cases stand where, and how long they stay."),
    ),
    Door("journal.journal", _("Journal"), _("Every step that was taken, and whether it stands.")),
)


def prepare(app: Flask) -> None:
    """Give templates what the head of a page shows, and `may`."""
    app.jinja_env.globals["may"] = may
    app.context_processor(_context)


def _context() -> dict[str, object]:
    person = signed_in()
    relief = office()
    rooms = tuple(room for room in ROOMS if may(room.endpoint)) if person else ()
    return {
        "person": person,
        "person_roles": role_titles(person.roles) if person else (),
        "rooms": rooms,
        "here_room": room_of(current_app, request.endpoint),
        "here_path": _own_address(),
        "office_found": relief.settings.office_found,
        "rehearsal_day": relief.clock.today() if relief.is_rehearsal else None,
        "office_name": relief.settings.office_titles,
        "this_year": relief.clock.today().year,
        "clock_fault": relief.clock_fault,
        "zone_name": relief.settings.timezone,
        "page_keys": (),
        "search_words": "",
    }


def _own_address() -> str:
    """The address of this page as a browser writes it; the first page's where it is too long to
    be asked for again."""
    address = quote(request.path)
    if request.method == "GET" and request.query_string:
        address += "?" + quote(request.query_string, safe=string.printable)
    return address if is_short(address) else "/"


def open_doors() -> tuple[Door, ...]:
    """The pages of the office that who reads this may open."""
    return tuple(door for door in DOORS if may(door.endpoint))
