"""What makes no sense in a definition: found before anyone works by it, all faults at once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from relief.engine.actors import ROLES
from relief.engine.definitions.definition import MASKS, Action, Definition, Part, Term, labelled
from relief.kernel.errors import Problem
from relief.kernel.text import _

# What stands in the form of a step, for one case or many, beside the fields of the step.
RESERVED = frozenset(
    {"reason", "on", "at", "version", "override", "acting_for", "once", "csrf_token",
     "action", "back", "cases", "listed", "singly"}
)  # fmt: skip
_LETTER = re.compile(r"[A-Z]", re.ASCII)


@dataclass(frozen=True)
class Names:
    """The guards and effects that the program has, and the families of kinds."""

    guards: frozenset[str]
    effects: frozenset[str]
    families: frozenset[str] = frozenset()


def lint(definition: Definition, names: Names | None) -> list[Problem]:
    """Every fault of sense; what the program has is looked up only where `names` are given."""
    checks: list[Callable[[Definition], Iterable[Problem]]] = [
        _letter, _doubled_ids, _fields, _options, _openings, _roads, _doubled_steps, _separations,
        _terms, _papers,
    ]  # fmt: skip
    problems = [problem for check in checks for problem in check(definition)]
    if names:
        problems += _unknown("family", "family", _given(definition.family), names.families)
    for label, action in labelled("action", definition.actions):
        problems += _references(definition, label, action)
        problems += lint_names(label, action, names) if names else []
    return problems


def _letter(definition: Definition) -> Iterator[Problem]:
    """References begin with one capital letter."""
    if definition.letter and not _LETTER.fullmatch(definition.letter):
        text = _("The references of cases begin with one capital letter, A to Z.")
        yield Problem("workflow.letter_malformed", text, field="letter")


def lint_names(label: str, action: Action, names: Names) -> Iterator[Problem]:
    """Guards and effects that the program does not have."""
    yield from _unknown(f"{label}.guards", "guard", action.guards, names.guards)
    yield from _unknown(f"{label}.effects", "effect", action.effects, names.effects)


def _references(definition: Definition, label: str, action: Action) -> Iterator[Problem]:
    """Names in an action that nothing bears."""
    fields = definition.field_by_id
    yield from _unknown(f"{label}.from", "state", action.sources, definition.state_by_id)
    yield from _unknown(f"{label}.to", "state", _given(action.to), definition.state_by_id)
    yield from _unknown(f"{label}.roles", "role", action.roles, ROLES)
    yield from _unknown(f"{label}.fields", "field", action.fields, fields)
    yield from _unknown(f"{label}.optional_fields", "field", action.optional_fields, fields)
    if not action.roles:
        text = _("Nobody may take this step: name the roles that may.")
        yield Problem("workflow.action_without_roles", text, field=f"{label}.roles")
    both = sorted(set(action.fields) & set(action.optional_fields))
    if both:
        text = _("{fields} cannot be both required and optional.", fields=both)
        yield Problem("workflow.field_twice", text, field=f"{label}.optional_fields")


def _papers(definition: Definition) -> Iterator[Problem]:
    """Kinds of papers that a step is decided by, and that nobody could attach."""
    for label, action in labelled("action", definition.actions):
        yield from _unknown(f"{label}.papers", "paper", action.papers, definition.paper_titles)


def _separations(definition: Definition) -> Iterator[Problem]:
    """Steps kept apart from, or standing in for, steps that do not exist."""
    known = {action.id for action in definition.actions}
    for label, action in labelled("action", definition.actions):
        yield from _unknown(f"{label}.not_by_actor_of", "action", action.not_by_actor_of, known)
        stands_for = _given(action.stands_in_for)
        yield from _unknown(f"{label}.stands_in_for", "action", stands_for, known)
        if action.overridable and not action.not_by_actor_of:
            text = _("There is nothing to override: not_by_actor_of names no step.")
            yield Problem("workflow.nothing_to_override", text, field=f"{label}.overridable")


def _terms(definition: Definition) -> Iterator[Problem]:
    """Each term has one length, counts hours as working time, and runs from a step that exists."""
    for label, term in _labelled_terms(definition):
        known = {action.id for action in definition.actions}
        yield from _unknown(f"{label}.since", "action", _given(term.since), known)
        if bool(term.days) == bool(term.hours):
            text = _("Say how long it is: either days or hours, more than 0.")
            yield Problem("workflow.term_without_length", text, field=label)
        if term.hours and term.counting != "working":
            text = _('Hours are hours of work: write counting = "working".')
            yield Problem("workflow.hours_not_working", text, field=f"{label}.counting")
    yield from _told_days(definition)
    yield from _clocks(definition)


def _told_days(definition: Definition) -> Iterator[Problem]:
    """A day from which a term runs is asked for by the step that is refused when it has run."""
    asked = {f"{label}.not_after": each for label, each in labelled("action", definition.actions)}
    for label, term in _labelled_terms(definition):
        if not term.since_day:
            continue
        action = asked.get(label)
        names = (*action.fields, *action.optional_fields) if action else ()
        field = definition.field_by_id.get(term.since_day)
        if field is None or field.type != "date" or field.id not in names:
            text = _(
                "Only not_after counts from a day that its own step is told: name a field of the "
                'type "date" that this step asks for, or leave this out.'
            )
            yield Problem("workflow.day_not_asked", text, field=f"{label}.since_day")


def _labelled_terms(definition: Definition) -> Iterator[tuple[str, Term]]:
    for label, state in labelled("state", definition.states):
        if state.deadline:
            yield f"{label}.deadline", state.deadline
    for label, action in labelled("action", definition.actions):
        for key, term in (("not_before", action.not_before), ("not_after", action.not_after)):
            if term:
                yield f"{label}.{key}", term


def _clocks(definition: Definition) -> Iterator[Problem]:
    """A state that stops the clock has none of its own; what lengthens a deadline finds one."""
    for label, state in labelled("state", definition.states):
        if state.pauses and state.deadline:
            text = _("A state in which the clock stands still cannot have a deadline of its own.")
            yield Problem("workflow.pause_with_deadline", text, field=f"{label}.deadline")
    for label, action in labelled("action", definition.actions):
        sources = [definition.state_by_id.get(name) for name in action.sources]
        in_days = [state is None or (state.deadline and state.deadline.days) for state in sources]
        if action.extends_days and not all(in_days):
            text = _("There is nothing to extend: a state in from has no deadline in days.")
            yield Problem("workflow.nothing_to_extend", text, field=f"{label}.extends_days")


def _doubled_ids(definition: Definition) -> Iterator[Problem]:
    yield from _doubled("state", definition.states)
    yield from _doubled("field", definition.fields)
    for label, asked in labelled("field", definition.fields):
        yield from _doubled(f"{label}.options", asked.options)


def _doubled(kind: str, parts: Sequence[Part]) -> Iterator[Problem]:
    seen: set[str] = set()
    for label, part in labelled(kind, parts):
        if part.id and part.id in seen:
            text = _('"{name}" stands here twice; give it another id.', name=part.id)
            yield Problem("workflow.id_doubled", text, field=f"{label}.id")
        seen.add(part.id)


def _fields(definition: Definition) -> Iterator[Problem]:
    """Text alone is of one line, or masked, in a way that there is; a date alone is past; no field
    bears a name that the form of every step has itself."""
    for label, asked in labelled("field", definition.fields):
        yield from _unknown(f"{label}.masked", "mask", _given(asked.masked), MASKS)
        for key, said in (("line", asked.line), ("masked", asked.masked)):
            if said and asked.type != "text":
                text = _('Only a field of the type "text" has this.')
                yield Problem("workflow.text_only", text, field=f"{label}.{key}")
        if asked.past and asked.type != "date":
            text = _('Only a field of the type "date" has this.')
            yield Problem("workflow.date_only", text, field=f"{label}.past")
        if asked.id in RESERVED:
            text = _(
                'Every form has something of its own under "{name}"; give the field another id.',
                name=asked.id,
            )
            yield Problem("workflow.field_reserved", text, field=f"{label}.id")


def _options(definition: Definition) -> Iterator[Problem]:
    """A choice has options, and nothing else has."""
    for label, asked in labelled("field", definition.fields):
        if asked.type == "choice" and not asked.options:
            text = _("A choice needs options.")
            yield Problem("workflow.options_missing", text, field=f"{label}.options")
        if asked.type != "choice" and asked.options:
            text = _('Only a field of the type "choice" has options.')
            yield Problem("workflow.options_unexpected", text, field=f"{label}.options")


def _openings(definition: Definition) -> Iterator[Problem]:
    """Some action begins a case, and it is clear where."""
    if not any(action.opens for action in definition.actions):
        text = _("No case can begin: one action at least needs opens = true.")
        yield Problem("workflow.no_opening", text, field="action")
    for label, action in labelled("action", definition.actions):
        if action.opens and not action.to and len(action.sources) != 1:
            text = _("Where a case begins is not clear: name the state in to, or one in from.")
            yield Problem("workflow.opening_unclear", text, field=f"{label}.to")
        if not action.opens and not action.sources:
            text = _("Name the states that this action starts from.")
            yield Problem("workflow.action_without_source", text, field=f"{label}.from")


def _roads(definition: Definition) -> Iterator[Problem]:
    """Every state can be reached, and from every state an end can be."""
    edges = [edge for action in definition.actions for edge in action.edges]
    starts = {action.opening_state for action in definition.actions if action.opens}
    reached = _reach(starts, edges)
    ends = {state.id for state in definition.states if state.final}
    ending = _reach(ends, [(target, source) for source, target in edges])
    for label, state in labelled("state", definition.states):
        if starts and state.id not in reached:
            text = _("No case can come here: no chain of actions leads from an opening to it.")
            yield Problem("workflow.state_unreachable", text, field=label)
        if state.id not in ending:
            text = _("A case is trapped here: no chain of actions leads on to a final state.")
            yield Problem("workflow.state_trapped", text, field=label)


def _reach(starts: Iterable[str], edges: Sequence[tuple[str, str]]) -> set[str]:
    """Everything that can be reached along the edges."""
    onward: defaultdict[str, list[str]] = defaultdict(list)
    for source, target in edges:
        onward[source].append(target)
    reached: set[str] = set()
    waiting = list(starts)
    while waiting:
        state = waiting.pop()
        if state not in reached:
            reached.add(state)
            waiting += onward[state]
    return reached


def _doubled_steps(definition: Definition) -> Iterator[Problem]:
    """Two actions of one name never start from one state, nor begin a case."""
    taken: set[tuple[str, str]] = set()
    for label, action in labelled("action", definition.actions):
        for source in action.sources:
            if (source, action.id) in taken:
                text = _(
                    'Another action "{action}" starts from the state "{state}" already.',
                    action=action.id,
                    state=source,
                )
                yield Problem("workflow.step_doubled", text, field=f"{label}.from")
            taken.add((source, action.id))
        if action.opens and ("", action.id) in taken:
            text = _('Another action "{action}" begins a case already.', action=action.id)
            yield Problem("workflow.step_doubled", text, field=f"{label}.opens")
        taken |= {("", action.id)} if action.opens else set()


_UNKNOWN = {
    "paper": _('There is no kind of paper "{name}"; the field "paper_kind" has {known}.'),
    "state": _('There is no state "{name}"; there are {known}.'),
    "role": _('There is no role "{name}"; there are {known}.'),
    "field": _('There is no field "{name}"; there are {known}.'),
    "action": _('There is no action "{name}"; there are {known}.'),
    "family": _('There is no family "{name}"; there are {known}.'),
    "mask": _('There is no way to mask as "{name}"; there are {known}.'),
    "guard": _('The program has no guard "{name}"; it has {known}.'),
    "effect": _('The program has no effect "{name}"; it has {known}.'),
}


def _unknown(
    path: str, kind: str, names: Iterable[str], known: Collection[str]
) -> Iterator[Problem]:
    for name in names:
        if name not in known:
            values = {"name": name[:80], "known": sorted(filter(None, known))}
            text = replace(_UNKNOWN[kind], values=values)
            yield Problem(f"workflow.{kind}_unknown", text, field=path)


def _given(name: str) -> tuple[str, ...]:
    return (name,) if name else ()
