"""The approver's choice: an over-payment is offset against what is due, or waits."""

from __future__ import annotations

import sqlalchemy as sa

from relief.engine.actors import Actor
from relief.engine.steps.advance import advance
from relief.engine.work import Work
from relief.households.queries import household_id_of
from relief.kernel.errors import Conflict, Invalid, NotAllowed, Problem, refuse
from relief.kernel.text import _
from relief.payouts.entitlement.window import CHOICE
from relief.payouts.tables import RecoveryChoice
from relief.payouts.words import RECOVERY_CHOICES

CHOICES = ("offset", "wait")


def choose_recovery(work: Work, actor: Actor, household_no: str, choice: str, reason: str) -> None:
    """Record the choice for a household from now on (an approver); the reason goes into its
    journal."""
    _check(actor, choice, reason)
    at = work.instant()
    household_id = household_id_of(work, household_no)
    known = sa.and_(CHOICE.c.household_id == household_id, CHOICE.c.superseded_at.is_(None))
    standing = work.connection.execute(sa.select(CHOICE.c.choice).where(known)).scalar_one_or_none()
    if (standing or "offset") == choice:
        raise refuse(
            Conflict,
            "recovery.same",
            _(
                "For household {no} the choice is {choice} already.",
                no=household_no,
                choice=RECOVERY_CHOICES[choice],
            ),
            "choice",
        )
    work.connection.execute(sa.update(CHOICE).where(known).values(superseded_at=at))
    work.insert(
        RecoveryChoice,
        household_id=household_id,
        choice=choice,
        recorded_at=at,
        recorded_by=actor.username,
    )
    facts = {"recovery": choice}
    advance(work, "household", household_id, "choose_recovery", actor, reason=reason, facts=facts)


def _check(actor: Actor, choice: str, reason: str) -> None:
    if "approver" not in actor.roles:
        raise refuse(
            NotAllowed,
            "recovery.role",
            _("Only an approver may choose how an over-payment is recovered."),
        )
    problems = []
    if choice not in CHOICES:
        text = _("the choice is one of {known}", known=list(CHOICES))
        problems.append(Problem("recovery.choice", text, "choice"))
    if not reason.strip():
        problems.append(Problem("reason.missing", _("say why, in a sentence"), "reason"))
    if problems:
        raise Invalid(problems)
