"""A form is saved once, however often it is sent: a double click, a reload, a lost answer.

Whoever shows a form gives it a key (`new_key`). Whoever saves it asks `claim` first, makes the
record, and says with `fulfil` what was made, all in one transaction: either the record and the
answer to the next click are there, or neither is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import sqlalchemy as sa

from relief.engine.actors import Actor
from relief.kernel.crypto import new_token
from relief.kernel.database import UnitOfWork, table_of
from relief.kernel.errors import Conflict, Invalid, NotAllowed, refuse
from relief.kernel.text import _, as_json
from relief.typed.tables import FormOnce

FORM = table_of(FormOnce)
DAYS_KEPT = 2
_KEY = re.compile(r"[0-9a-f]{32}")


def new_key() -> str:
    """A key for a form that is shown now; nobody guesses it (128 bits)."""
    return new_token()


def claim(
    work: UnitOfWork, actor: Actor, key: str, body: Mapping[str, str] | None = None
) -> str | None:
    """None where this form is saved for the first time: go on. Else the reference of what was made
    of it then: tell it again, and make nothing. Refused where the key is no key (`Invalid`), was
    somebody else's (`NotAllowed`), or made something else of another `body` (`Conflict`)."""
    if not _KEY.fullmatch(key):
        text = _("This form has no key; open it anew, and type it there.")
        raise refuse(Invalid, "form.key", text)
    work.instant()  # the lock comes first: of two clicks at once the second waits here
    index = work.cipher.blind_index(as_json(dict(body or {})), "form_once.body")
    row = work.connection.execute(sa.select(FORM).where(FORM.c.key == key)).mappings().first()
    if row is None:
        values = {"key": key, "owner": actor.username, "reference": "", "body_index": index}
        work.connection.execute(sa.insert(FORM), {**values, "at": work.clock.now()})
        return None
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
    return str(row["reference"])


def fulfil(work: UnitOfWork, key: str, reference: str) -> None:
    """What was made of the form that was claimed in this transaction."""
    made = sa.update(FORM).where(FORM.c.key == key, FORM.c.reference == "")
    changed = work.connection.execute(made.values(reference=reference)).rowcount
    assert changed == 1, "a form that was not claimed"


def is_saved(work: UnitOfWork, key: str) -> bool:
    """True where something was made of the form that was shown with this key."""
    saved = sa.select(FORM.c.key).where(FORM.c.key == key, FORM.c.reference != "")
    return work.connection.execute(saved).first() is not None
