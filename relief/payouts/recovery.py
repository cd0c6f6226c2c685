"""The approver's choice: an over-payment is offset against what is due, or waits."""

from __future__ import annotations

import sqlalchemy as sa

from relief.engine.actors import Actor
from relief.engine.advance import advance
from relief.engine.work import Work
from relief.households.tables import Household
from relief.kernel.database import table_of
from relief.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Problem, refuse
from relief.kernel.text import _
from relief.payouts.entitlement.window import CHOICE
from relief.payouts.tables import RecoveryChoice

HOUSEHOLD = table_of(Household)
CHOICES = ("offset", "wait")


def choose_recovery(work: Work, actor: Actor, household_no: str, choice: str, reason: str) -> None:
    """Record the choice for a household from now on; the reason goes into its journal."""
    if "approver" not in actor.roles:
        raise refuse(
            NotAllowed,
            "recovery.role",
            _("Only an approver may choose how an over-payment is recovered."),
        )
    problems = []
    if choice not in CHOICES:
        problems.append(
            Problem(
                "recovery.choice", _("the choice is one of {known}", known=list(CHOICES)), "choice"
            )
        )
    if not reason.strip():
        problems.append(Problem("reason.missing", _("say why, in a sentence"), "reason"))
    if problems:
        raise Invalid(problems)
    at = work.instant()
    household_id = work.session.execute(
        sa.select(HOUSEHOLD.c.id).where(HOUSEHOLD.c.household_no == household_no.strip())
    ).scalar_one_or_none()
    if household_id is None:
        raise refuse(
            NotFound,
            "household.unknown",
            _('There is no hardship file "{no}".', no=household_no[:40]),
            "household_no",
        )
    standing = work.session.execute(
        sa.select(CHOICE).where(
            CHOICE.c.household_id == household_id, CHOICE.c.superseded_at.is_(None)
        )
    ).one_or_none()
    if (standing.choice if standing else "offset") == choice:
        raise refuse(
            Conflict,
            "recovery.same",
            _("For household {no} the choice is {choice} already.", no=household_no, choice=choice),
            "choice",
        )
    work.session.execute(
        sa.update(CHOICE)
        .where(
            CHOICE.c.household_id == household_id,
            CHOICE.c.superseded_at.is_(None),
        )
        .values(superseded_at=at)
    )
    work.insert(
        RecoveryChoice,
        household_id=household_id,
        choice=choice,
        recorded_at=at,
        recorded_by=actor.username,
    )
    advance(
        work,
        "household",
        household_id,
        "choose_recovery",
        actor,
        reason=reason,
        facts={"recovery": choice},
    )
