"""What a workflow is made of, as frozen values.

A definition is data only: it holds names of guards and effects, never expressions. It is
addressed by the SHA-256 of its canonical JSON, which leaves out whatever stands at its default,
so that a key added to the language later changes no definition that does not use it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cached_property
from typing import Any, TypeVar

from relief.kernel.text import as_json

Titles = Mapping[str, str]

LANGUAGES = ("en", "zh")
REASONS = ("none", "optional", "required")
FIELD_TYPES = ("text", "date", "choice", "number", "amount", "whole", "yes_no")
# How what was typed may be shown to people who read a case.
MASKS = ("identity", "objector", "phone")
COUNTINGS = ("calendar", "working")
ROLLS = ("none", "forward", "back")
# Nobody is told to wait ten years: a longer term is a slip, and would be counted day by day.
TERM_DAYS_MAX = 3_650
# A year of working days of eight hours; what is longer is said in days.
TERM_HOURS_MAX = 2_000
# The field whose options are the kinds of papers that are attached to a case.
PAPER_KIND = "paper_kind"


@dataclass(frozen=True)
class Term:
    """A length of time, and from when it is counted: so many days, or so many working hours.

    It runs from the last time that the action `since` was taken; where none is named, from when
    the case came to the state it stands in. Of `not_after` the step's own form may say a later day
    from which it runs, in the field `since_day`. `roll` says what becomes of a last day that is not
    worked; `source` is the rule that sets the term, in both languages or as one text for both.
    """

    days: int = 0
    hours: int = 0
    counting: str = "calendar"
    roll: str = "none"
    since: str = ""
    since_day: str = ""
    source: Titles | str = ""


@dataclass(frozen=True)
class State:
    """A place where a case may stand. A final state may still have actions that leave it.

    `deadline` is by when it is to be left. While a case stands where `pauses` is true, the clock
    of the state that it came from stands still. While it stands where `rests` is true nothing waits
    to be done: something may be.
    """

    id: str
    title: Titles
    final: bool = False
    deadline: Term | None = None
    pauses: bool = False
    rests: bool = False


@dataclass(frozen=True)
class Option:
    """One answer to a field of type `choice`."""

    id: str
    title: Titles


@dataclass(frozen=True)
class Field:
    """Something that a form asks for when a step is taken; `hint` says how it is written, `needed`
    when it may not be left out where it is optional, `bring` what the person whose case it is can
    bring for it, in plain words. A text of one `line` is a word or a name; `masked` says how it is
    shown once it is typed ("": as it is). A date that is `past` is the day of something done."""

    id: str
    title: Titles
    type: str = "text"
    options: tuple[Option, ...] = ()
    hint: Titles | None = None
    bring: Titles | None = None
    needed: Titles | None = None
    line: bool = False
    masked: str = ""
    past: bool = False


@dataclass(frozen=True)
class Action:
    """A step: from where, to where (nowhere: it stays), by whom, and under which conditions.

    It may be taken only when the term `not_before` has run and while `not_after` runs; with `once`
    a single time in the life of a case. `extends_days` lengthens the deadline that is running.
    `papers` are the kinds of papers that it is decided by, `letters` those that may be issued once
    it was taken.
    """

    id: str
    title: Titles
    roles: tuple[str, ...]
    sources: tuple[str, ...] = field(default=(), metadata={"key": "from"})
    to: str = ""
    opens: bool = False
    not_by_actor_of: tuple[str, ...] = ()
    stands_in_for: str = ""
    overridable: bool = False
    guards: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    optional_fields: tuple[str, ...] = ()
    reason: str = "none"
    not_before: Term | None = None
    not_after: Term | None = None
    extends_days: int = 0
    once: bool = False
    papers: tuple[str, ...] = ()
    letters: tuple[str, ...] = ()

    @cached_property
    def is_timed(self) -> bool:
        """True where the case's time has a say in it."""
        return bool(self.once or self.not_before or self.not_after or self.extends_days)

    def __hash__(self) -> int:
        return hash((self.id, self.sources))

    @property
    def opening_state(self) -> str:
        """Where a case stands that this action began."""
        return self.to or next(iter(self.sources), "")

    @property
    def edges(self) -> list[tuple[str, str]]:
        """From where to where it leads."""
        return [(source, self.to or source) for source in self.sources]


Part = TypeVar("Part", State, Action, Field, Option)


@dataclass(frozen=True)
class Definition:
    """A whole workflow, as one file tells it.

    `family` is the family of kinds that it belongs to, `letter` what the references of its cases
    begin with; both may be left out where the program knows the kind itself.
    """

    key: str
    title: Titles
    family: str = ""
    letter: str = ""
    states: tuple[State, ...] = field(default=(), metadata={"key": "state"})
    actions: tuple[Action, ...] = field(default=(), metadata={"key": "action"})
    fields: tuple[Field, ...] = field(default=(), metadata={"key": "field"})

    @cached_property
    def body(self) -> str:
        """The canonical JSON."""
        return as_json(_plain(self))

    @cached_property
    def sha256(self) -> str:
        """What the definition is addressed by."""
        return sha256_of(self.body)

    @cached_property
    def state_by_id(self) -> dict[str, State]:
        """The states by their ids."""
        return {state.id: state for state in self.states}

    @cached_property
    def field_by_id(self) -> dict[str, Field]:
        """The fields by their ids."""
        return {asked.id: asked for asked in self.fields}

    @cached_property
    def paper_titles(self) -> dict[str, Titles]:
        """The kinds of papers that may be attached to a case, with their titles."""
        asked = self.field_by_id.get(PAPER_KIND)
        return {option.id: option.title for option in asked.options} if asked else {}

    @cached_property
    def has_deadlines(self) -> bool:
        """True where some state is to be left by a day."""
        return any(state.deadline for state in self.states)

    @cached_property
    def _steps(self) -> dict[tuple[str, str], Action]:
        return {(source, action.id): action for action in self.actions for source in action.sources}

    def action_from(self, state: str, action_id: str) -> Action | None:
        """The action of this name that starts in this state."""
        return self._steps.get((state, action_id))

    @cached_property
    def _by_source(self) -> dict[str, tuple[Action, ...]]:
        sources = {source for action in self.actions for source in action.sources}
        return {
            source: tuple(action for action in self.actions if source in action.sources)
            for source in sources
        }

    def actions_from(self, state: str) -> tuple[Action, ...]:
        """All that may be done in a state, in the file's order."""
        return self._by_source.get(state, ())

    def actions_named(self, action_id: str) -> list[Action]:
        """The actions of one name; several may start in different states."""
        return [action for action in self.actions if action.id == action_id]

    def meant(self, state: str, action_id: str) -> Action | None:
        """The action that a name means for a case in this state: of several that which starts
        there, else the first of them; None where there is none of this name."""
        named = self.action_from(state, action_id)
        return named or next(iter(self.actions_named(action_id)), None)

    def opening(self, action_id: str) -> Action | None:
        """The action of this name that may begin a case."""
        return next((action for action in self.actions_named(action_id) if action.opens), None)

    def stand_ins(self, action_id: str) -> frozenset[str]:
        """The actions whose actor counts as that one's, where the program itself took that one."""
        return frozenset(a.id for a in self.actions if a.stands_in_for == action_id)

    def titles_of(self, action_ids: Sequence[str]) -> list[Titles]:
        """The titles of actions, each name once."""
        return [self.actions_named(action_id)[0].title for action_id in action_ids]


def sha256_of(body: str) -> str:
    """The address of a canonical text."""
    return hashlib.sha256(body.encode()).hexdigest()


def labels(kind: str, ids: Sequence[str]) -> list[str]:
    """How faults name the tables of a file: `action[handle]`, `action[suspend#2]`, `action[3]`."""
    seen: Counter[str] = Counter()
    names = []
    for position, name in enumerate(ids, start=1):
        seen[name] += 1
        repeated = f"{name}#{seen[name]}" if seen[name] > 1 else name
        names.append(f"{kind}[{repeated if name else position}]")
    return names


def labelled(kind: str, parts: Sequence[Part]) -> list[tuple[str, Part]]:
    """The parts of one kind, each with how faults name it."""
    return list(zip(labels(kind, [part.id for part in parts]), parts, strict=True))


def _plain(value: object) -> Any:
    """Values as JSON knows them, without what stands at its default."""
    if is_dataclass(value):
        return {
            part.metadata.get("key", part.name): _plain(getattr(value, part.name))
            for part in fields(value)
            if getattr(value, part.name) != part.default
        }
    return [_plain(part) for part in value] if isinstance(value, tuple) else value
