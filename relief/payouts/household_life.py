"""The life of one hardship file as people may read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from relief.engine.actors import Actor
from relief.engine.work import Work
from relief.households.life.notices import last_notice
from relief.households.life.objections import Objection, shown_objections
from relief.households.life.rechecks import Recheck, recheck_of
from relief.households.life.surveys import Visit, last_visit
from relief.households.life.waiting import Waiting, waiting_list
from relief.payouts.announced import Announcement, announcement_of


@dataclass(frozen=True)
class LifeView:
    """What is shown of the life of one file; None and empty where there is nothing."""

    visit: Visit | None
    announcement: Announcement | None
    objections: Sequence[Objection]
    recheck: Recheck | None
    waiting: Waiting | None


def life_of(work: Work, household_id: int, reader: Actor | None) -> LifeView:
    """Read it for somebody (None: who gives no name): who objected is for clerks and approvers."""
    found = last_notice(work, household_id)
    return LifeView(
        last_visit(work, household_id),
        announcement_of(work, found) if found else None,
        shown_objections(work, household_id, reader),
        recheck_of(work, household_id),
        next((w for w in waiting_list(work) if w.household_id == household_id), None),
    )
