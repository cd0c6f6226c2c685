"""Reads of the people who work here."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from relief.accounts.tables import User, UserRole
from relief.engine.actors import Actor
from relief.kernel.database import UnitOfWork, table_of
from relief.kernel.errors import NotFound, refuse
from relief.kernel.text import _

USER, USER_ROLE = table_of(User), table_of(UserRole)


def find_actor(work: UnitOfWork, username: str) -> Actor:
    """The user who acts, with the roles held now; unknown and disabled ones are refused."""
    rows = work.rows(
        sa.select(USER.c.username, USER_ROLE.c.role)
        .join(USER_ROLE, USER_ROLE.c.user_id == USER.c.id)
        .where(USER.c.username == username, USER.c.disabled_at.is_(None))
    )
    if not rows:
        raise refuse(
            NotFound,
            "user.unknown",
            _(
                'There is no user "{name}" who may act here; an admin adds one with '
                '"relief user add".',
                name=username[:40],
            ),
            "actor",
        )
    return Actor(username, frozenset(row.role for row in rows))


def who_holds(work: UnitOfWork, roles: Collection[str]) -> list[Actor]:
    """The enabled users who hold any of these roles, by name."""
    return [
        Actor(row.username, frozenset(roles))
        for row in work.rows(
            sa.select(USER.c.username)
            .distinct()
            .join(USER_ROLE, USER_ROLE.c.user_id == USER.c.id)
            .where(USER_ROLE.c.role.in_(list(roles)), USER.c.disabled_at.is_(None))
            .order_by(USER.c.username)
        )
    ]


def any_user(work: UnitOfWork) -> bool:
    """True where somebody has been added."""
    return bool(work.rows(sa.select(USER.c.id).limit(1)))


def any_demo_user(work: UnitOfWork) -> bool:
    """True where an account of the demo may still sign in."""
    return bool(
        work.rows(
            sa.select(USER.c.id)
            .where(USER.c.is_demo.is_(True), USER.c.disabled_at.is_(None))
            .limit(1)
        )
    )
