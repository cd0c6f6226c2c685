"""Making and ending reminders: what is written is the difference between those that hold now, and
for whom, and those that are written."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from relief.accounts.queries import acting_today
from relief.engine.work import Work
from relief.kernel.unit_of_work import in_chunks
from relief.reminders.queries import (
    FOR,
    REMINDER,
    cases_to_tell,
    kept_reminders,
    meant_now,
    told_of,
)
from relief.reminders.rules import Meant, addressed, is_open
from relief.reminders.tables import Reminder, ReminderFor


@dataclass(frozen=True)
class Change:
    """What is to be written: new reminders, those that hold again, and those that have ended; and
    for whom, by case: who is told now for the first time, is told again, or no longer."""

    new: tuple[Meant, ...]
    again: tuple[int, ...]
    ended: tuple[int, ...]
    told: dict[int, frozenset[str]]
    told_again: tuple[tuple[int, str], ...]
    told_no_longer: tuple[tuple[int, str], ...]
    ids: dict[int, int]

    def __bool__(self) -> bool:
        return bool(
            self.new or self.again or self.ended or any(self.told.values())
            or self.told_again or self.told_no_longer
        )  # fmt: skip

    @property
    def made(self) -> int:
        """How many hold that did not."""
        return len(self.new) + len(self.again)


def in_office_hours(work: Work) -> bool:
    """True where the office is open now."""
    return is_open(work.calendar, work.clock.now().astimezone(work.clock.zone))


def change_due(work: Work) -> Change:
    """What has to be written now."""
    meant = {each.case_id: each for each in meant_now(work)}
    kept = kept_reminders(work, meant)
    known = {Meant(row.case_id, row.sort, row.state, row.due_on): row for row in kept}
    standing = {each.case_id: int(known[each].id) for each in meant.values() if each in known}
    told = told_of(work, standing.values())
    people, acting = cases_to_tell(work, meant), acting_today(work)
    fresh: dict[int, frozenset[str]] = {}
    again, no_longer = [], []
    for case_id in meant:
        case = people[case_id]
        wanted = addressed(case.case_worker, acting, case.may_be_told, case.aside)
        before = told.get(standing.get(case_id, 0), {})
        fresh[case_id] = wanted - before.keys()
        reminder = standing.get(case_id, 0)
        again += [(reminder, name) for name in sorted(wanted) if before.get(name) is False]
        no_longer += [
            (reminder, name) for name, holds in before.items() if holds and name not in wanted
        ]
    ids = set(standing.values())
    return Change(
        new=tuple(each for each in meant.values() if each not in known),
        again=tuple(row.id for row in kept if row.id in ids and row.ended_at is not None),
        ended=tuple(row.id for row in kept if row.id not in ids and row.ended_at is None),
        told=fresh,
        told_again=tuple(again),
        told_no_longer=tuple(no_longer),
        ids=standing,
    )


def make_reminders(work: Work) -> Change:
    """Write what has to be written; gives it."""
    at = work.instant()
    change = change_due(work)
    _end(work, change.ended, at)
    _end(work, change.again, None)
    ids = dict(change.ids)
    for each in change.new:
        ids[each.case_id] = work.insert(Reminder, **each._asdict(), made_at=at, ended_at=None)
    for case_id, names in change.told.items():
        for name in sorted(names):
            work.insert(
                ReminderFor, reminder_id=ids[case_id], username=name, told_at=at, read_at=None,
                ended_at=None,
            )  # fmt: skip
    for pairs, ended_at in ((change.told_again, None), (change.told_no_longer, at)):
        for reminder_id, name in pairs:
            work.connection.execute(
                sa.update(FOR)
                .where(FOR.c.reminder_id == reminder_id, FOR.c.username == name)
                .values(ended_at=ended_at)
            )
    return change


def _end(work: Work, reminders: tuple[int, ...], ended_at: dt.datetime | None) -> None:
    for chunk in in_chunks(reminders):
        work.connection.execute(
            sa.update(REMINDER).where(REMINDER.c.id.in_(chunk)).values(ended_at=ended_at)
        )
