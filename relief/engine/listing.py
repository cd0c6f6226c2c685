"""Cases of all kinds side by side, with their deadlines, as somebody may see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from relief.engine.actors import NOBODY, Actor
from relief.engine.clocks.deadlines import DEADLINE
from relief.engine.clocks.terms import has_run
from relief.engine.kinds import SubjectKind
from relief.engine.work import Work
from relief.kernel.errors import Invalid, NotFound, refuse
from relief.kernel.text import _


@dataclass(frozen=True)
class Due:
    """By when a case is due, as it was last written; no day while its clock stands still."""

    due_on: dt.date | None
    due_at: dt.datetime | None
    provisional: bool


@dataclass(frozen=True)
class ListedCase:
    """A case as lists show it. `row` has its plain columns; what is sealed stays where it is."""

    kind: str
    id: int
    reference: str
    state: str
    row: Mapping[str, Any]
    deadline: Due | None

    def is_overdue(self, at: dt.datetime) -> bool:
        """True where its deadline has passed."""
        return self.deadline is not None and has_run(self.deadline.due_at, at)

    def days_left(self, today: dt.date) -> int | None:
        """Days until it is due, less than none when it is overdue; None where no clock runs."""
        due_on = self.deadline.due_on if self.deadline else None
        return (due_on - today).days if due_on else None


def list_cases(
    work: Work, actor: Actor | None, kinds: Collection[str] = (), state: str = ""
) -> Iterator[ListedCase]:
    """The cases that an actor may see (nobody: what everybody may), kind by kind, by reference."""
    for kind in work.workflows.kinds.values():
        if not kinds or kind.key in kinds:
            yield from _of_kind(work, kind, actor or NOBODY, state)


def check_sought(work: Work, kind: str, state: str) -> None:
    """Refuse a kind or a state that there is not (empty: not asked for)."""
    kinds = work.workflows.kinds
    if kind and kind not in kinds:
        text = _("There are no cases of this kind; there are {known}.", known=list(kinds))
        raise refuse(NotFound, "case.kind_unknown", text, "kind")
    known = {
        name
        for each in ([kind] if kind else kinds)
        for name in work.workflows.definitions[each].state_by_id
    }
    if state and state not in known:
        text = _("There is no such state; there are {known}.", known=sorted(known))
        raise refuse(Invalid, "case.no_such_state", text, "state")


def next_due_first(case: ListedCase) -> tuple[bool, dt.date]:
    """What cases are sorted by, so that the next due come first and those without a day last."""
    due_on = case.deadline.due_on if case.deadline else None
    return due_on is None, due_on or dt.date.max


def _of_kind(work: Work, kind: SubjectKind, actor: Actor, state: str) -> Iterator[ListedCase]:
    plain = [column for column in kind.table.c if not isinstance(column.type, sa.LargeBinary)]
    statement = sa.select(*plain).where(kind.mine).order_by(kind.table.c[kind.reference])
    if state:
        statement = statement.where(kind.table.c.state == state)
    deadlines = _deadlines(work, kind.key)
    for row in map(dict, work.connection.execute(statement).mappings()):
        if kind.visible is None or kind.visible(work, row, actor):
            yield ListedCase(
                kind=kind.key,
                id=row["id"],
                reference=row[kind.reference],
                state=row["state"],
                row=row,
                deadline=deadlines.get(row["id"]),
            )


def _deadlines(work: Work, kind: str) -> dict[int, Due]:
    statement = sa.select(DEADLINE).where(DEADLINE.c.subject_kind == kind)
    return {
        row["subject_id"]: Due(row["due_on"], row["due_at"], row["provisional"])
        for row in work.connection.execute(statement).mappings()
    }
