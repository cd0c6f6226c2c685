"""The deadlines of cases as they are stored: written with each step, marked when they are missed,
reckoned anew when the calendar changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from relief.engine.cases import Case, load_case, name_of_case
from relief.engine.clocks.course import clocked_state
from relief.engine.clocks.running import reckoned_deadline
from relief.engine.clocks.terms import Reckoned, has_run
from relief.engine.journal.passages import Passage, passages_of, passages_of_all
from relief.engine.tables import CaseDeadline, DeadlineChange
from relief.engine.work import Work
from relief.kernel.columns import table_of
from relief.kernel.errors import Problem, ReliefError
from relief.kernel.text import _
from relief.kernel.unit_of_work import UnitOfWork

DEADLINE = table_of(CaseDeadline)
_OF_CASE = sa.and_(
    DEADLINE.c.subject_kind == sa.bindparam("b_kind"),
    DEADLINE.c.subject_id == sa.bindparam("b_id"),
)
_DROP = sa.delete(DEADLINE).where(_OF_CASE)
_KEEP = sa.insert(DEADLINE)
_REPLACE = (
    sa.update(DEADLINE)
    .where(_OF_CASE)
    .values(
        {column.name: sa.bindparam(column.name) for column in DEADLINE.c if not column.primary_key}
    )
)
_STORED = sa.select(DEADLINE).where(_OF_CASE)


@dataclass(frozen=True)
class StoredDeadline:
    """A deadline as it was last written."""

    subject_kind: str
    subject_id: int
    state: str
    started_on: dt.date
    nominal_on: dt.date | None
    due_on: dt.date | None
    due_at: dt.datetime | None
    provisional: bool
    paused_on: dt.date | None
    calendar_version: str
    overdue_at: dt.datetime | None

    def has_run(self, at: dt.datetime) -> bool:
        """True where it has passed before an instant."""
        return has_run(self.due_at, at)


@dataclass(frozen=True)
class MovedDeadline:
    """A deadline that came to another day with another calendar."""

    subject_kind: str
    subject_id: int
    reference: str
    before_on: dt.date | None
    after_on: dt.date | None


def write_deadline(work: Work, case: Case, passages: Sequence[Passage], at: dt.datetime) -> None:
    """Part of each step: what stands after it. A mark of being overdue stays while the due instant
    stays."""
    connection = work.connection
    key = {"b_kind": case.kind.key, "b_id": case.id}
    before = connection.execute(_STORED, key).mappings().one_or_none()
    runs = reckoned_deadline(work, case.machine.definition, passages)
    if runs is None:
        if before is not None:
            connection.execute(_DROP, key)
        return
    state = clocked_state(case.machine.definition, passages)
    row = _row(work, case, state, runs, at)
    if before is None:
        connection.execute(_KEEP, row)
        return
    if before["due_at"] == runs.due_at:
        row["overdue_at"] = before["overdue_at"]
    connection.execute(_REPLACE, key | row)


def deadline_of(work: Work, kind: str, subject_id: int) -> Reckoned | None:
    """The deadline of a case with its arithmetic, reckoned from the journal."""
    definition = load_case(work, kind, subject_id).machine.definition
    if not definition.has_deadlines:
        return None
    return reckoned_deadline(work, definition, passages_of(work, kind, subject_id))


def stored_deadline(work: UnitOfWork, kind: str, subject_id: int) -> StoredDeadline | None:
    """The deadline of a case as it was last written."""
    found = work.connection.execute(_STORED, {"b_kind": kind, "b_id": subject_id})
    row = found.mappings().one_or_none()
    return _stored(row) if row else None


def any_newly_overdue(work: UnitOfWork) -> bool:
    """True where a deadline has passed since the last look."""
    passed = sa.select(DEADLINE.c.subject_id).where(_newly_overdue(work.as_known_now()))
    return bool(work.rows(passed.limit(1)))


def mark_overdue(work: Work, named_max: int) -> tuple[int, list[StoredDeadline]]:
    """Mark what has passed its deadline since the last look, each once; gives how many those are,
    and the first of them, the longest overdue first."""
    passed = _newly_overdue(work.instant())
    order = (DEADLINE.c.due_at, DEADLINE.c.subject_kind, DEADLINE.c.subject_id)
    first = sa.select(DEADLINE).where(passed).order_by(*order).limit(named_max)
    found = [_stored(row) for row in work.connection.execute(first).mappings()]
    marked = work.connection.execute(
        sa.update(DEADLINE).where(passed).values(overdue_at=work.instant())
    )
    return marked.rowcount, found


def _newly_overdue(at: dt.datetime) -> sa.ColumnElement[bool]:
    return sa.and_(DEADLINE.c.due_at <= at, DEADLINE.c.overdue_at.is_(None))


def any_of_another_calendar(work: Work) -> bool:
    """True where a deadline runs that was reckoned with another calendar than today's."""
    stale = sa.select(DEADLINE.c.subject_id).where(
        DEADLINE.c.calendar_version != work.calendar.version
    )
    return bool(work.rows(stale.limit(1)))


def reckon_anew(work: Work) -> list[MovedDeadline]:
    """Reckon with today's calendar what was reckoned with another; give, and keep, what moved."""
    at, version = work.instant(), work.calendar.version
    stale = sa.select(DEADLINE).where(DEADLINE.c.calendar_version != version)
    moved = []
    for row in work.connection.execute(stale).mappings().all():
        before = _stored(row)
        case = load_case(work, before.subject_kind, before.subject_id)
        passages = passages_of(work, before.subject_kind, before.subject_id)
        write_deadline(work, case, passages, at)
        after = stored_deadline(work, before.subject_kind, before.subject_id)
        after_on = after.due_on if after else None
        if after_on != before.due_on:
            moved.append(_moved(work, case, before, after_on))
    return moved


def verify_deadlines(work: Work) -> Iterator[Problem]:
    """Hold what is stored against the journal: name each deadline that was changed, put in or
    taken out by hand. Those of another calendar are waiting to be reckoned anew, and pass."""
    version = work.calendar.version
    for kind in work.workflows.kinds.values():
        stored = {row["subject_id"]: _stored(row) for row in _stored_of(work, kind.key)}
        if not (stored or work.workflows.definitions[kind.key].has_deadlines):
            continue  # nothing of this kind is ever due
        for subject_id, passages in passages_of_all(work, kind.key):
            before = stored.pop(subject_id, None)
            if before is not None and before.calendar_version != version:
                continue
            told = (before.due_at, before.due_on, before.paused_on) if before else None
            try:
                definition = load_case(work, kind.key, subject_id).machine.definition
            except ReliefError:  # its case is gone, or stands nowhere: the journal names that
                continue
            runs = reckoned_deadline(work, definition, passages)
            if told != ((runs.due_at, runs.due_on, runs.paused_on) if runs else None):
                yield _changed(name_of_case(work, kind.key, subject_id))
        for subject_id in stored:
            yield _changed(f"{kind.key} {subject_id}")


def _stored_of(work: Work, kind: str) -> Sequence[sa.RowMapping]:
    found = sa.select(DEADLINE).where(DEADLINE.c.subject_kind == kind)
    return work.connection.execute(found).mappings().all()


def _changed(reference: str) -> Problem:
    text = _("The deadline of {reference} is not the one its journal gives.", reference=reference)
    return Problem("deadline.changed", text)


def _moved(
    work: Work, case: Case, before: StoredDeadline, after_on: dt.date | None
) -> MovedDeadline:
    work.insert(
        DeadlineChange,
        subject_kind=before.subject_kind,
        subject_id=before.subject_id,
        before_on=before.due_on,
        after_on=after_on,
        before_version=before.calendar_version,
        after_version=work.calendar.version,
        at=work.instant(),
    )
    return MovedDeadline(
        before.subject_kind, before.subject_id, case.reference, before.due_on, after_on
    )


def _row(work: Work, case: Case, state: str, runs: Reckoned, at: dt.datetime) -> dict[str, Any]:
    return {
        "subject_kind": case.kind.key,
        "subject_id": case.id,
        "state": state,
        "started_on": runs.started_on,
        "nominal_on": runs.nominal_on,
        "due_on": runs.due_on,
        "due_at": runs.due_at,
        "provisional": runs.provisional,
        "paused_on": runs.paused_on,
        "calendar_version": work.calendar.version,
        "reckoned_at": at,
        "overdue_at": None,
    }


def _stored(row: sa.RowMapping) -> StoredDeadline:
    return StoredDeadline(**{name: row[name] for name in StoredDeadline.__dataclass_fields__})
