"""Who works on cases, and who of them may be named for one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from relief.accounts.queries import roles_by_name
from relief.engine.actors import CASE_ROLES
from relief.engine.steps.recusal import recused
from relief.kernel.unit_of_work import UnitOfWork
from relief.petitions.seeing import only_seers


def people_of_cases(work: UnitOfWork) -> list[str]:
    """Everybody who works on cases today, by name: enabled clerks and approvers."""
    return [name for name, roles in roles_by_name(work).items() if not roles.isdisjoint(CASE_ROLES)]


def case_workers_for(work: UnitOfWork, row: Mapping[str, Any]) -> list[str]:
    """Those who may be named as the case worker of this case: they may see it, and do not stand
    aside in it."""
    seers, aside = only_seers(work, row), recused(work, row["kind"], row["id"])
    return [
        name
        for name in people_of_cases(work)
        if name not in aside and (seers is None or name in seers)
    ]
