"""The kinds of cases: the table that each drives, and what its workflow has to keep."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Any

import sqlalchemy as sa

from relief.engine.actors import Actor
from relief.engine.definitions.definition import Definition
from relief.engine.tables import Subject
from relief.kernel.database import UnitOfWork
from relief.kernel.errors import Problem
from relief.kernel.text import _

# Whether somebody may see a case, of which the columns are given.
Visible = Callable[[UnitOfWork, Mapping[str, Any], Actor], bool]
# The case that people mean by another name than its reference, where there is one.
AlsoNamed = Callable[[UnitOfWork, str], int | None]


@dataclass(frozen=True)
class Must:
    """What an action has to keep, whoever edits the file: without it money would go unchecked."""

    guards: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    not_by_actor_of: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class SubjectKind:
    """A table whose rows are cases of one workflow; `reference` is the column that people know a
    case by. `states` are those that the program itself speaks of, `must` what its actions have to
    keep: an office's own file may add to them, not take away.

    Where several kinds share a table, `discriminator` is the column that holds the kind's key.
    `visible` says who may see a case; everybody, where it is not given. `also_named` finds a case
    by another name that it goes by. The statements are made once.
    """

    key: str
    table: sa.Table
    reference: str
    states: frozenset[str] = frozenset()
    must: Mapping[str, Must] = field(default_factory=dict)
    discriminator: str = ""
    visible: Visible | None = None
    also_named: AlsoNamed | None = None

    def __post_init__(self) -> None:
        wanted = {"id", self.reference, *Subject.model_fields}
        wanted |= {self.discriminator} - {""}
        assert wanted <= set(self.table.c.keys()), f"{self.table.name} is no table of cases"

    @cached_property
    def mine(self) -> sa.ColumnElement[bool]:
        """Which rows of the table are cases of this kind."""
        if not self.discriminator:
            return sa.true()
        return self.table.c[self.discriminator] == self.key

    @cached_property
    def begun(self) -> sa.Insert:
        """A new case."""
        return sa.insert(self.table)

    @cached_property
    def by_id(self) -> sa.Select[tuple[object, ...]]:
        """One case (`b_id`)."""
        return sa.select(self.table).where(self.table.c.id == sa.bindparam("b_id"), self.mine)

    @cached_property
    def by_reference(self) -> sa.Select[tuple[object, ...]]:
        """One case by what people call it (`b_reference`)."""
        named = self.table.c[self.reference] == sa.bindparam("b_reference")
        return sa.select(self.table).where(named, self.mine)

    @cached_property
    def step_on(self) -> sa.Update:
        """Write a step, if nobody was quicker (`b_id`, `b_seen`, `b_state`, `b_head`)."""
        table = self.table
        return (
            sa.update(table)
            .where(table.c.id == sa.bindparam("b_id"), table.c.version == sa.bindparam("b_seen"))
            .values(
                state=sa.bindparam("b_state"),
                version=table.c.version + 1,
                journal_head=sa.bindparam("b_head"),
            )
        )


def weakened(definition: Definition, kind: SubjectKind) -> Iterator[Problem]:
    """The states, guards, effects and separations that a definition lacks for its kind."""
    for state in sorted(kind.states - definition.state_by_id.keys()):
        text = _('The program needs the state "{name}"; put it back.', name=state)
        yield Problem("workflow.state_needed", text, field="state")
    for action_id, must in kind.must.items():
        actions = definition.actions_named(action_id)
        if not actions:
            text = _('The program needs the action "{name}"; put it back.', name=action_id)
            yield Problem("workflow.action_needed", text, field=f"action[{action_id}]")
        for action, (key, needed) in product(actions, vars(must).items()):
            for name in sorted(set(needed) - set(getattr(action, key))):
                text = _('The program needs "{name}" here; put it back.', name=name)
                yield Problem("workflow.weakened", text, field=f"action[{action_id}].{key}")
