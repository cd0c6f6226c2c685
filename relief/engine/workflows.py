"""The workflows of this program: definitions, the tables they drive, guards and effects by name.

Built once, by bootstrap, which joins the guards and effects of all features; read-only afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from relief.engine.actors import Actor
from relief.engine.definitions.definition import LANGUAGES, Definition, Titles
from relief.engine.definitions.lint import Names, lint
from relief.engine.definitions.machine import CaseMachine
from relief.engine.step import Step
from relief.engine.tables import Subject
from relief.kernel.database import UnitOfWork
from relief.kernel.errors import Invalid, Problem
from relief.kernel.text import _

if TYPE_CHECKING:
    from relief.engine.work import Work

# A guard answers with its reasons against a step (none: it may be taken) and changes nothing.
Guard = Callable[["Work", Step], list[Problem]]
# An effect is part of the step: same transaction, after state and journal are written.
Effect = Callable[["Work", Step], None]
# The enabled users who hold any of these roles, and who acts for those who are away.
WhoHolds = Callable[[UnitOfWork, Collection[str]], list[Actor]]
# The usernames of everybody who works here, away or not.
Staff = Callable[[UnitOfWork], frozenset[str]]
# Whether somebody may see a case, of which the columns are given.
Visible = Callable[["Work", Mapping[str, Any], Actor], bool]


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
    `visible` says who may see a case; everybody, where it is not given. The statements are made
    once.
    """

    key: str
    table: sa.Table
    reference: str
    states: frozenset[str] = frozenset()
    must: Mapping[str, Must] = field(default_factory=dict)
    discriminator: str = ""
    visible: Visible | None = None

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


class Workflows:
    """Everything the engine needs to know; refused where the parts do not fit together."""

    def __init__(
        self,
        definitions: Mapping[str, Definition],
        kinds: Iterable[SubjectKind],
        guards: Mapping[str, Guard],
        effects: Mapping[str, Effect],
        who_holds: WhoHolds,
        staff: Staff,
    ) -> None:
        self.definitions = dict(definitions)
        self.kinds = {kind.key: kind for kind in kinds}
        self.guards = dict(guards)
        self.effects = dict(effects)
        self.who_holds = who_holds
        self.staff = staff
        self.names = Names(frozenset(self.guards), frozenset(self.effects))
        problems = [*self._faulty_definitions(), *self._unmatched(), *self._weakened()]
        if problems:
            raise Invalid(problems)
        self._machines = {d.sha256: CaseMachine(d) for d in self.definitions.values()}

    def current(self, kind: str) -> CaseMachine:
        """The workflow that a case of this kind begins under today."""
        return self._machines[self.definitions[kind].sha256]

    def state_title(self, kind: str, state: str) -> Titles:
        """The word for a state, in every language; of one that only an older workflow had, its
        id."""
        known = self.definitions[kind].state_by_id.get(state)
        return known.title if known else dict.fromkeys(LANGUAGES, state)

    def machine(self, sha256: str) -> CaseMachine | None:
        """The workflow of this address, where it is in memory."""
        return self._machines.get(sha256)

    def remember(self, definition: Definition) -> CaseMachine:
        """Keep an older workflow that some case still follows; built once."""
        return self._machines.setdefault(definition.sha256, CaseMachine(definition))

    def _faulty_definitions(self) -> list[Problem]:
        return [
            replace(fault, sheet=f"{definition.key}.toml")
            for definition in self.definitions.values()
            for fault in lint(definition, self.names)
        ]

    def _weakened(self) -> list[Problem]:
        """What an office's own file took away that the program relies on."""
        return [
            replace(fault, sheet=f"{key}.toml")
            for key in self.definitions.keys() & self.kinds.keys()
            for fault in weakened(self.definitions[key], self.kinds[key])
        ]

    def _unmatched(self) -> list[Problem]:
        """Workflows that drive no table, and tables that no workflow drives."""
        drives_none = [
            Problem(
                "workflow.kind_unknown",
                _(
                    "The program has no cases of this kind; it has {known}.",
                    known=sorted(self.kinds),
                ),
                field="key",
                sheet=f"{key}.toml",
            )
            for key in self.definitions.keys() - self.kinds.keys()
        ]
        return drives_none + [
            Problem(
                "workflow.file_missing",
                _("This workflow is missing; put the file back that came with the program."),
                sheet=f"{key}.toml",
            )
            for key in self.kinds.keys() - self.definitions.keys()
        ]


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
