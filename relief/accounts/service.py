"""Use cases of accounts: who works here, with which roles, and how they prove who they are.

Each is written down in the journal, and ends every session of the user: a session holds for the
user as they were when it began.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from relief.accounts.passwords import NewPassword, hashed
from relief.accounts.queries import USER, USER_ROLE, any_user, no_such_user
from relief.accounts.refusals import (
    full_name_problems,
    name_problems,
    password_problems,
    role_problems,
)
from relief.accounts.sessions import WRONG, Candidate, end_sessions
from relief.accounts.tables import User, UserRole
from relief.accounts.user_journal import UserRow, record_change, user_row
from relief.engine.actors import SYSTEM, Actor
from relief.engine.cases import stale
from relief.kernel.errors import Conflict, Invalid, NotAllowed, Problem, refuse
from relief.kernel.text import Text, _
from relief.kernel.unit_of_work import UnitOfWork


def add_user(  # noqa: PLR0913  (all that a user is)
    work: UnitOfWork,
    actor: Actor | None,
    username: str,
    roles: Sequence[str],
    password: str | NewPassword,
    *,
    full_name: str = "",
    is_demo: bool = False,
    lent: bool = False,
) -> None:
    """Add a user (admin). The first of all needs nobody to add it, and has to be an admin. `lent`:
    somebody else chose the password, and its owner is to choose another. Every fault at once."""
    at, chosen = work.instant(), _chosen(password)
    first = not any_user(work)
    if not first:
        _check_admin(actor)
    problems = [*name_problems(username), *_taken(work, username), *role_problems(roles)]
    problems += password_problems(chosen.typed, username)
    problems += full_name_problems(full_name.strip())
    if first and "admin" not in roles:
        text = _("the first user has to be an admin, to add the others")
        problems.append(Problem("user.first", text, "role"))
    if problems:
        raise Invalid(problems)
    user_id = work.insert(
        User,
        username=username,
        full_name=full_name.strip(),
        password_hash=chosen.kept or hashed(chosen.typed),
        password_is_lent=lent and not first,
        is_demo=is_demo,
        recorded_at=at,
    )
    _give(work, user_id, roles)
    record_change(work, actor or SYSTEM, None, user_id, "add")


def change_roles(
    work: UnitOfWork,
    actor: Actor,
    username: str,
    roles: Sequence[str],
    seen_version: int | None = None,
) -> None:
    """Give a user these roles and no others (admin)."""
    work.instant()
    user = _found(work, actor, username, seen_version)
    if problems := list(role_problems(roles)):
        raise Invalid(problems)
    if user.roles == frozenset(roles):
        raise refuse(Conflict, "user.same_roles",
                     _("{name} has these roles already.", name=username), "role")  # fmt: skip
    if "admin" not in roles:
        _check_not_last_admin(work, user)
    work.connection.execute(sa.delete(USER_ROLE).where(USER_ROLE.c.user_id == user.id))
    _give(work, user.id, roles)
    record_change(work, actor, user, user.id, "change_roles")


def change_full_name(
    work: UnitOfWork,
    actor: Actor,
    username: str,
    full_name: str,
    seen_version: int | None = None,
) -> None:
    """Write down how others know a user, or that they go by the username alone ("") (admin)."""
    work.instant()
    user, typed = _found(work, actor, username, seen_version), full_name.strip()
    if problems := list(full_name_problems(typed)):
        raise Invalid(problems)
    if user.full_name == typed:
        text = _("{name} is called so already.", name=username)
        raise refuse(Conflict, "user.same_full_name", text, "full_name")
    _change(work, actor, user, "change_full_name", full_name=typed)


def disable_user(
    work: UnitOfWork, actor: Actor, username: str, seen_version: int | None = None
) -> None:
    """Let somebody work here no longer (admin): they sign in no more, and no deadline or list waits
    for them. What they did stays theirs."""
    at = work.instant()
    user = _found(work, actor, username, seen_version)
    if user.disabled_at:
        raise refuse(Conflict, "user.disabled",
                     _("{name} is disabled already.", name=username), "username")  # fmt: skip
    _check_not_last_admin(work, user)
    _change(work, actor, user, "disable", disabled_at=at)


def enable_user(
    work: UnitOfWork, actor: Actor, username: str, seen_version: int | None = None
) -> None:
    """Let somebody who was disabled work here again, with the roles and the password of then
    (admin)."""
    work.instant()
    user = _found(work, actor, username, seen_version)
    if not user.disabled_at:
        raise refuse(Conflict, "user.enabled",
                     _("{name} is not disabled.", name=username), "username")  # fmt: skip
    _change(work, actor, user, "enable", disabled_at=None)


def set_password(
    work: UnitOfWork,
    actor: Actor,
    username: str,
    password: str | NewPassword,
    seen_version: int | None = None,
) -> None:
    """Give somebody a new password (admin). It is lent: they are to choose their own."""
    work.instant()
    user, chosen = _found(work, actor, username, seen_version), _chosen(password)
    if problems := list(password_problems(chosen.typed, username)):
        raise Invalid(problems)
    lent = actor.username != username
    _change(work, actor, user, "set_password",
            password_hash=chosen.kept or hashed(chosen.typed), password_is_lent=lent)  # fmt: skip


def sign_out_user(work: UnitOfWork, actor: Actor, username: str, now: dt.datetime) -> int:
    """End every session of a user, in real time (that user, or an admin); gives how many."""
    if actor.username != username:
        _found(work, actor, username, None)
    return end_sessions(work, username, now)


def change_own_password(
    work: UnitOfWork, actor: Actor, old: Candidate, new: str | NewPassword
) -> Candidate:
    """Choose a password oneself. `old` is oneself as `sessions.candidate` gave it, and the old
    password was held against it by `matches`, before this transaction.

    Gives oneself with the new password: as all sessions end, whoever goes on working opens a new
    one with that (`sessions.open_session`, in the same unit of work).
    """
    work.instant()
    user, chosen = user_row(work, actor.username), _chosen(new)
    if not (user and not user.disabled_at and old.proves(user.username, user.password_hash)):
        raise NotAllowed(WRONG)
    problems = list(password_problems(chosen.typed, user.username))
    if old.is_typed_again(chosen.typed):
        text = _("this is the password that you have; choose another")
        problems.append(Problem("user.same_password", text, "password"))
    if problems:
        raise Invalid(problems)
    kept = chosen.kept or hashed(chosen.typed)
    _change(work, actor, user, "set_password", password_hash=kept, password_is_lent=False)
    return Candidate(old.name, user.username, kept, matched=True)


def _chosen(password: str | NewPassword) -> NewPassword:
    """What was hashed before; a plain text is hashed within, where nobody else waits."""
    return password if isinstance(password, NewPassword) else NewPassword(password, "")


def _check_admin(actor: Actor | None) -> None:
    if actor is None or "admin" not in actor.roles:
        text = _("Only an admin may add users or change them.")
        raise refuse(NotAllowed, "user.role", text, "actor")


def _found(work: UnitOfWork, actor: Actor, username: str, seen_version: int | None) -> UserRow:
    """The user whom an admin wants to change, as the admin saw them."""
    _check_admin(actor)
    user = user_row(work, username) if not list(name_problems(username)) else None
    if user is None:
        raise no_such_user(username)
    if seen_version is not None and seen_version != user.version:
        raise stale(username, seen_version, user.version)
    return user


def _check_not_last_admin(work: UnitOfWork, user: UserRow) -> None:
    if user.disabled_at or "admin" not in user.roles:
        return
    others = (
        sa.select(USER.c.id)
        .join(USER_ROLE, USER_ROLE.c.user_id == USER.c.id)
        .where(USER_ROLE.c.role == "admin", USER.c.disabled_at.is_(None), USER.c.id != user.id)
        .limit(1)
    )
    if not work.rows(others):
        text = _(
            "{name} is the only admin who works here, and without one nobody could change anything "
            "about users any more. Make somebody else an admin first.",
            name=user.username,
        )
        raise refuse(Conflict, "user.last_admin", text, "username")


def _taken(work: UnitOfWork, username: str) -> Iterator[Problem]:
    if not list(name_problems(username)) and user_row(work, username):
        text: Text = _('a user "{name}" exists already', name=username)
        yield Problem("user.exists", text, "username")


def _give(work: UnitOfWork, user_id: int, roles: Sequence[str]) -> None:
    work.insert_all(UserRole, [{"user_id": user_id, "role": role} for role in sorted(set(roles))])


def _change(work: UnitOfWork, actor: Actor, user: UserRow, action: str, **values: object) -> None:
    work.connection.execute(sa.update(USER).where(USER.c.id == user.id).values(**values))
    record_change(work, actor, user, user.id, action)
