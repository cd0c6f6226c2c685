"""Stepping aside: who has an interest of their own in a case takes no step of it (信访工作条例
article 28)."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from relief.engine.actors import CASE_ROLES, Actor
from relief.engine.cases import Case
from relief.engine.definitions.kept import Must
from relief.engine.step import Step
from relief.engine.tables import Recusal
from relief.engine.work import Work
from relief.kernel.columns import table_of
from relief.kernel.errors import NotAllowed, Problem, refuse
from relief.kernel.looking import asked_once, know
from relief.kernel.text import Text, Username, _
from relief.kernel.unit_of_work import UnitOfWork, in_chunks

RECUSAL = table_of(Recusal)
_STANDING = sa.select(RECUSAL.c.username).where(
    RECUSAL.c.subject_kind == sa.bindparam("b_kind"),
    RECUSAL.c.subject_id == sa.bindparam("b_id"),
    RECUSAL.c.ended_at.is_(None),
)
_STANDING_IN_SOME = sa.select(RECUSAL.c.subject_id, RECUSAL.c.username).where(
    RECUSAL.c.subject_kind == sa.bindparam("b_kind"),
    RECUSAL.c.subject_id.in_(sa.bindparam("b_ids", expanding=True)),
    RECUSAL.c.ended_at.is_(None),
)


@asked_once
def recused(work: UnitOfWork, kind: str, subject_id: int) -> frozenset[str]:
    """The users who stand aside in a case."""
    found = work.connection.execute(_STANDING, {"b_kind": kind, "b_id": subject_id})
    return frozenset(found.scalars())


def recused_in(
    work: UnitOfWork, kind: str, subject_ids: Iterable[int]
) -> dict[int, frozenset[str]]:
    """The same of each of some cases."""
    aside: dict[int, set[str]] = {subject_id: set() for subject_id in subject_ids}
    for chunk in in_chunks(aside):
        for row in work.connection.execute(_STANDING_IN_SOME, {"b_kind": kind, "b_ids": chunk}):
            aside[row.subject_id].add(row.username)
    return {subject_id: frozenset(names) for subject_id, names in aside.items()}


def know_recused(work: UnitOfWork, kind: str, subject_ids: Iterable[int]) -> None:
    """Read the same beforehand."""
    for subject_id, names in recused_in(work, kind, subject_ids).items():
        know(work, recused, names, kind, subject_id)


def all_aside(work: UnitOfWork, kind: str, subject_id: int, identities: Iterable[Actor]) -> bool:
    """True where somebody stands aside in a case, as themself and for whomever they act."""
    aside = recused(work, kind, subject_id)
    return bool(aside) and all(each.people & aside for each in identities)


def check_not_aside(work: UnitOfWork, case: Case, actor: Actor) -> None:
    """Refuse (`NotAllowed`) who stands aside in a case what is not a step of it, and yet is for who
    works on it alone: the petitioner's number, their check code."""
    people = actor.people & recused(work, case.kind.key, case.id)
    if people:
        raise refuse(NotAllowed, "step.recused", told_aside(people, case.reference))


def told_aside(people: Iterable[str], reference: str) -> Text:
    """That these stand aside in a case."""
    return _(
        "{people} has stepped aside from {reference} because of an interest of their own.",
        people=[Username(each) for each in sorted(people)],
        reference=reference,
    )


def colleague_of(step: Step) -> str:
    """Who steps aside: the colleague named, else who takes the step."""
    return step.fields.get("colleague") or step.actor.username


def colleague_is_known(work: Work, step: Step) -> list[Problem]:
    """A colleague who is named works here. Who has an interest says so alone; that a colleague has
    one an approver decides: else a clerk could keep out whoever would refuse."""
    problems = []
    named = colleague_of(step)
    if named != step.actor.username:
        if named not in work.workflows.staff(work):
            text = _('There is no user "{name}" who works here.', name=named[:40])
            problems.append(Problem("recusal.colleague_unknown", text, "colleague"))
        if "approver" not in step.actor.roles:
            text = _("that a colleague stands aside is decided by an approver, or by the colleague")
            problems.append(Problem("recusal.not_yours", text, "colleague"))
    if step.reason and not _is_seen_without(work, step, named):
        text = _("{no} would be seen by nobody; name another reader first", no=step.reference)
        problems.append(Problem("recusal.last_reader", text, "colleague"))
    return problems


def _is_seen_without(work: Work, step: Step, username: str) -> bool:
    """Whether anybody else who works here may see the case."""
    visible = work.workflows.kinds[step.kind].visible
    if visible is None:
        return True
    others = work.workflows.staff(work) - {username}
    return any(visible(work, step.row, Actor(other, frozenset())) for other in sorted(others))


def step_aside(work: Work, step: Step) -> None:
    """From now on this person takes no step of the case."""
    set_aside(work, step, step.subject_id, [colleague_of(step)])


def set_aside(work: Work, step: Step, subject_id: int, usernames: Iterable[str]) -> None:
    """These take no step of a case of the step's kind from now on; said twice it stands once."""
    for username in sorted(set(usernames) - recused(work, step.kind, subject_id)):
        work.insert(
            Recusal,
            subject_kind=step.kind,
            subject_id=subject_id,
            username=username,
            recorded_at=step.at,
            recorded_by=step.actor.username,
        )


def end_recusal(work: Work, step: Step) -> None:
    """Somebody else says that the interest is gone."""
    work.connection.execute(
        sa.update(RECUSAL)
        .where(
            RECUSAL.c.subject_kind == step.kind,
            RECUSAL.c.subject_id == step.subject_id,
            RECUSAL.c.username == step.fields["colleague"],
            RECUSAL.c.ended_at.is_(None),
        )
        .values(ended_at=step.at)
    )


GUARDS = {colleague_is_known.__name__: colleague_is_known}
# Whoever stands aside does not end that alone.
MUST = {
    "recuse": Must(
        guards=(colleague_is_known.__name__,), effects=(step_aside.__name__,), roles=CASE_ROLES
    ),
    "end_recusal": Must(
        guards=(colleague_is_known.__name__,),
        effects=(end_recusal.__name__,),
        fields=("colleague",),
        roles=("approver",),
    ),
}
EFFECTS = {step_aside.__name__: step_aside, end_recusal.__name__: end_recusal}
