"""Drafts: what somebody has typed into a form, kept until it is saved or thrown away.

A draft is no record: it takes no instant of record, stands in no journal, and is read by nobody but
its owner. Whatever was typed is kept as it is, right or wrong; the form judges it when it is saved.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from relief.engine.actors import Actor
from relief.kernel.columns import table_of
from relief.kernel.errors import Invalid, Problem
from relief.kernel.text import _
from relief.kernel.unit_of_work import UnitOfWork
from relief.typed.tables import Draft

DRAFT = table_of(Draft)
_IS_IT = sa.and_(DRAFT.c.owner == sa.bindparam("b_owner"), DRAFT.c.form == sa.bindparam("b_form"))
_KEPT, _DROPPED = sa.select(DRAFT).where(_IS_IT), sa.delete(DRAFT).where(_IS_IT)
FIELDS_MAX = 40
FIELD_CHARS_MAX = 20_000
NAME_CHARS_MAX = 200
DRAFTS_MAX = 20
DAYS_KEPT = 30


@dataclass(frozen=True)
class KeptDraft:
    """What was typed, when it was kept last, and which version of the case was on the screen."""

    form: str
    fields: Mapping[str, str]
    version_seen: int | None
    saved_at: dt.datetime


def keep_draft(
    work: UnitOfWork,
    actor: Actor,
    form: str,
    values: Mapping[str, str],
    version_seen: int | None = None,
) -> None:
    """Keep what this user has typed into a form, instead of what was kept of it before; of more
    than `DRAFTS_MAX` the oldest goes. Refused (`Invalid`) where it is too much to be a form."""
    problems = list(_problems(form, values))
    if problems:
        raise Invalid(problems)
    work.put(
        Draft,
        owner=actor.username,
        form=form,
        sealed_fields=work.cipher.seal(json.dumps(dict(values)), _context(actor, form)),
        version_seen=version_seen,
        saved_at=work.clock.now(),
    )
    _drop_the_oldest(work, actor)


def draft_of(work: UnitOfWork, actor: Actor, form: str) -> KeptDraft | None:
    """What this user has typed into a form, where something is kept of it."""
    found = work.connection.execute(_KEPT, _names(actor, form)).mappings().first()
    if found is None:
        return None
    fields = json.loads(work.cipher.open(found["sealed_fields"], _context(actor, form)))
    return KeptDraft(form, fields, found["version_seen"], found["saved_at"])


def drafts_of(work: UnitOfWork, actor: Actor) -> list[tuple[str, dt.datetime]]:
    """The forms of which something is kept of this user, the latest first, and since when."""
    statement = (
        sa.select(DRAFT.c.form, DRAFT.c.saved_at)
        .where(DRAFT.c.owner == actor.username)
        .order_by(DRAFT.c.saved_at.desc(), DRAFT.c.form)
    )
    return [(row.form, row.saved_at) for row in work.rows(statement)]


def drop_draft(work: UnitOfWork, actor: Actor, form: str) -> None:
    """It was saved, or thrown away; nothing of it is left."""
    work.connection.execute(_DROPPED, _names(actor, form))


def _drop_the_oldest(work: UnitOfWork, actor: Actor) -> None:
    for form, _saved_at in drafts_of(work, actor)[DRAFTS_MAX:]:
        drop_draft(work, actor, form)


def _problems(form: str, values: Mapping[str, str]) -> Iterator[Problem]:
    if not form or len(form) > NAME_CHARS_MAX:
        yield Problem("draft.form", _("There is no such form."), "form")
    if len(values) > FIELDS_MAX:
        text = _("A form has at most {most} fields.", most=FIELDS_MAX)
        yield Problem("draft.fields", text)
    for name, value in values.items():
        if len(name) > NAME_CHARS_MAX:
            yield Problem("draft.name", _("A form has no such field."))
        elif len(value) > FIELD_CHARS_MAX:
            text = _(
                "This is {chars} characters long; {max} are the most.",
                chars=len(value),
                max=FIELD_CHARS_MAX,
            )
            yield Problem("field.too_long", text, name)


def _names(actor: Actor, form: str) -> dict[str, str]:
    return {"b_owner": actor.username, "b_form": form}


def _context(actor: Actor, form: str) -> str:
    """The place that the words are bound to: another user's row does not open."""
    return f"draft.fields:{actor.username}:{form}"
