"""A case: one row that a workflow drives, with the workflow it began under."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from relief.engine.machine import CaseMachine
from relief.engine.publishing import pinned_machine
from relief.engine.work import Work
from relief.engine.workflows import SubjectKind
from relief.kernel.errors import Conflict, NotFound, refuse
from relief.kernel.text import _


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


def load_case(work: Work, kind: str, subject_id: int) -> Case:
    """Read a case; one that is not there, or stands in no state of its workflow, is refused."""
    subject_kind = work.workflows.kinds[kind]
    found = work.session.connection().execute(subject_kind.by_id, {"b_id": subject_id})
    row = found.mappings().one_or_none()
    if row is None:
        raise refuse(NotFound, "case.unknown", _("There is no such case."))
    machine = pinned_machine(work, row["definition_sha256"])
    case = Case(subject_kind, subject_id, dict(row), machine)
    if not case.machine.knows(case.state):
        raise refuse(
            Conflict,
            "case.state_unknown",
            _(
                '{reference} stands in the state "{state}", which its workflow does not have: '
                'the database was changed by hand. Run "relief audit verify".',
                reference=case.reference,
                state=case.state,
            ),
        )
    return case


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
