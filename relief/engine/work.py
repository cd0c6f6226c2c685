"""A unit of work that knows the workflows and the office's calendar.

The workflows hold guards and effects, which take the unit of work: the two know each other, and so
stand in one module.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from functools import cached_property

from sqlalchemy.engine import Connection

from relief.engine.actors import SYSTEM_ROLE, Actor
from relief.engine.calendar import WorkingCalendar
from relief.engine.calendar.queries import office_calendar
from relief.engine.definitions.definition import LANGUAGES, Action, Definition, Titles
from relief.engine.definitions.lint import Names, lint
from relief.engine.definitions.machine import CaseMachine
from relief.engine.kinds import Recorded, RecordKind, SubjectKind, kind_unknown
from relief.engine.only_with import OnlyWith
from relief.engine.step import Step
from relief.kernel.clock import Clock
from relief.kernel.crypto import FieldCipher
from relief.kernel.errors import Invalid, Problem
from relief.kernel.text import _
from relief.kernel.unit_of_work import UnitOfWork


class Work(UnitOfWork):
    """One transaction in which cases may take steps."""

    def __init__(
        self,
        connection: Connection,
        clock: Clock,
        cipher: FieldCipher,
        workflows: Workflows,
        *,
        writes: bool = True,
    ) -> None:
        super().__init__(connection, clock, cipher, writes=writes)
        self.workflows = workflows

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """The office's working days and hours, read once."""
        return office_calendar(self)

    def read_calendar_anew(self) -> WorkingCalendar:
        """The same, after this unit of work has changed it."""
        self.__dict__.pop("calendar", None)
        return self.calendar


# A guard answers with its reasons against a step (none: it may be taken) and changes nothing.
Guard = Callable[[Work, Step], list[Problem]]
# An effect is part of the step: same transaction, after state and journal are written.
Effect = Callable[[Work, Step], None]
# The enabled users who hold any of these roles, and who acts for those who are away.
WhoHolds = Callable[[UnitOfWork, Collection[str]], list[Actor]]
# The usernames of everybody who works here, away or not.
Staff = Callable[[UnitOfWork], frozenset[str]]


_NONE: Mapping[str, Definition] = {}


class Workflows:
    """The workflows of this program: definitions, the tables they drive, guards and effects by
    name; refused where the parts do not fit together.

    `recorded` is all that has a journal: the kinds of cases, and what else is recorded. `retired`
    are the last published workflows of kinds of which there is no file any more, and cases still:
    those go on to their end, and none begins.

    Built where the guards and effects of all features are joined; read-only afterwards.
    """

    def __init__(  # noqa: PLR0913  (what the program is put together from)
        self,
        definitions: Mapping[str, Definition],
        kinds: Iterable[SubjectKind],
        guards: Mapping[str, Guard],
        effects: Mapping[str, Effect],
        who_holds: WhoHolds,
        staff: Staff,
        records: Iterable[RecordKind] = (),
        retired: Mapping[str, Definition] = _NONE,
    ) -> None:
        self.definitions = {**retired, **definitions}
        self.retired = frozenset(retired.keys() - definitions.keys())
        self.kinds = {kind.key: kind for kind in kinds}
        self.recorded: dict[str, Recorded] = {
            **self.kinds,
            **{record.key: record for record in records},
        }
        self.guards = dict(guards)
        self.effects = dict(effects)
        self.who_holds = who_holds
        self.staff = staff
        families = frozenset(kind.family for kind in self.kinds.values())
        self.names = Names(frozenset(self.guards), frozenset(self.effects), families)
        problems = [*self._faulty_definitions(), *self._unmatched(), *self._weakened()]
        if problems:
            raise Invalid(problems)
        self._only_with = {
            name for name, guard in self.guards.items() if isinstance(guard, OnlyWith)
        }
        self._guards_of: dict[tuple[str, str, tuple[str, ...]], tuple[Guard, ...]] = {}
        self._machines = {d.sha256: CaseMachine(d) for d in self.definitions.values()}

    def current(self, kind: str) -> CaseMachine:
        """The workflow that a case of this kind begins under today."""
        return self._machines[self.definitions[kind].sha256]

    def state_title(self, kind: str, state: str) -> Titles:
        """The word for a state, in every language; of one that only an older workflow had, its
        id."""
        definition = self.definitions.get(kind)
        known = definition.state_by_id.get(state) if definition else None
        return known.title if known else dict.fromkeys(LANGUAGES, state)

    def kind_title(self, kind: str) -> Titles:
        """The word for a kind, in every language; of one that nothing is known of, its key."""
        known = self.definitions.get(kind)
        return known.title if known else dict.fromkeys(LANGUAGES, kind)

    def of_family(self, family: str) -> dict[str, SubjectKind]:
        """The kinds of a family by their keys, those of which no case begins any more with them."""
        return {key: kind for key, kind in self.kinds.items() if kind.family == family}

    def guards_of(self, kind: str, action: Action) -> tuple[Guard, ...]:
        """The guards of a step, each once: those that its file names, then those that the program
        keeps, which an older file may not have."""
        question = (kind, action.id, action.guards)
        if question not in self._guards_of:
            kept = self.kinds[kind].kept
            names = dict.fromkeys((*action.guards, *(kept.of(action).guards if kept else ())))
            self._guards_of[question] = tuple(self.guards[name] for name in names)
        return self._guards_of[question]

    def only_follows(self, action: Action) -> bool:
        """True where nobody takes the step as such: a use case records it, or the program does."""
        if action.roles == (SYSTEM_ROLE,):
            return True
        return not self._only_with.isdisjoint(action.guards)

    def next_step(self, kind: str, state: str) -> Action | None:
        """The step by which a case of today's workflow goes on from a state: to the nearest of the
        states that the file names after it, else by the first step that leads elsewhere. Of the
        ends only the first is one to go on to, and no state in which the clock stands still is:
        nobody waits for a case to be declined, or to wait. None at an end, where the file says that
        the case rests, and where the program goes on by itself."""
        return self.leads_on(self.definitions[kind], state)

    def leads_on(self, definition: Definition, state: str) -> Action | None:
        """The same by a workflow that a case began under."""
        return self._leading(definition, state, follows=False)

    def onward(self, definition: Definition, state: str) -> Action | None:
        """The same; where nobody waits for a step, that by which the program goes on by itself."""
        led = self._leading(definition, state, follows=False)
        return led or self._leading(definition, state, follows=True)

    def line(self, definition: Definition, begins: str = "") -> list[str]:
        """The states by which a case goes on to its end, from where it begins: where it is not
        said, where the first action leads that begins one."""
        first = (action.opening_state for action in definition.actions if action.opens)
        line = [begins or next(first, definition.states[0].id)]
        while (step := self.onward(definition, line[-1])) is not None and step.to not in line:
            line.append(step.to)
        return line

    def _leading(self, definition: Definition, state: str, *, follows: bool) -> Action | None:
        """The step by which a case goes on: of those that the program takes by itself (`follows`),
        or of the others."""
        known = definition.state_by_id.get(state)
        if known is None or known.final or known.rests:
            return None
        order = list(definition.state_by_id)
        ends = [each.id for each in definition.states if each.final]
        pausing = {each.id for each in definition.states if each.pauses}
        leading = [
            action
            for action in definition.actions_from(state)
            if action.to not in ("", state, *pausing) and self.only_follows(action) is follows
        ]
        later = [each for each in order[order.index(state) + 1 :] if each not in ends[1:]]
        onward = [action for action in leading if action.to in later]
        if onward:
            return min(onward, key=lambda action: later.index(action.to))
        return next(iter(leading), None)

    def machine(self, sha256: str) -> CaseMachine | None:
        """The workflow of this address, where it is in memory."""
        return self._machines.get(sha256)

    def remember(self, definition: Definition) -> CaseMachine:
        """Keep an older workflow that some case still follows; built once."""
        return self._machines.setdefault(definition.sha256, CaseMachine(definition))

    def _faulty_definitions(self) -> list[Problem]:
        return [
            replace(fault, sheet=f"{key}.toml")
            for key, definition in self.definitions.items()
            if key not in self.retired
            for fault in lint(definition, self.names)
        ]

    def _weakened(self) -> list[Problem]:
        """What an office's own file took away that the program relies on."""
        return [
            replace(fault, sheet=f"{key}.toml")
            for key in self.definitions.keys() & self.kinds.keys() - self.retired
            for fault in self.kinds[key].taken_from(self.definitions[key])
        ]

    def _unmatched(self) -> list[Problem]:
        """Workflows that drive no table, and tables that no workflow drives."""
        drives_none = [
            replace(kind_unknown(self.kinds), sheet=f"{key}.toml")
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
