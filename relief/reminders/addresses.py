"""Where somebody's mail goes: set by themself, or by an admin. Each change is a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from relief.accounts.queries import USER, no_such_user
from relief.engine.actors import Actor, check_own_name
from relief.engine.journal.kept_rows import KeptRows, write_ended, write_made
from relief.kernel.columns import table_of
from relief.kernel.crypto import new_token
from relief.kernel.errors import Invalid, NotAllowed, ReliefError, refuse
from relief.kernel.text import _, is_plain
from relief.kernel.unit_of_work import UnitOfWork
from relief.reminders.rules import address_problems
from relief.reminders.tables import MailAddress

ADDRESS = table_of(MailAddress)
_STANDING = (
    sa.select(ADDRESS)
    .join(USER, USER.c.id == ADDRESS.c.user_id)
    .where(USER.c.username == sa.bindparam("b_username"), ADDRESS.c.ended_at.is_(None))
)


@dataclass(frozen=True)
class OwnMail:
    """Where somebody's mail goes ("": nowhere), and whether they want the day's."""

    address: str
    digest: bool


def mail_of(work: UnitOfWork, username: str) -> OwnMail:
    """What somebody set, or was set for them."""
    found = work.connection.execute(_STANDING, {"b_username": username}).mappings()
    row = found.one_or_none()
    return OwnMail(opened(work, dict(row)), row["digest"]) if row else OwnMail("", True)


def opened(work: UnitOfWork, row: Mapping[str, Any]) -> str:
    """The address of a row; "" where it was written for somebody else, or altered: no mail goes
    where nobody said that it should."""
    return _opened(work, row) or ""


def is_its_owners(work: UnitOfWork, row: Mapping[str, Any]) -> bool:
    """False for a row whose address was written for somebody else, or altered."""
    return _opened(work, row) is not None


def _opened(work: UnitOfWork, row: Mapping[str, Any]) -> str | None:
    try:
        return work.cipher.open(row["sealed_address"], _context(row["token"], row["user_id"]))
    except (ReliefError, ValueError):
        return None


def set_mail(work: UnitOfWork, actor: Actor, username: str, address: str, *, digest: bool) -> None:
    """From now on somebody's mail goes there ("": nowhere). Refused (`NotAllowed`) for who is
    neither that person nor an admin, (`Invalid`) for what is no address."""
    check_own_name(actor)
    if actor.username != username and "admin" not in actor.roles:
        text = _("Everybody says themself where their mail goes; else an administrator does.")
        raise refuse(NotAllowed, "mail.not_yours", text, "address")
    at, user_id, wanted = work.instant(), user_id_of(work, username), address.strip()
    problems = list(address_problems(wanted)) if wanted else []
    if problems:
        raise Invalid(problems)
    if mail_of(work, username) == OwnMail(wanted, digest):
        return
    stands = sa.select(ADDRESS.c.id).where(
        ADDRESS.c.user_id == user_id, ADDRESS.c.ended_at.is_(None)
    )
    for (row_id,) in work.rows(stands):
        ended = sa.update(ADDRESS).where(ADDRESS.c.id == row_id).values(ended_at=at)
        work.connection.execute(ended)
        write_ended(work, actor, KEPT, row_id)
    token = new_token()
    made = work.insert(
        MailAddress,
        user_id=user_id,
        token=token,
        sealed_address=work.cipher.seal(wanted, _context(token, user_id)),
        digest=digest,
        recorded_at=at,
        recorded_by=actor.username,
        ended_at=None,
    )
    write_made(work, actor, KEPT, made)


def username_of(table: sa.Table) -> sa.ScalarSelect[str]:
    """Whose a row is, within a statement on its table."""
    return sa.select(USER.c.username).where(USER.c.id == table.c.user_id).scalar_subquery()


def user_id_of(work: UnitOfWork, username: str) -> int:
    """The id of a user, disabled or not; refused where there is none."""
    named = username if is_plain(username) else ""
    found = work.rows(sa.select(USER.c.id).where(USER.c.username == named))
    if not found:
        raise no_such_user(username)
    return int(found[0].id)


def _context(token: str, user_id: int) -> str:
    return f"mail_address.address:{token}:{user_id}"


# Each address has entries in the journal.
KEPT = KeptRows("mail_address", ADDRESS, username_of(ADDRESS))
