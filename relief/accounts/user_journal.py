"""What changes a user, chained in the journal: who was added, with which roles, by whom.

A user is no case: no workflow says who may do what, and nobody finds users among the cases. But
their entries lie in the same chain, under the same daily seals, and `audit verify` holds every row
against them. Of a password the entry has a keyed mark of its hash, so that one that was put in by
hand shows; nobody can find the password by it.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from relief.accounts.queries import USER, USER_ROLE
from relief.engine.actors import SYSTEM, Actor
from relief.engine.cases import stale
from relief.engine.journal.chain import JOURNAL
from relief.engine.journal.records import Recording, write_down
from relief.engine.kinds import RecordKind
from relief.kernel.errors import Problem
from relief.kernel.text import _
from relief.kernel.unit_of_work import UnitOfWork

KEY, ACTIVE, DISABLED = "user", "active", "disabled"
_STATE = sa.case((USER.c.disabled_at.is_(None), ACTIVE), else_=DISABLED).label("state")
_WORDS = {
    "username": _("user name"),
    "roles": _("roles"),
    "is_demo": _("demo account"),
    "password": _("password"),
    "full_name": _("full name"),
}


@dataclass(frozen=True)
class UserRow:
    """A user as the row has them; `version` counts the entries."""

    id: int
    username: str
    full_name: str
    password_hash: str = field(repr=False)
    is_demo: bool
    version: int
    journal_head: str
    disabled_at: dt.datetime | None
    roles: frozenset[str]

    @property
    def state(self) -> str:
        """The word that the journal has for it."""
        return DISABLED if self.disabled_at else ACTIVE


def user_row(work: UnitOfWork, username: str) -> UserRow | None:
    """The user of a name, disabled or not."""
    return next(_user_rows(work, USER.c.username == username), None)


def record_change(
    work: UnitOfWork, actor: Actor, before: UserRow | None, user_id: int, action: str
) -> int:
    """Write down what was just changed, and give the version that the user has now; `before` is the
    row as it was read, None for a new user. Refused where somebody else changed it meanwhile."""
    after = next(_user_rows(work, USER.c.id == user_id))
    seen = before.version if before else 0
    if after.version != seen:
        raise stale(after.username, seen, after.version)
    recording = Recording(
        kind=KEY,
        subject_id=user_id,
        number=seen + 1,
        action=action,
        from_state=before.state if before and seen else "",
        to_state=after.state,
        previous_hash=after.journal_head,
        facts=facts_of(work, after),
    )
    head = write_down(work, actor, recording, work.instant())
    work.connection.execute(
        sa.update(USER).where(USER.c.id == user_id).values(version=seen + 1, journal_head=head)
    )
    return seen + 1


def facts_of(work: UnitOfWork, user: UserRow) -> dict[str, Any]:
    """What an entry says of a user."""
    return {
        "username": user.username,
        "roles": sorted(user.roles),
        "is_demo": user.is_demo,
        "password": work.cipher.blind_index(user.password_hash, "password"),
        "full_name": user.full_name,
    }


def record_earlier_users(work: UnitOfWork) -> None:
    """Give everybody who was added before users had a journal their first entry (`relief init`).
    Where the journal of users has begun already, a user without an entry was put in by hand, and
    stays without one."""
    if work.rows(sa.select(JOURNAL.c.id).where(JOURNAL.c.subject_kind == KEY).limit(1)):
        return
    for user in list(_user_rows(work, USER.c.version == 0)):
        record_change(work, SYSTEM, user, user.id, "take_over")


def differences(work: UnitOfWork) -> Iterator[Problem]:
    """Every user who is not what the last entry says."""
    told = {
        row.subject_id: row
        for row in work.rows(
            sa.select(JOURNAL.c.subject_id, JOURNAL.c.facts)
            .join(USER, USER.c.id == JOURNAL.c.subject_id)
            .where(JOURNAL.c.subject_kind == KEY, JOURNAL.c.number == USER.c.version)
        )
    }
    for user in _user_rows(work, sa.true()):
        if user.id not in told:
            continue  # the chain's own check tells that
        # What was written before users had full names says of none.
        stored, facts = facts_of(work, user), {"full_name": ""} | _facts(told[user.id].facts)
        changed = [word for name, word in _WORDS.items() if stored[name] != facts.get(name)]
        if changed:
            text = _(
                "{no} is not what its journal says: {what} was changed by hand.",
                no=user.username,
                what=changed,
            )
            yield Problem("user.altered", text)


def _user_rows(work: UnitOfWork, which: sa.ColumnElement[bool]) -> Iterator[UserRow]:
    names = [name for name in UserRow.__dataclass_fields__ if name != "roles"]
    columns = [USER.c[name] for name in names]
    roles: dict[int, set[str]] = {}
    for row in work.rows(
        sa.select(USER_ROLE).join(USER, USER.c.id == USER_ROLE.c.user_id).where(which)
    ):
        roles.setdefault(row.user_id, set()).add(row.role)
    for row in work.rows(sa.select(*columns).where(which).order_by(USER.c.username)):
        yield UserRow(**row._mapping, roles=frozenset(roles.get(row.id, ())))


def _facts(text: str) -> dict[str, Any]:
    """An entry's facts; none where somebody wrote there what is no such thing."""
    try:
        facts = json.loads(text)
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}


RECORD = RecordKind(
    KEY,
    sa.select(
        USER.c.id,
        _STATE,
        USER.c.version,
        USER.c.journal_head,
        sa.literal("").label("definition_sha256"),
        USER.c.username.label("reference"),
    ),
    altered=differences,
)
