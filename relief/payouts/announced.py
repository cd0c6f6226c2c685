"""The board of public notices: what is announced, with what would be paid a month."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from relief.engine.clocks.terms import Reckoned
from relief.engine.work import Work
from relief.households.life.notices import Notice, last_notice, last_notices, notice_runs
from relief.households.queries import find_household
from relief.kernel.errors import NotFound, refuse
from relief.kernel.money import Fen
from relief.kernel.text import _
from relief.kernel.unit_of_work import UnitOfWork
from relief.payouts.entitlement.window import RATE

# The states in which a notice hangs on the board; while an objection is looked into it stays.
_ON_NOTICE = ("published", "objection")


@dataclass(frozen=True)
class Announcement:
    """A notice with its amount a month, and how long it stands."""

    notice: Notice
    monthly_fen: Fen | None
    runs: Reckoned | None


def board(work: Work) -> list[Announcement]:
    """Everything that is on public notice now, by household number."""
    return [announcement_of(work, each) for each in last_notices(work, _ON_NOTICE)]


def last_announcement(work: Work, household_no: str) -> Announcement:
    """What was announced of a household last; refused (`NotFound`) where nothing ever was."""
    file = find_household(work, household_no)
    found = last_notice(work, file.id)
    if found is None:
        text = _("Household {no} was never put on public notice.", no=file.household_no)
        raise refuse(NotFound, "notice.none", text, "household_no")
    return announcement_of(work, found)


def announcement_of(work: Work, notice: Notice) -> Announcement:
    """A notice as it hangs on the board."""
    runs = notice_runs(work, notice.household_id)
    return Announcement(notice, announced_fen(work, notice), runs)


def announced_fen(work: UnitOfWork, notice: Notice) -> Fen | None:
    """Counted members × the rate of the grade announced in the first month that would be paid, as
    known when the notice was put up; None where no rate was confirmed then."""
    statement = (
        sa.select(RATE.c.rate_fen)
        .where(
            RATE.c.grade == notice.grade,
            RATE.c.from_month <= notice.from_month,
            RATE.c.confirmed_at <= notice.recorded_at,
        )
        .order_by(RATE.c.from_month.desc(), RATE.c.confirmed_at.desc(), RATE.c.id.desc())
        .limit(1)
    )
    rate_fen = work.connection.execute(statement).scalar_one_or_none()
    return None if rate_fen is None else notice.counted_members * int(rate_fen)
