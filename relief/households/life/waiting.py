"""The waiting list: who comes first when a place becomes free.

Grade (deep before accidental before relative), then the lower net income per person, then the
earlier application, then the household number.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from math import floor

import sqlalchemy as sa

from relief.engine.journal.passages import last_taken, passages_of_some
from relief.engine.work import Work
from relief.households.life.notices import NOTICE
from relief.households.life.surveys import SURVEYED, last_visits
from relief.households.tables import Household
from relief.kernel.columns import table_of
from relief.kernel.money import Fen
from relief.kernel.unit_of_work import UnitOfWork, in_chunks
from relief.people.queries import PERSON

HOUSEHOLD = table_of(Household)
GRADE_ORDER = ("deep", "accidental", "relative", "")


@dataclass(frozen=True)
class Waiting:
    """A household on the list. `net_per_person` is fen a month; None where no survey is known."""

    rank: int
    household_id: int
    household_no: str
    applicant_name: str
    township: str
    grade: str
    net_per_person: Fraction | None
    applied_on: dt.date

    @property
    def net_fen(self) -> Fen | None:
        """The net income per person a month as it is shown: shares of a fen left away."""
        return None if self.net_per_person is None else floor(self.net_per_person)

    @property
    def before(self) -> tuple[int, bool, Fraction, dt.date, str]:
        """What stands first comes first."""
        net = self.net_per_person
        return (
            GRADE_ORDER.index(self.grade),
            net is None,
            net if net is not None else Fraction(),
            self.applied_on,
            self.household_no,
        )


def waiting_list(work: Work, *, with_household: int | None = None) -> list[Waiting]:
    """Everyone who waits, the first in rank first; `with_household` as if it waited, too."""
    rows = work.rows(_households(with_household))
    ids = [row.id for row in rows]
    grades, visits = _announced(work, ids), last_visits(work, ids, SURVEYED)
    applied = _applied_on(work, ids)
    found = [
        Waiting(
            rank=0,
            household_id=row.id,
            household_no=row.household_no,
            applicant_name=row.name,
            township=row.township,
            grade=grades.get(row.id, ""),
            net_per_person=visits[row.id].means.net_per_person if row.id in visits else None,
            applied_on=applied[row.id],
        )
        for row in rows
    ]
    return [
        Waiting(**{**vars(each), "rank": rank})
        for rank, each in enumerate(sorted(found, key=lambda each: each.before), start=1)
    ]


def _households(with_household: int | None) -> sa.Select[tuple[int, str, str, str]]:
    return (
        sa.select(HOUSEHOLD.c.id, HOUSEHOLD.c.household_no, HOUSEHOLD.c.township, PERSON.c.name)
        .join(PERSON, PERSON.c.id == HOUSEHOLD.c.applicant_id)
        .where(sa.or_(HOUSEHOLD.c.state == "waiting", HOUSEHOLD.c.id == with_household))
    )


def _announced(work: UnitOfWork, ids: Collection[int]) -> dict[int, str]:
    """The grade that was announced of each last."""
    grades = sa.select(NOTICE.c.household_id, NOTICE.c.grade).order_by(NOTICE.c.id)
    return {
        row.household_id: row.grade
        for chunk in in_chunks(ids)
        for row in work.rows(grades.where(NOTICE.c.household_id.in_(chunk)))
    }


def _applied_on(work: Work, ids: Collection[int]) -> dict[int, dt.date]:
    """The office's day of the last application of each: the opening of the file, or the return."""
    return {
        household_id: work.clock.day_of(
            (last_taken(passages, "apply_again") or passages[0]).happened_at
        )
        for household_id, passages in passages_of_some(work, "household", ids)
    }
