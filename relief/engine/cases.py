"""A case: one row that a workflow drives, with the workflow it began under."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from relief.engine.actors import NOBODY, PROGRAM, Actor
from relief.engine.definitions.definition import Titles
from relief.engine.definitions.machine import CaseMachine
from relief.engine.kinds import SubjectKind
from relief.engine.publishing import pinned_machine
from relief.engine.work import Work
from relief.kernel.errors import Conflict, NotFound, ReliefError, refuse
from relief.kernel.text import Username, _, is_plain
from relief.kernel.typed_text import half_width


@dataclass(frozen=True)
class Case:
    """A case as it stands before a step."""

    kind: SubjectKind
    id: int
    row: Mapping[str, Any]
    machine: CaseMachine

    @property
    def reference(self) -> str:
        """What people call it."""
        return str(self.row[self.kind.reference])

    @property
    def state(self) -> str:
        """Where it stands."""
        return str(self.row["state"])

    @property
    def version(self) -> int:
        """How many steps it has taken."""
        return int(self.row["version"])

    def leads_on_by(self, action: str) -> bool:
        """True where this action starts from where the case stands."""
        return self.machine.after(self.state, action) is not None


def load_case(work: Work, kind: str, subject_id: int) -> Case:
    """Read a case; one that is not there, or stands in no state of its workflow, is refused."""
    subject_kind = work.workflows.kinds[kind]
    found = work.connection.execute(subject_kind.by_id, {"b_id": subject_id})
    row = found.mappings().one_or_none()
    if row is None:
        raise refuse(NotFound, "case.unknown", _("There is no such case."))
    return case_of(work, subject_kind, dict(row))


def name_of_case(work: Work, kind: str, subject_id: int) -> str:
    """What people call a case; "<kind> <id>" of one that is not there, or cannot be read: whoever
    looks for tampering names it and goes on."""
    subject_kind = work.workflows.kinds.get(kind)
    if subject_kind is not None:
        found = work.connection.execute(subject_kind.by_id, {"b_id": subject_id})
        for row in found.mappings():
            return str(row[subject_kind.reference])
    return f"{kind} {subject_id}"


def case_of(work: Work, kind: SubjectKind, row: Mapping[str, Any]) -> Case:
    """A case from its row; refused where it stands in no state of its workflow."""
    machine = pinned_machine(work, row["definition_sha256"])
    case = Case(kind, int(row["id"]), row, machine)
    if not case.machine.knows(case.state):
        raise refuse(
            Conflict,
            "case.state_unknown",
            _(
                '{reference} stands in the state "{state}", which its workflow does not have: '
                "the database was changed by hand.",
                reference=case.reference,
                state=case.state,
            ),
        )
    return case


def visible_case(work: Work, kind: str, subject_id: int, actor: Actor) -> Case:
    """The same, for somebody who may see it; to others it does not exist."""
    case = load_case(work, kind, subject_id)
    if is_visible(work, case, actor):
        return case
    raise refuse(NotFound, "case.unknown", _("There is no such case."))


def is_visible(work: Work, case: Case, actor: Actor) -> bool:
    """True where an actor may see a case; the program sees all."""
    return actor.username in PROGRAM or _may_see(work, case.kind, case.row, actor)


def find_case(work: Work, reference: str, actor: Actor | None) -> Case:
    """A case of whatever kind by what people call it, in small or wide letters too; what nobody
    named may see is not there for somebody who gives no name."""
    wanted = reference.strip()
    if not is_plain(wanted):  # nothing is called so, and PostgreSQL takes no NUL
        raise _no_reference(wanted)
    for name in dict.fromkeys((wanted, half_width(wanted).upper())):
        for kind, row in _named(work, name):
            if _may_see(work, kind, row, actor):
                return case_of(work, kind, row)
    raise _no_reference(wanted)


def _named(work: Work, wanted: str) -> Iterator[tuple[SubjectKind, Mapping[str, Any]]]:
    """The rows that go by a name, those whose reference it is before those also called so. Kinds
    that share a table are looked for at once, and first: most cases are of those."""
    kinds = list(work.workflows.kinds.values())
    tables: dict[str, SubjectKind] = {}
    for kind in kinds:
        tables.setdefault(kind.table.name, kind)
    for first in sorted(tables.values(), key=lambda kind: not kind.discriminator):
        found = work.connection.execute(first.by_reference, {"b_reference": wanted})
        for row in map(dict, found.mappings()):
            yield from ((kind, row) for kind in kinds if kind.drives(first.table, row))
    for kind in kinds:
        if kind.also_named:
            found = work.connection.execute(kind.by_id, {"b_id": kind.also_named(work, wanted)})
            yield from ((kind, dict(row)) for row in found.mappings())


def _no_reference(wanted: str) -> ReliefError:
    return refuse(
        NotFound,
        "case.no_reference",
        _('There is no case "{reference}".', reference=wanted[:40]),
        "reference",
    )


def is_public(work: Work, kind: str, subject_id: int) -> bool:
    """True of a case that everybody may know of."""
    case = load_case(work, kind, subject_id)
    return _may_see(work, case.kind, case.row, None)


def public_name(work: Work, kind: str, subject_id: int) -> str | Titles:
    """What everybody may read of a case: its number, or of a restricted one what it is."""
    case = load_case(work, kind, subject_id)
    if _may_see(work, case.kind, case.row, None):
        return case.reference
    return case.machine.definition.title


def _may_see(work: Work, kind: SubjectKind, row: Mapping[str, Any], actor: Actor | None) -> bool:
    if kind.visible is None:
        return True
    return kind.visible(work, row, actor or NOBODY)


def changed_meanwhile(reference: str, people: Iterable[str]) -> Conflict:
    """The refusal of a step that was decided before these took another."""
    text = _(
        "{reference} has changed since you looked at it, by {people}. Look at it again, then "
        "decide.",
        reference=reference,
        people=[Username(each) for each in sorted(people)],
    )
    fault = refuse(Conflict, "case.stale", text, "version")
    assert isinstance(fault, Conflict)
    return fault


def stale(reference: str, seen: int, current: int) -> Conflict:
    """The refusal of a step that was decided on an older version."""
    text = _(
        "{reference} has changed since you looked at it: you saw version {seen}, it now stands "
        "at version {current}. Look at it again, then decide.",
        reference=reference,
        seen=seen,
        current=current,
    )
    fault = refuse(Conflict, "case.stale", text, "version")
    assert isinstance(fault, Conflict)
    return fault
