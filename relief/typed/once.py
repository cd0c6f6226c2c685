"""A form is saved once, however often it is sent: a double click, a reload, a lost answer.

Whoever shows a form gives it a key (`new_key`). Whoever saves it asks `claim` first, makes the
record, and says with `fulfil` what was made, all in one transaction: either the record and the
answer to the next click are there, or neither is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from relief.engine.actors import Actor
from relief.kernel.columns import table_of
from relief.kernel.crypto import new_token
from relief.kernel.errors import Conflict, Invalid, NotAllowed, refuse
from relief.kernel.text import _, as_json
from relief.kernel.unit_of_work import UnitOfWork
from relief.typed.tables import FormOnce

FORM = table_of(FormOnce)
_MADE = sa.insert(FORM)
_WITH_KEY = sa.select(FORM).where(FORM.c.key == sa.bindparam("b_key"))
DAYS_KEPT = 2
_KEY = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Claim:
    """A form that was sent: whose, a keyed hash of what stands in it, and what was made of it
    before (nothing where it is saved for the first time)."""

    key: str
    owner: str
    body_index: str
    made: str = ""


def new_key() -> str:
    """A key for a form that is shown now; nobody guesses it (128 bits)."""
    return new_token()


def claim(work: UnitOfWork, actor: Actor, key: str, body: Mapping[str, str] | None = None) -> Claim:
    """Where this form is saved for the first time (`made` is empty): go on, and `fulfil`. Else tell
    again what was made of it then, and make nothing. Refused where the key is no key (`Invalid`),
    was somebody else's (`NotAllowed`), or made something else of another `body` (`Conflict`)."""
    check_key(key)
    work.instant()  # the lock comes first: of two clicks at once the second waits here
    index = work.cipher.blind_index(as_json(dict(body or {})), "form_once.body")
    row = work.connection.execute(_WITH_KEY, {"b_key": key}).mappings().first()
    if row is None:
        return Claim(key, actor.username, index)
    if row["owner"] != actor.username:
        text = _("This form was shown to somebody else; open it anew.")
        raise refuse(NotAllowed, "form.owner", text)
    if row["body_index"] != index:
        text = _(
            "This form was saved already, as {no}, with other words in it. What stands here now is "
            "not saved: save it once more if it is another one.",
            no=row["reference"],
        )
        raise refuse(Conflict, "form.other_words", text)
    return Claim(key, actor.username, index, str(row["reference"]))


def check_key(key: str) -> None:
    """Refuse (`Invalid`) what is no key of a form."""
    if not _KEY.fullmatch(key):
        text = _("This form has no key; open it anew, and type it there.")
        raise refuse(Invalid, "form.key", text)


def fulfil(work: UnitOfWork, claimed: Claim, reference: str) -> None:
    """What was made of the form that was claimed in this transaction."""
    assert not claimed.made, "a form that was saved before"
    values = {"key": claimed.key, "owner": claimed.owner, "body_index": claimed.body_index}
    work.connection.execute(_MADE, {**values, "reference": reference, "at": work.clock.now()})


def is_saved(work: UnitOfWork, key: str) -> bool:
    """True where something was made of the form that was shown with this key."""
    return work.connection.execute(_WITH_KEY, {"b_key": key}).first() is not None
