"""Reads for the report: the contacts that count in a period."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from relief.desk.queries import Sought, list_contacts
from relief.desk.rules import is_entered_late
from relief.kernel.unit_of_work import UnitOfWork
from relief.reports.periods import HalfYear

_EVERYBODY = sa.true()


@dataclass(frozen=True)
class Came:
    """A contact that counts in the period."""

    reference: str
    channel: str
    on: dt.date
    head_count: int
    outcome: str
    entered_on: dt.date
    anonymous: bool
    chase_up: bool
    collective: bool
    restricted: bool

    @property
    def entered_late(self) -> bool:
        """True where it was entered on a later day."""
        return is_entered_late(self.on, self.entered_on)


def contacts_of(work: UnitOfWork, period: HalfYear) -> list[Came]:
    """The contacts that count in a period; restricted ones with them, void ones not."""
    sought = Sought(from_on=period.first_on, until_on=period.last_on)
    return [
        Came(
            reference=each.reference,
            channel=each.channel,
            on=each.happened_on,
            head_count=each.head_count,
            outcome=each.outcome,
            entered_on=work.clock.day_of(each.recorded_at),
            anonymous=not each.name,
            chase_up=each.chase_up,
            collective=each.collective,
            restricted=each.restricted,
        )
        for each in list_contacts(work, sought, _EVERYBODY)
        if each.voided_at is None
    ]
