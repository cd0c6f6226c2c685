"""The kinds of cases: the table that each drives, and what its workflow has to keep; and what has a
journal without being a case."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from relief.engine.actors import Actor
from relief.engine.definitions.definition import Action, Definition
from relief.engine.definitions.kept import Kept, taken_away
from relief.engine.tables import Subject
from relief.kernel.errors import Problem
from relief.kernel.text import _
from relief.kernel.unit_of_work import UnitOfWork

# Whether somebody may see a case, of which the columns are given.
Visible = Callable[[UnitOfWork, Mapping[str, Any], Actor], bool]
# Reads beforehand what is asked of many cases, of which the columns are given (`kernel.looking`).
Beforehand = Callable[[UnitOfWork, Sequence[Mapping[str, Any]]], None]
# Who else counts as having taken steps that one is kept apart from, by those steps: of a case, its
# columns, the step and which steps it took are given.
OtherHands = Callable[
    [UnitOfWork, Mapping[str, Any], Action, Collection[str]], Mapping[str, frozenset[str]]
]
# The case that people mean by another name than its reference, where there is one.
AlsoNamed = Callable[[UnitOfWork, str], int | None]
# Every row that is not what the journal of its case says.
Altered = Callable[[UnitOfWork], Iterable[Problem]]


@dataclass(frozen=True)
class SubjectKind:
    """A table whose rows are cases of one workflow; `reference` is the column that people know a
    case by. `kept` is what no office's own file may take from the workflow.

    Where several kinds share a table, `discriminator` is the column that holds the kind's key.
    `visible` says who may see a case; everybody, where it is not given. `also_named` finds a case
    by another name that it goes by. `beforehand` reads at once what `visible` and the feature's
    guards ask of each of many cases. `altered` holds the feature's own columns against the journal.
    `other_hands` says whose hands were in what became part of a case (its merged ones), and from
    which steps the program keeps one apart beside those that its file names.
    `names_said` is, by step, of which of its fields the entry says openly that something was said
    (and never what): who reads that opens no words.
    `family` is the family that the kind belongs to, where offices may add to it; `letter` is what
    its references begin with. The statements are made once.
    """

    key: str
    table: sa.Table
    reference: str
    kept: Kept | None = None
    discriminator: str = ""
    visible: Visible | None = None
    also_named: AlsoNamed | None = None
    altered: Altered | None = None
    family: str = ""
    letter: str = ""
    beforehand: Beforehand | None = None
    other_hands: OtherHands | None = None
    names_said: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        wanted = {"id", self.reference, *Subject.model_fields}
        wanted |= {self.discriminator} - {""}
        assert wanted <= set(self.table.c.keys()), f"{self.table.name} is no table of cases"

    def taken_from(self, definition: Definition) -> list[Problem]:
        """What a file of this kind has less than the program keeps, or says otherwise."""
        less = taken_away(definition, self.kept) if self.kept else ()
        return [*self._elsewhere(definition), *less]

    def _elsewhere(self, definition: Definition) -> Iterator[Problem]:
        """A family or a letter that is not this kind's."""
        for key in ("family", "letter"):
            said, ours = getattr(definition, key), getattr(self, key)
            if said not in ("", ours):
                text = _('This has to be "{value}"; put it back.', value=ours)
                if not ours:
                    text = _("This kind of case has none; leave this out.")
                yield Problem("workflow.changed_key", text, field=key)

    @cached_property
    def mine(self) -> sa.ColumnElement[bool]:
        """Which rows of the table are cases of this kind."""
        if not self.discriminator:
            return sa.true()
        return self.table.c[self.discriminator] == self.key

    @cached_property
    def heads(self) -> sa.Select[Any]:
        """Every case with what its journal has to end in."""
        columns = self.table.c
        return sa.select(
            columns.id,
            columns.state,
            columns.version,
            columns.journal_head,
            columns.definition_sha256,
            columns[self.reference].label("reference"),
            columns.journal_key,
        ).where(self.mine)

    @cached_property
    def begun(self) -> sa.Insert:
        """A new case."""
        return sa.insert(self.table)

    @cached_property
    def by_id(self) -> sa.Select[tuple[object, ...]]:
        """One case (`b_id`)."""
        return sa.select(self.table).where(self.table.c.id == sa.bindparam("b_id"), self.mine)

    @cached_property
    def by_ids(self) -> sa.Select[tuple[object, ...]]:
        """Some cases (`b_ids`)."""
        some = self.table.c.id.in_(sa.bindparam("b_ids", expanding=True))
        return sa.select(self.table).where(some, self.mine)

    @cached_property
    def by_reference(self) -> sa.Select[tuple[object, ...]]:
        """What people call so (`b_reference`), of every kind that the table holds."""
        named = self.table.c[self.reference] == sa.bindparam("b_reference")
        return sa.select(self.table).where(named)

    def drives(self, table: sa.Table, row: Mapping[str, Any]) -> bool:
        """True where a row of a table is a case of this kind."""
        if table is not self.table:
            return False
        return not self.discriminator or row[self.discriminator] == self.key

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


def kind_unknown(known: Iterable[str]) -> Problem:
    """The fault of a workflow that drives no cases."""
    text = _(
        "The program has no cases of this kind; it has {known}. A kind of the office's own says to "
        "which family it belongs, and which letter its references begin with.",
        known=sorted(known),
    )
    return Problem("workflow.kind_unknown", text, field="key")


@dataclass(frozen=True)
class Family:
    """Kinds of cases that share a table and their steps, to which an office adds its own by a file.

    `kind_of` makes the kind that such a file describes. `not_keys` are keys that would mean
    something else where kinds stand beside other words.
    """

    key: str
    table: sa.Table
    discriminator: str
    kind_of: Callable[[Definition], SubjectKind]
    not_keys: frozenset[str] = frozenset()


@dataclass(frozen=True)
class RecordKind:
    """What no workflow drives, and whose changes are chained in the journal all the same (users).

    `heads` gives of each what its journal has to end in, as `SubjectKind.heads` does; its
    `definition_sha256` is empty. `altered` as there.
    """

    key: str
    heads: sa.Select[Any]
    altered: Altered | None = None


# What has a journal.
Recorded = SubjectKind | RecordKind
