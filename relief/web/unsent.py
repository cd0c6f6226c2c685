"""What was typed into a form whose session had ended, and so was not taken: carried along, sealed
for who typed it, until they have signed in again; then it is kept as the form's draft, at a press.
Nothing is written before that, and nobody else can read it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

from flask import request, url_for

from relief.web.access import kept_by
from relief.web.request import real_now
from relief.web.sealed import opened, sealed

# Who looked at the form; which fields are none of what was typed.
TYPED_BY = "typed_by"
_NOT_TYPED = frozenset({"csrf_token", TYPED_BY})
# The sheet of a sign-in takes no more.
CHARS_MAX = 400_000


class Unsent(NamedTuple):
    """Fields that were typed, and the address that keeps them as a draft."""

    to: str
    fields: Sequence[tuple[str, str]]


def unsent() -> Unsent | None:
    """What the form brought that is being refused; None of a form that keeps no drafts."""
    keeping = kept_by(request.endpoint)
    if not keeping or not request.form.get(TYPED_BY):
        return None
    typed = [each for each in request.form.items(multi=True) if each[0] not in _NOT_TYPED]
    return Unsent(url_for(keeping, **(request.view_args or {})), typed)


def carried(found: Unsent, username: str) -> str:
    """The same, sealed for this user, on this day; "" where it is too much to be carried."""
    fields = json.dumps(found.fields)
    closed = sealed({"to": found.to, "fields": fields}, _context(username))
    return closed if len(closed) <= CHARS_MAX else ""


def brought(closed: str, username: str) -> Unsent | None:
    """What was carried for this user; None of what was carried for another."""
    found = opened(closed, _context(username)) if closed else None
    if found is None:
        return None
    return Unsent(found["to"], [(name, value) for name, value in json.loads(found["fields"])])


def _context(username: str) -> str:
    return f"unsent.fields:{username}:{real_now().date()}"
