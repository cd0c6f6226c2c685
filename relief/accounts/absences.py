"""Use cases of people who are away: record it, and end it early.

Who is away names the deputy, or an admin does; nobody makes themself the deputy of another.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from relief.accounts.queries import ABSENCE, USER, absences_within
from relief.accounts.rules import USERNAME, Away
from relief.accounts.tables import Absence
from relief.engine.actors import Actor, check_own_name
from relief.engine.journal.kept_rows import KeptRows, write_ended, write_made
from relief.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Problem, refuse
from relief.kernel.text import Username, _
from relief.kernel.unit_of_work import UnitOfWork

# Longer, or further ahead: more likely a wrong year than a plan.
DAYS_MAX = 366
REASON_LENGTH_MAX = 200
_WHO = sa.select(USER.c.username).where(USER.c.id == ABSENCE.c.user_id).scalar_subquery()
# Each absence has entries in the journal: a deputy who was put in by hand shows.
KEPT = KeptRows("absence", ABSENCE, _WHO)


@dataclass(frozen=True)
class AbsenceForm:
    """An absence as it is asked for; `deputy` and `reason` may be blank."""

    username: str
    from_on: dt.date
    until_on: dt.date
    deputy: str = ""
    reason: str = ""


def record_absence(work: UnitOfWork, actor: Actor, form: AbsenceForm) -> Away:
    """Record that somebody will be away (that person, or an admin). Every fault at once."""
    at = work.instant()
    _check_may(actor, form.username)
    ids = _enabled_ids(work, form.username, form.deputy)
    if form.username not in ids:
        raise _unknown(form.username)
    problems = [*_day_problems(form, work.today), *_deputy_problems(form, actor, ids)]
    problems += _overlaps(work, form) if not problems else []
    if len(form.reason) > REASON_LENGTH_MAX:
        text = _("a reason has {most} characters at most", most=REASON_LENGTH_MAX)
        problems.append(Problem("absence.reason", text, "reason"))
    if problems:
        raise Invalid(problems)
    row_id = work.insert(
        Absence,
        user_id=ids[form.username],
        from_on=form.from_on,
        until_on=form.until_on,
        deputy_id=ids.get(form.deputy),
        sealed_reason=_sealed(work, form, at),
        recorded_at=at,
        recorded_by=actor.username,
    )
    write_made(work, actor, KEPT, row_id)
    return Away(form.username, form.from_on, form.until_on, form.deputy)


def end_absence(
    work: UnitOfWork, actor: Actor, username: str, from_on: dt.date | None = None
) -> Away:
    """End today's absence of somebody, or the next that is to come (that person, or an admin): from
    now on it counts for nothing. `from_on` names the one that begins then, and no other."""
    at = work.instant()
    _check_may(actor, username)
    coming = [each for each in absences_within(work, work.today, dt.date.max)
              if each.username == username and from_on in (None, each.from_on)]  # fmt: skip
    if not coming:
        raise refuse(
            Conflict,
            "absence.none",
            _("{name} is not away, and no absence is to come.", name=Username(username[:40])),
            "username",
        )
    of_user = sa.select(USER.c.id).where(USER.c.username == username).scalar_subquery()
    stands = sa.select(ABSENCE.c.id).where(
        ABSENCE.c.user_id == of_user,
        ABSENCE.c.from_on == coming[0].from_on,
        ABSENCE.c.ended_at.is_(None),
    )
    for (row_id,) in work.rows(stands):
        ended = sa.update(ABSENCE).where(ABSENCE.c.id == row_id)
        work.connection.execute(ended.values(ended_at=at, ended_by=actor.username))
        write_ended(work, actor, KEPT, row_id)
    return coming[0]


def may_record(actor: Actor, username: str) -> bool:
    """True where somebody may record, and end, an absence of this user: their own, or as an
    admin."""
    return actor.username == username or "admin" in actor.roles


def _check_may(actor: Actor, username: str) -> None:
    check_own_name(actor)
    if may_record(actor, username):
        return
    text = _("Who is away is recorded by {name}, or by an admin.", name=Username(username))
    raise refuse(NotAllowed, "absence.role", text, "actor")


def _enabled_ids(work: UnitOfWork, *usernames: str) -> dict[str, int]:
    names = [name for name in usernames if USERNAME.fullmatch(name)]
    named = sa.select(USER.c.username, USER.c.id).where(
        USER.c.username.in_(names), USER.c.disabled_at.is_(None)
    )
    return {row.username: row.id for row in work.rows(named)}


def _unknown(username: str) -> NotFound:
    text = _('There is no user "{name}" who works here now.', name=username[:40])
    return NotFound(Problem("user.unknown", text, "username"))


def _day_problems(form: AbsenceForm, today: dt.date) -> Iterator[Problem]:
    if form.until_on < form.from_on:
        text = _("the last day, {last}, lies before the first, {first}",
                 last=form.until_on, first=form.from_on)  # fmt: skip
        yield Problem("absence.backwards", text, "until")
    elif form.until_on < today:
        text = _("it was over on {last}; only what is still to come changes who may act",
                 last=form.until_on)  # fmt: skip
        yield Problem("absence.over", text, "until")
    elif form.until_on - form.from_on >= dt.timedelta(days=DAYS_MAX):
        text = _("nobody is away for more than {most} days; an admin disables who has left",
                 most=DAYS_MAX)  # fmt: skip
        yield Problem("absence.too_long", text, "until")
    elif form.from_on - today > dt.timedelta(days=DAYS_MAX):
        text = _("it begins more than {most} days ahead; is the year right?", most=DAYS_MAX)
        yield Problem("absence.too_far", text, "from")


def _deputy_problems(form: AbsenceForm, actor: Actor, ids: dict[str, int]) -> Iterator[Problem]:
    if not form.deputy:
        return
    if form.deputy == form.username:
        text = _(
            "{name} cannot act for themself while away; name somebody else",
            name=Username(form.deputy),
        )
        yield Problem("absence.own_deputy", text, "deputy")
    elif form.deputy not in ids:
        text = _('there is no user "{name}" who works here now', name=form.deputy[:40])
        yield Problem("absence.deputy_unknown", text, "deputy")
    elif form.deputy in actor.people:
        text = _(
            "nobody makes themself the deputy of another; {name}, or another admin, records it",
            name=Username(form.username),
        )
        yield Problem("absence.made_oneself_deputy", text, "deputy")


def _overlaps(work: UnitOfWork, form: AbsenceForm) -> list[Problem]:
    return [
        Problem(
            "absence.overlaps",
            _(
                "{name} is away from {first} until {last} already; end that first",
                name=Username(form.username),
                first=each.from_on,
                last=each.until_on,
            ),
            "from",
        )
        for each in absences_within(work, form.from_on, form.until_on)
        if each.username == form.username
    ]


def _sealed(work: UnitOfWork, form: AbsenceForm, at: dt.datetime) -> bytes | None:
    """Why somebody is away is theirs alone: it may be an illness."""
    reason = form.reason.strip()
    token = f"{form.username}:{at.isoformat()}"
    return work.cipher.seal(reason, f"absence.reason:{token}") if reason else None
