"""Stepping aside: who has an interest of their own in a case takes no step of it (信访工作条例
article 28)."""

from __future__ import annotations

import sqlalchemy as sa

from relief.engine.step import Step
from relief.engine.tables import Recusal
from relief.engine.work import Work
from relief.kernel.database import UnitOfWork, table_of
from relief.kernel.errors import Problem
from relief.kernel.text import _

RECUSAL = table_of(Recusal)
_STANDING = sa.select(RECUSAL.c.username).where(
    RECUSAL.c.subject_kind == sa.bindparam("b_kind"),
    RECUSAL.c.subject_id == sa.bindparam("b_id"),
    RECUSAL.c.ended_at.is_(None),
)


def recused(work: UnitOfWork, kind: str, subject_id: int) -> frozenset[str]:
    """The users who stand aside in a case."""
    found = work.session.connection().execute(_STANDING, {"b_kind": kind, "b_id": subject_id})
    return frozenset(found.scalars())


def colleague_of(step: Step) -> str:
    """Who steps aside: the colleague named, else who takes the step."""
    return step.fields.get("colleague") or step.actor.username


def colleague_is_known(work: Work, step: Step) -> list[Problem]:
    """A colleague who is named works here."""
    named = step.fields.get("colleague", "")
    if not named or named in work.workflows.staff(work):
        return []
    text = _('There is no user "{name}" who works here.', name=named[:40])
    return [Problem("recusal.colleague_unknown", text, "colleague")]


def step_aside(work: Work, step: Step) -> None:
    """From now on this person takes no step of the case; said twice it stands once."""
    colleague = colleague_of(step)
    if colleague in recused(work, step.kind, step.subject_id):
        return
    work.insert(
        Recusal,
        subject_kind=step.kind,
        subject_id=step.subject_id,
        username=colleague,
        recorded_at=step.at,
        recorded_by=step.actor.username,
    )


def end_recusal(work: Work, step: Step) -> None:
    """Somebody else says that the interest is gone."""
    work.session.execute(
        sa.update(RECUSAL)
        .where(
            RECUSAL.c.subject_kind == step.kind,
            RECUSAL.c.subject_id == step.subject_id,
            RECUSAL.c.username == step.fields.get("colleague", ""),
            RECUSAL.c.ended_at.is_(None),
        )
        .values(ended_at=step.at)
    )


GUARDS = {colleague_is_known.__name__: colleague_is_known}
EFFECTS = {step_aside.__name__: step_aside, end_recusal.__name__: end_recusal}
