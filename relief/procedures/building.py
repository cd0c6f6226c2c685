"""From workflow files to the workflows that a unit of work knows, with those whose file is gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import sqlalchemy as sa

from relief.accounts.queries import staff, who_holds
from relief.engine.definitions.definition import Definition
from relief.engine.definitions.lint import lint
from relief.engine.publishing import last_published
from relief.engine.work import Workflows
from relief.kernel.errors import Invalid
from relief.kernel.resources import folders
from relief.kernel.settings import Settings
from relief.kernel.unit_of_work import UnitOfWork
from relief.procedures.features import EFFECTS, FAMILIES, GUARDS, KINDS, NAMES, RECORDS
from relief.procedures.files import kind_of, letter_taken, read_procedures


def build_workflows(settings: Settings) -> Workflows:
    """The shipped workflows, the office's own before them, with every guard and effect."""
    found = read_procedures(folders("workflows", settings.data_dir))
    if found.faults:
        raise Invalid(found.faults)
    kinds = (*KINDS, *found.own_kinds)
    return Workflows(found.definitions, kinds, GUARDS, EFFECTS, who_holds, staff, RECORDS)


def with_retired(work: UnitOfWork, workflows: Workflows) -> Workflows:
    """The same with the kinds of which there are cases and no file any more; refused where one of
    another kind has taken the letter of their references."""
    retired = {each.key: each for each in _retired(work, workflows)}
    if not retired:
        return workflows
    letters = {kind.letter: kind.key for kind in workflows.kinds.values() if kind.letter}
    faults = [
        replace(letter_taken(each.letter, each.title), sheet=f"{letters[each.letter]}.toml")
        for each in retired.values()
        if each.letter in letters
    ]
    if faults:
        raise Invalid(faults)
    kinds = (*workflows.kinds.values(), *map(kind_of, retired.values()))
    return Workflows(
        workflows.definitions, kinds, GUARDS, EFFECTS, who_holds, staff, RECORDS, retired
    )


def _retired(work: UnitOfWork, workflows: Workflows) -> Iterator[Definition]:
    """The last published workflows of those kinds, where the program can still work by them."""
    for family in FAMILIES.values():
        key = family.table.c[family.discriminator]
        unknown = sa.select(key).distinct().where(key.not_in(list(workflows.kinds))).order_by(key)
        for gone in work.connection.execute(unknown).scalars().all():
            definition = last_published(work, gone)
            if definition and definition.family == family.key and not lint(definition, NAMES):
                yield definition
