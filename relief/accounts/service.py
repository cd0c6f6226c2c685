"""Use cases of accounts: adding users."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from relief.accounts.passwords import hashed
from relief.accounts.queries import USER, any_user
from relief.accounts.rules import USERNAME
from relief.accounts.tables import User, UserRole
from relief.engine.actors import SCHEDULER, SYSTEM, Actor
from relief.kernel.database import UnitOfWork
from relief.kernel.errors import Invalid, NotAllowed, Problem, refuse
from relief.kernel.text import _

ROLES = ("clerk", "approver", "finance", "admin", "auditor")
PASSWORD_LENGTH_MIN = 12
PASSWORD_LENGTH_MAX = 200
_RESERVED = {SCHEDULER.username, SYSTEM.username}


def add_user(
    work: UnitOfWork,
    actor: Actor | None,
    username: str,
    roles: Sequence[str],
    password: str,
    *,
    is_demo: bool = False,
) -> None:
    """Add a user (admin). The first of all needs nobody to add it, and has to be an admin."""
    at = work.instant()
    first = not any_user(work)
    if not first and (actor is None or "admin" not in actor.roles):
        raise refuse(
            NotAllowed,
            "user.role",
            _("Only an admin may add users; name one with --actor."),
            "actor",
        )
    problems = _faults(work, username, roles, password)
    if first and "admin" not in roles:
        problems.append(
            Problem("user.first", _("the first user has to be an admin, to add the others"), "role")
        )
    if problems:
        raise Invalid(problems)
    user_id = work.insert(
        User,
        username=username,
        password_hash=hashed(password),
        is_demo=is_demo,
        recorded_at=at,
    )
    work.insert_all(UserRole, [{"user_id": user_id, "role": role} for role in sorted(set(roles))])


def _faults(work: UnitOfWork, username: str, roles: Sequence[str], password: str) -> list[Problem]:
    problems = []
    if not USERNAME.fullmatch(username) or username in _RESERVED:
        problems.append(
            Problem(
                "user.name",
                _(
                    '"{name}" cannot be a user name; use 2 to 32 of a-z, 0-9, dot, dash, beginning '
                    "with a letter, and not scheduler or system",
                    name=username[:40],
                ),
                "username",
            )
        )
    elif work.rows(sa.select(USER.c.id).where(USER.c.username == username)):
        problems.append(
            Problem("user.exists", _('a user "{name}" exists already', name=username), "username")
        )
    if not roles:
        problems.append(
            Problem("user.no_role", _("give at least one role: {known}", known=list(ROLES)), "role")
        )
    problems += [
        Problem(
            "user.unknown_role",
            _('"{role}" is not a role; the roles are {known}', role=role, known=list(ROLES)),
            "role",
        )
        for role in roles
        if role not in ROLES
    ]
    if not PASSWORD_LENGTH_MIN <= len(password) <= PASSWORD_LENGTH_MAX:
        problems.append(
            Problem(
                "user.password",
                _(
                    "a password needs {least} characters or more, {most} at most",
                    least=PASSWORD_LENGTH_MIN,
                    most=PASSWORD_LENGTH_MAX,
                ),
                "password",
            )
        )
    return problems
