"""Reads of the people who work here, and of who is away."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from relief.accounts.rules import Away, holding, who_acts
from relief.accounts.tables import Absence, User, UserRole
from relief.engine.actors import Actor
from relief.kernel.columns import table_of
from relief.kernel.errors import NotAllowed, NotFound, ReliefError, refuse
from relief.kernel.looking import asked_once
from relief.kernel.text import Username, _, is_plain
from relief.kernel.unit_of_work import UnitOfWork

USER, USER_ROLE, ABSENCE = table_of(User), table_of(UserRole), table_of(Absence)
_ROLES_OF = (
    sa.select(USER_ROLE.c.role)
    .join(USER, USER_ROLE.c.user_id == USER.c.id)
    .where(USER.c.username == sa.bindparam("b_username"), USER.c.disabled_at.is_(None))
)
_ROLES = (
    sa.select(USER.c.username, USER_ROLE.c.role)
    .join(USER_ROLE, USER_ROLE.c.user_id == USER.c.id)
    .where(USER.c.disabled_at.is_(None))
    .order_by(USER.c.username)
)
_DEPUTY = USER.alias("deputy")
_AWAY = (
    sa.select(
        USER.c.username,
        ABSENCE.c.from_on,
        ABSENCE.c.until_on,
        sa.func.coalesce(_DEPUTY.c.username, ""),
    )
    .join(USER, USER.c.id == ABSENCE.c.user_id)
    .outerjoin(
        _DEPUTY, sa.and_(_DEPUTY.c.id == ABSENCE.c.deputy_id, _DEPUTY.c.disabled_at.is_(None))
    )
    .where(
        ABSENCE.c.ended_at.is_(None),
        ABSENCE.c.from_on <= sa.bindparam("b_until_on"),
        ABSENCE.c.until_on >= sa.bindparam("b_from_on"),
    )
    .order_by(ABSENCE.c.from_on, ABSENCE.c.id)
)


@dataclass(frozen=True)
class ListedUser:
    """A user as lists show them, disabled or not. `version` is what a form gives back when it is
    sent; `signed_in_at` is real time, the other instants are the office's."""

    username: str
    full_name: str
    roles: frozenset[str]
    recorded_at: dt.datetime
    disabled_at: dt.datetime | None
    signed_in_at: dt.datetime | None
    password_is_lent: bool
    is_demo: bool
    version: int


def list_users(work: UnitOfWork) -> list[ListedUser]:
    """Everybody who works here or did, by name."""
    return _listed(work, sa.true())


def find_user(work: UnitOfWork, username: str) -> ListedUser:
    """One of them by name; refused (`user.no_such`) where there is none."""
    found = _listed(work, USER.c.username == username) if is_plain(username) else []
    if not found:
        raise no_such_user(username)
    return found[0]


def shown_names(work: UnitOfWork) -> dict[str, str]:
    """How people are named for others, by username: of two who are called alike, with it. Who has
    no full name is left out."""
    rows = work.rows(sa.select(USER.c.username, USER.c.full_name).where(USER.c.full_name != ""))
    held = Counter(row.full_name for row in rows)
    return {
        name: full_name if held[full_name] == 1 else f"{full_name} ({name})"
        for name, full_name in rows
    }


def no_such_user(username: str) -> ReliefError:
    """The refusal of a name that nobody has or had."""
    text = _('There is no user "{name}".', name=username[:40])
    return refuse(NotFound, "user.no_such", text, "username")


def _listed(work: UnitOfWork, named: sa.ColumnElement[bool]) -> list[ListedUser]:
    held: dict[int, set[str]] = {}
    roles = sa.select(USER_ROLE).join(USER, USER.c.id == USER_ROLE.c.user_id).where(named)
    for row in work.rows(roles):
        held.setdefault(row.user_id, set()).add(row.role)
    names = [name for name in ListedUser.__dataclass_fields__ if name != "roles"]
    columns = (USER.c[name] for name in names)
    return [
        ListedUser(**dict(zip(names, values, strict=True)), roles=frozenset(held.get(user_id, ())))
        for user_id, *values in work.rows(
            sa.select(USER.c.id, *columns).where(named).order_by(USER.c.username)
        )
    ]


def find_actor(work: UnitOfWork, username: str, acting_for: str = "") -> Actor:
    """The user who acts, with the roles held now; unknown and disabled ones are refused.

    With `acting_for` it acts for somebody who is away today, with their roles; refused
    (`NotAllowed`, field `acting_for`) unless the absence names it as deputy.
    """
    roles = _roles_of(work, username)
    if not roles:
        raise _unknown(username, "actor")
    if not acting_for:
        return Actor(username, roles)
    roles_of_absent = _roles_of(work, acting_for) if is_plain(acting_for) else frozenset()
    if not roles_of_absent:
        raise _unknown(acting_for, "acting_for")
    today = work.today
    if not any(
        (away.username, away.deputy) == (acting_for, username)
        for away in absences_within(work, today, today)
    ):
        raise refuse(
            NotAllowed,
            "user.no_deputy",
            _(
                "{name} does not act for {absent} today: no absence of {absent} says so. The one "
                "who is away, or an admin, records it.",
                name=Username(username),
                absent=Username(acting_for),
            ),
            "acting_for",
        )
    return Actor(username, roles_of_absent, acting_for)


def who_holds(work: UnitOfWork, roles: Collection[str]) -> list[Actor]:
    """Who can act in any of these roles today, by name: enabled users who are not away, and the
    deputies of those who are."""
    return holding(acting_today(work), roles)


@asked_once
def acting_today(work: UnitOfWork) -> list[Actor]:
    """Everybody who can act today, as themself or for somebody who is away, by name."""
    today = work.today
    return who_acts(roles_by_name(work), absences_within(work, today, today), today)


@asked_once
def roles_by_name(work: UnitOfWork) -> dict[str, frozenset[str]]:
    """The enabled users with their roles, by name."""
    found: dict[str, frozenset[str]] = {}
    for row in work.rows(_ROLES):
        found[row.username] = found.get(row.username, frozenset()) | {row.role}
    return found


def absences_within(work: UnitOfWork, from_on: dt.date, until_on: dt.date) -> list[Away]:
    """The absences that cover any of these days, by their first day. A deputy who was disabled
    since is none."""
    days = {"b_from_on": from_on, "b_until_on": until_on}
    return [Away(*row) for row in work.connection.execute(_AWAY, days)]


def staff(work: UnitOfWork) -> frozenset[str]:
    """Everybody who works here, away or not."""
    return frozenset(roles_by_name(work))


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


def _roles_of(work: UnitOfWork, username: str) -> frozenset[str]:
    """The roles of an enabled user; none where there is no such user."""
    return frozenset(work.connection.execute(_ROLES_OF, {"b_username": username}).scalars())


def _unknown(username: str, field: str) -> ReliefError:
    return refuse(
        NotFound,
        "user.unknown",
        _(
            'There is no user "{name}" who may act here; an admin adds one.',
            name=username[:40],
        ),
        field,
    )
