"""What a feature keeps of its workflow, whoever edits the file: an office's own file may add to it,
not take away. Without that, money would go unapproved and a promise of the law be broken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from relief.engine.definitions.definition import (
    COUNTINGS,
    Action,
    Definition,
    Field,
    State,
    Term,
    labelled,
)
from relief.kernel.errors import Problem
from relief.kernel.text import _

# How a roll moves the last day, the earliest first.
_ROLLS = ("back", "none", "forward")


@dataclass(frozen=True)
class Must:
    """What the actions of one name keep; what is empty here is free.

    Of guards, effects, separations and fields they have these at least; what `asks` names they ask
    for, whether it has to be filled in or not. Of roles and ways they have these at
    most, from the states in `roles_from` only the roles that it names. `ways` says from which state
    they lead where ("" is the beginning of a case). `not_before` is the shortest that it may be,
    `extends_days` the longest. What stands in for another step, a reason that is required and
    `once` stay as they are; one that is `optional` may be required. A separation named here is
    overridable only where this says so. An `optional` action may be missing: an office's file from
    before it was there goes on without.
    """

    guards: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    not_by_actor_of: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    roles_from: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ways: Mapping[str, str] = field(default_factory=dict)
    stands_in_for: str = ""
    overridable: bool = False
    reason: str = ""
    once: bool = False
    not_before: Term | None = None
    extends_days: int = 0
    optional: bool = False

    def roles_of(self, action: Action) -> list[str]:
        """The roles that may take an action from every state that it starts from."""
        fewer = [self.roles_from[state] for state in action.sources if state in self.roles_from]
        return [role for role in self.roles if all(role in roles for roles in fewer)]


@dataclass(frozen=True)
class Read:
    """A field that the program itself reads, wherever a file has it: of this type, a choice with
    these options at least, or with these alone (`only`). Where steps are named no other one asks
    for it; where the list of them is empty, none does. What is `masked` is so in this way, or says
    nothing of it (and is masked so all the same)."""

    type: str
    options: tuple[str, ...] = ()
    only: bool = False
    masked: str = ""
    asked_by: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Kept:
    """What a kind of case keeps.

    `states` are those that the program itself speaks of, `must` what the actions keep. A guarded
    state is entered only by actions whose `ways` lead there, a held one left only by those whose
    ways lead away. `terms` are by when states are left at the latest: a file may promise more, not
    less. `pausing`, where given, are the only states in which the clock stands still. `read` are
    the fields that the program reads. `past_guard` looks at the days of what was done: a step that
    asks for one names it.
    """

    states: frozenset[str] = frozenset()
    must: Mapping[str, Must] = field(default_factory=dict)
    guarded: frozenset[str] = frozenset()
    held: frozenset[str] = frozenset()
    terms: Mapping[str, Term] = field(default_factory=dict)
    pausing: frozenset[str] | None = None
    read: Mapping[str, Read] = field(default_factory=dict)
    past_guard: str = ""

    def of(self, action: Action) -> Must:
        """What an action keeps; nothing where the office made it."""
        return self.must.get(action.id, _FREE)

    def leading(self, target: str) -> list[str]:
        """The actions that may lead to a state."""
        return [
            name
            for name, must in self.must.items()
            if any(to == target != source for source, to in must.ways.items())
        ]

    def leaving(self, source: str) -> list[str]:
        """The actions that may lead away from a state."""
        return [n for n, must in self.must.items() if must.ways.get(source, source) != source]

    def with_effect(self, effect: str) -> list[str]:
        """The actions that may have an effect."""
        return [name for name, must in self.must.items() if effect in must.effects]


_FREE = Must()


def taken_away(definition: Definition, kept: Kept) -> Iterator[Problem]:
    """Every fault of a file that has less than its kind keeps, or goes round it."""
    yield from _missing(definition, kept)
    for label, state in labelled("state", definition.states):
        yield from _faults_of_state(label, state, kept)
    for label, asked in labelled("field", definition.fields):
        yield from _faults_of_field(label, asked, kept.read.get(asked.id))
    for label, action in labelled("action", definition.actions):
        yield from _asked_elsewhere(label, action, kept)
        yield from _lacking(label, action, kept.of(action))
        yield from _unlooked_at(label, action, definition, kept)
        yield from _changed(label, action, kept.of(action))
        yield from _not_theirs(label, action, kept)
        yield from _other_ways(label, action, kept)
        yield from _lengthened(label, action, kept)


def _missing(definition: Definition, kept: Kept) -> Iterator[Problem]:
    """States, actions and beginnings that the program needs."""
    for state in sorted(kept.states - definition.state_by_id.keys()):
        text = _('The program needs the state "{name}"; put it back.', name=state)
        yield Problem("workflow.state_needed", text, field="state")
    for name, must in kept.must.items():
        if must.optional:
            continue
        if not definition.actions_named(name):
            text = _('The program needs the action "{name}"; put it back.', name=name)
            yield Problem("workflow.action_needed", text, field=f"action[{name}]")
        elif "" in must.ways and not definition.opening(name):
            text = _("The program begins cases with this action; write opens = true.")
            yield Problem("workflow.opening_needed", text, field=f"action[{name}].opens")


def _faults_of_state(label: str, state: State, kept: Kept) -> Iterator[Problem]:
    """A deadline that promises less, and a clock that stands still where it has to run."""
    term = kept.terms.get(state.id)
    if term and not (state.deadline and _at_least(term, state.deadline)):
        text = _("An office may promise more here, not less: at most {term}.", term=_as_toml(term))
        yield Problem("workflow.term_longer", text, field=f"{label}.deadline")
    if kept.pausing is None or state.pauses == (state.id in kept.pausing):
        return
    if state.pauses:
        allowed = sorted(kept.pausing)
        text = _("The clock stands still only in {states}; leave this out.", states=allowed)
    else:
        text = _("The clock stands still here; write pauses = true.")
    yield Problem("workflow.pauses_changed", text, field=f"{label}.pauses")


def _lacking(label: str, action: Action, must: Must) -> Iterator[Problem]:
    """Guards, effects, separations and fields that are gone."""
    for key in ("guards", "effects", "not_by_actor_of", "fields"):
        for name in sorted(set(getattr(must, key)) - set(getattr(action, key))):
            text = _('The program needs "{name}" here; put it back.', name=name)
            yield Problem("workflow.weakened", text, field=f"{label}.{key}")
    for name in sorted(set(must.asks) - {*action.fields, *action.optional_fields}):
        text = _('The program needs "{name}" here; put it back.', name=name)
        yield Problem("workflow.weakened", text, field=f"{label}.optional_fields")


def _unlooked_at(
    label: str, action: Action, definition: Definition, kept: Kept
) -> Iterator[Problem]:
    """Days of what was done, in a step without the guard that looks at them."""
    past = {each.id for each in definition.fields if each.past}
    for name in (*action.fields, *action.optional_fields):
        if name in past and kept.past_guard not in action.guards:
            text = _('"{name}" is the day of something done: the guard "{guard}" looks at it; name '
                     "it here.", name=name, guard=kept.past_guard)  # fmt: skip
            if not kept.past_guard:
                text = _('No guard of these cases looks at the day "{name}"; leave past out.',
                         name=name)  # fmt: skip
            yield Problem("workflow.past_unguarded", text, field=f"{label}.guards")


def _faults_of_field(label: str, asked: Field, read: Read | None) -> Iterator[Problem]:
    """What the program could not read as it is asked for."""
    if read is None:
        return
    if asked.type != read.type:
        text = _('The program reads this field; write type = "{type}".', type=read.type)
        yield Problem("workflow.field_type", text, field=f"{label}.type")
    if read.masked and asked.masked not in ("", read.masked):
        yield _has_to_stay(f"{label}.masked", read.masked)
    there = {option.id for option in asked.options}
    for name in sorted(set(read.options) - there):
        text = _('The program needs the option "{name}"; put it back.', name=name)
        yield Problem("workflow.option_needed", text, field=f"{label}.options")
    for name in sorted(there - set(read.options)) if read.only else ():
        text = _('The program counts {known} alone here; leave "{name}" out.',
                 known=list(read.options), name=name)  # fmt: skip
        yield Problem("workflow.option_uncounted", text, field=f"{label}.options")


def _asked_elsewhere(label: str, action: Action, kept: Kept) -> Iterator[Problem]:
    """Fields that other steps alone ask for."""
    for key in ("fields", "optional_fields"):
        for name in getattr(action, key):
            read = kept.read.get(name)
            if read and read.asked_by is not None and action.id not in read.asked_by:
                text = _('"{name}" is asked for only by {actions}; leave it out here.',
                         name=name, actions=list(read.asked_by))  # fmt: skip
                if not read.asked_by:
                    text = _('"{name}" means something else in this program; ask for this under '
                             "another name.", name=name)  # fmt: skip
                yield Problem("workflow.field_elsewhere", text, field=f"{label}.{key}")


def _changed(label: str, action: Action, must: Must) -> Iterator[Problem]:
    """What has to stay as the program has it, and is not."""
    if must.reason and action.reason not in (must.reason, "required"):
        yield _has_to_stay(f"{label}.reason", must.reason)
    if must.stands_in_for and action.stands_in_for != must.stands_in_for:
        yield _has_to_stay(f"{label}.stands_in_for", must.stands_in_for)
    if must.once and not action.once:
        text = _("This is done at most once in the life of a case; write once = true.")
        yield Problem("workflow.once_needed", text, field=f"{label}.once")
    if action.overridable and must.not_by_actor_of and not must.overridable:
        text = _("No override lifts the separation of duties here; leave this out.")
        yield Problem("workflow.override_added", text, field=f"{label}.overridable")
    early = must.not_before
    if early and not (action.not_before and _at_least(action.not_before, early)):
        text = _("This has to wait longer: at least {term}.", term=_as_toml(early))
        yield Problem("workflow.term_shorter", text, field=f"{label}.not_before")


def _not_theirs(label: str, action: Action, kept: Kept) -> Iterator[Problem]:
    """Roles, effects and standing in that belong to others."""
    must = kept.of(action)
    allowed = must.roles_of(action)
    for role in sorted(set(action.roles) - set(allowed)) if allowed else ():
        text = _('The role "{name}" may not take this step; {roles} may.',
                 name=role, roles=allowed)  # fmt: skip
        yield Problem("workflow.role_added", text, field=f"{label}.roles")
    for effect in sorted(set(action.effects) - set(must.effects)):
        yield _effect_elsewhere(label, effect, kept.with_effect(effect))
    stands_for = action.stands_in_for
    if stands_for in kept.must and stands_for != must.stands_in_for:
        text = _('Nothing else stands in for "{name}"; leave this out.', name=stands_for)
        yield Problem("workflow.stand_in_added", text, field=f"{label}.stands_in_for")


def _effect_elsewhere(label: str, effect: str, actions: list[str]) -> Problem:
    text = _('The effect "{name}" is not for this step; leave it out.', name=effect)
    if actions:
        text = _('The effect "{name}" is not for this step; leave it out. It is for: {actions}.',
                 name=effect, actions=actions)  # fmt: skip
    return Problem("workflow.effect_elsewhere", text, field=f"{label}.effects")


def _other_ways(label: str, action: Action, kept: Kept) -> Iterator[Problem]:
    """Beginnings and steps that go round what the program's own steps ask for."""
    ways = kept.of(action).ways
    if action.opens and ways.get("") != action.opening_state:
        yield _begins_elsewhere(label, action, kept)
    for source, target in action.edges:
        if ways and ways.get(source) != target:
            text = _('From "{source}" this may not lead to "{target}"; it may go: {ways}.',
                     source=source, target=target, ways=_told(ways))  # fmt: skip
            place = "to" if source in ways else "from"
            yield Problem("workflow.way_added", text, field=f"{label}.{place}")
        elif not ways and source != target and target in kept.guarded | kept.terms.keys():
            text = _('"{state}" is reached only by {actions}.',
                     state=target, actions=kept.leading(target))  # fmt: skip
            yield Problem("workflow.state_guarded", text, field=f"{label}.to")
        elif not ways and source != target and source in kept.held:
            text = _('"{state}" is left only by {actions}.',
                     state=source, actions=kept.leaving(source))  # fmt: skip
            yield Problem("workflow.state_held", text, field=f"{label}.from")


def _begins_elsewhere(label: str, action: Action, kept: Kept) -> Problem:
    begins = kept.of(action).ways.get("")
    if begins:
        return _has_to_stay(f"{label}.to", begins)
    openings = [name for name, must in kept.must.items() if "" in must.ways]
    text = _("A case begins only with {actions}; leave this out.", actions=openings)
    return Problem("workflow.opening_added", text, field=f"{label}.opens")


def _lengthened(label: str, action: Action, kept: Kept) -> Iterator[Problem]:
    """Extensions of a term that the program keeps."""
    most = kept.of(action).extends_days
    if action.extends_days > most and kept.terms.keys() & {*action.sources}:
        text = _("The deadline may be lengthened by {days} days here, no more.", days=most)
        yield Problem("workflow.extension_longer", text, field=f"{label}.extends_days")


def _at_least(term: Term, other: Term) -> bool:
    """Counted from the same, a term never ends before another one."""
    return term.since == other.since and all(
        mine >= theirs for mine, theirs in zip(_length(term), _length(other), strict=True)
    )


def _length(term: Term) -> tuple[int, int, int, int]:
    return term.days, term.hours, COUNTINGS.index(term.counting), _ROLLS.index(term.roll)


def _as_toml(term: Term) -> str:
    """A term as a file writes it."""
    length = f"days = {term.days}" if term.days else f"hours = {term.hours}"
    since = f', since = "{term.since}"' if term.since else ""
    return f'{{ {length}, counting = "{term.counting}", roll = "{term.roll}"{since} }}'


def _told(ways: Mapping[str, str]) -> list[str]:
    return [f"{source} → {target}" for source, target in ways.items() if source]


def _has_to_stay(place: str, value: str) -> Problem:
    text = _('This has to be "{value}"; put it back.', value=value)
    return Problem("workflow.changed_key", text, field=place)
