"""Who leaves the office, or works on cases no longer: restricted matters do not go with them. Those
that nobody can read any more are counted, to whoever administers users, and named to nobody."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from relief.accounts.service import change_roles, disable_user
from relief.engine.actors import SYSTEM, Actor, check_own_name
from relief.engine.cases import load_case
from relief.engine.steps.advance import advance
from relief.engine.work import Work
from relief.kernel.errors import Conflict, Invalid, NotAllowed, refuse
from relief.kernel.text import Username, _
from relief.petitions.queries import CASE, is_open, open_states_of
from relief.petitions.seeing import aside_of_many, seers_of_many
from relief.petitions.workers import people_of_cases

_STEP = "name_readers"
# Which restricted cases: by their ids, with their kinds.
Cases = dict[int, str]


def let_go(
    work: Work,
    actor: Actor,
    username: str,
    seen_version: int | None = None,
    *,
    leaves_unread: bool = False,
) -> None:
    """Disable a user (admin). Refused where restricted matters would be left that nobody can read,
    unless whoever does it says so (`leaves_unread`): who has died names no reader."""
    work.instant()
    before = _unread(work)
    disable_user(work, actor, username, seen_version)
    if not leaves_unread:
        _check_none_left(work, before, username, "leaves_unread")


def give_roles(
    work: Work, actor: Actor, username: str, roles: list[str], seen_version: int | None = None
) -> None:
    """Give a user these roles and no others (admin), refused in the same way."""
    work.instant()
    before = _unread(work)
    change_roles(work, actor, username, roles, seen_version)
    _check_none_left(work, before, username, "role")


def matters_nobody_reads(work: Work) -> int:
    """How many restricted matters nobody can read any more, open or ended."""
    return len(_unread(work))


def open_count(work: Work, username: str) -> int:
    """How many open cases are this user's; restricted ones are counted for nobody who is no reader
    of them."""
    theirs = sa.select(sa.func.count()).where(
        CASE.c.case_worker == username, ~CASE.c.restricted, is_open(open_states_of(work))
    )
    return int(work.connection.scalar(theirs) or 0)


def name_reader(work: Work, actor: Actor, username: str) -> int:
    """Name a reader of every restricted matter that nobody can read any more (admin, who sees none
    of them); gives of how many. Each takes a step of its own, by the program for the admin. Those
    in which the named one stands aside wait for somebody else."""
    work.instant()
    check_own_name(actor)
    if "admin" not in actor.roles:
        text = _("An administrator names the reader of what nobody can read any more.")
        raise refuse(NotAllowed, "reader.role", text, "actor")
    if username not in people_of_cases(work):
        text = _("Choose a clerk or an approver who works here.")
        raise refuse(Invalid, "reader.unknown", text, "reader")
    found = _unread(work)
    aside = aside_of_many(work, found)
    named = [case_id for case_id in found if username not in aside[case_id]]
    if not named:
        text = _("There is no restricted matter that {name} could be named for.",
                 name=Username(username))  # fmt: skip
        raise refuse(Conflict, "reader.none", text, "reader")
    by = replace(SYSTEM, roles=frozenset({"approver"}), on_behalf_of=actor.username)
    taken = [case_id for case_id in named if _starts(work, found[case_id], case_id)]
    for case_id in taken:
        advance(work, found[case_id], case_id, _STEP, by, fields={"readers": username})
    return len(taken)


def _starts(work: Work, kind: str, case_id: int) -> bool:
    """Whether readers may be named as the case stands: an office's own state may not have it."""
    case = load_case(work, kind, case_id)
    return case.machine.definition.action_from(case.state, _STEP) is not None


def _check_none_left(work: Work, before: Cases, username: str, field: str) -> None:
    left = _unread(work).keys() - before.keys()
    if not left:
        return
    text = _(
        "{name} is the only reader of restricted matters: {count}. They name another reader first, "
        "on the page of each case.",
        name=Username(username),
        count=len(left),
    )
    raise refuse(Conflict, "user.only_reader", text, field)


def _unread(work: Work) -> Cases:
    """The restricted cases that nobody who works on cases may see. (A merged one is read with the
    case that it went into.)"""
    columns = (CASE.c.id, CASE.c.kind, CASE.c.restricted, CASE.c.merged_into_id)
    restricted = sa.select(*columns).where(CASE.c.restricted, CASE.c.merged_into_id.is_(None))
    rows = [dict(row) for row in work.connection.execute(restricted.order_by(CASE.c.id)).mappings()]
    seers, here = seers_of_many(work, rows), frozenset(people_of_cases(work))
    return {row["id"]: row["kind"] for row in rows if not (seers[row["id"]] or here) & here}
