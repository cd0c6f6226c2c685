"""Published definitions: kept for ever by their SHA-256, so that a case can pin its own."""

from __future__ import annotations

import sqlalchemy as sa

from relief.engine.definitions.definition import Definition, sha256_of
from relief.engine.definitions.lint import lint
from relief.engine.definitions.loader import definition_of
from relief.engine.definitions.machine import CaseMachine
from relief.engine.tables import WorkflowDefinition
from relief.engine.work import Work, Workflows
from relief.kernel.columns import table_of
from relief.kernel.errors import Conflict, NotFound, Problem, refuse
from relief.kernel.text import _
from relief.kernel.unit_of_work import UnitOfWork

_PUBLISHED = table_of(WorkflowDefinition)
_BODY = sa.select(_PUBLISHED.c.body).where(_PUBLISHED.c.sha256 == sa.bindparam("b_sha256"))
_LAST_NUMBER = sa.select(sa.func.max(_PUBLISHED.c.number)).where(
    _PUBLISHED.c.key == sa.bindparam("b_key")
)


def publish(work: Work, workflows: Workflows) -> list[str]:
    """Publish what is new among the definitions; gives the keys of those."""
    news = [
        definition
        for definition in workflows.definitions.values()
        if publish_definition(work, definition)
    ]
    return [definition.key for definition in news]


def publish_definition(work: Work, definition: Definition) -> bool:
    """Publish one definition under the next number of its key; False where it was already."""
    if is_published(work, definition):
        return False
    at = work.instant()
    if is_published(work, definition):  # by another process, while this one waited for the lock
        return False
    last = work.connection.execute(_LAST_NUMBER, {"b_key": definition.key}).scalar_one()
    row = {
        "sha256": definition.sha256,
        "key": definition.key,
        "number": (last or 0) + 1,
        "body": definition.body,
        "published_at": at,
    }
    work.insert_all(WorkflowDefinition, [row])
    return True


def is_published(work: UnitOfWork, definition: Definition) -> bool:
    """True where cases can pin a definition already."""
    found = work.connection.execute(_BODY, {"b_sha256": definition.sha256})
    return found.first() is not None


def last_published(work: UnitOfWork, key: str) -> Definition | None:
    """The definition of a key that was published last, or None where none was."""
    statement = sa.select(_PUBLISHED.c.body).where(_PUBLISHED.c.key == key)
    bodies = work.connection.execute(statement.order_by(_PUBLISHED.c.number.desc()).limit(1))
    body = bodies.scalar_one_or_none()
    return None if body is None else definition_of(body)


def pinned_machine(work: Work, sha256: str) -> CaseMachine:
    """The workflow that a case began under, from memory or as it was published."""
    return work.workflows.machine(sha256) or work.workflows.remember(_published(work, sha256))


def verify_published(work: UnitOfWork) -> list[Problem]:
    """Name every published definition that was changed since."""
    rows = work.rows(sa.select(_PUBLISHED).order_by(_PUBLISHED.c.key, _PUBLISHED.c.number))
    return [
        Problem(
            "workflow.changed",
            _(
                'Number {number} of the published workflow "{key}" was changed in the database.',
                number=row.number,
                key=row.key,
            ),
        )
        for row in rows
        if sha256_of(row.body) != row.sha256
    ]


def _published(work: Work, sha256: str) -> Definition:
    body = work.connection.execute(_BODY, {"b_sha256": sha256}).scalar_one_or_none()
    if body is None:
        raise refuse(
            NotFound,
            "workflow.not_published",
            _(
                "The workflow {sha256} that this case follows is not in the database; restore "
                "it from a backup.",
                sha256=sha256[:12],
            ),
        )
    if sha256_of(body) != sha256:
        raise refuse(
            Conflict,
            "workflow.changed",
            _(
                "The workflow {sha256} that this case follows was changed in the database; "
                "restore it from a backup.",
                sha256=sha256[:12],
            ),
        )
    definition = definition_of(body)
    faults = lint(definition, work.workflows.names)
    if faults:  # it names a guard or an effect that this program no longer has
        raise Conflict(faults)
    return definition
