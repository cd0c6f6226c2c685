"""A little office to try the engine in: one table of permits, one workflow, an in-file database."""

from __future__ import annotations

import copy
import datetime as dt
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import SQLModel

from relief.engine.actors import SCHEDULER, Actor
from relief.engine.calendar.tables import CalendarDay, CalendarYear, OfficeHours
from relief.engine.definitions.definition import Definition
from relief.engine.definitions.loader import read_definition
from relief.engine.journal.chain import JOURNAL, Entry
from relief.engine.journal.seals import SEALS
from relief.engine.kinds import SubjectKind
from relief.engine.step import Step
from relief.engine.steps.advance import advance, begin
from relief.engine.tables import CaseDeadline, DeadlineChange, Recusal, WorkflowDefinition
from relief.engine.work import Work, Workflows
from relief.kernel.clock import Clock, SystemClock
from relief.kernel.columns import table_of
from relief.kernel.crypto import FieldCipher
from relief.kernel.database import Database
from relief.kernel.errors import Problem
from relief.kernel.text import _
from relief.kernel.unit_of_work import DEPLOYMENT, UnitOfWork
from tests.legible import codes_of

PERMIT_TOML = """
key = "permit"
title = { en = "Permit", zh = "许可" }

[[state]]
id = "draft"
title = { en = "Draft", zh = "草稿" }
deadline = { days = 15, counting = "working", roll = "forward", source = "art. 23" }

[[state]]
id = "submitted"
title = { en = "Submitted", zh = "已提交" }

[[state]]
id = "approved"
title = { en = "Approved", zh = "已批准" }

[[state]]
id = "done"
title = { en = "Done", zh = "已办结" }
final = true

[[action]]
id = "prepare"
title = { en = "Prepare", zh = "编制" }
opens = true
from = ["draft"]
roles = ["clerk", "system"]

[[action]]
id = "submit"
title = { en = "Submit", zh = "提交" }
from = ["draft"]
to = "submitted"
roles = ["clerk"]
stands_in_for = "prepare"

[[action]]
id = "return"
title = { en = "Return", zh = "退回" }
from = ["submitted"]
to = "draft"
roles = ["approver"]
reason = "required"

[[action]]
id = "approve"
title = { en = "Approve", zh = "批准" }
from = ["submitted"]
to = "approved"
roles = ["approver"]
not_by_actor_of = ["prepare"]
overridable = true

[[action]]
id = "inspect"
title = { en = "Inspect", zh = "检查" }
from = ["submitted"]
roles = ["approver"]
not_by_actor_of = ["prepare"]

[[action]]
id = "release"
title = { en = "Release", zh = "发出" }
from = ["approved"]
to = "done"
roles = ["clerk", "approver"]
not_by_actor_of = ["prepare", "approve"]
overridable = true

[[action]]
id = "expire"
title = { en = "Expire", zh = "过期" }
from = ["submitted"]
to = "done"
roles = ["system"]

[[action]]
id = "note"
title = { en = "Note", zh = "备注" }
from = ["draft"]
roles = ["clerk"]
fields = ["opinion"]
optional_fields = ["noted_on", "weight", "colour"]
reason = "optional"
guards = ["opinion_is_kind", "office_is_open"]
effects = ["count_note", "echo_note"]

[[field]]
id = "opinion"
title = { en = "Opinion", zh = "意见" }

[[field]]
id = "noted_on"
title = { en = "Noted on", zh = "日期" }
type = "date"

[[field]]
id = "weight"
title = { en = "Weight", zh = "重量" }
type = "number"

[[field]]
id = "colour"
title = { en = "Colour", zh = "颜色" }
type = "choice"
options = [
    { id = "red", title = { en = "Red", zh = "红" } },
    { id = "blue", title = { en = "Blue", zh = "蓝" } },
]
"""

CLERK = Actor("mei", frozenset({"clerk"}))
OTHER_CLERK = Actor("bao", frozenset({"clerk"}))
APPROVER = Actor("ding", frozenset({"approver"}))
BOTH = Actor("lu", frozenset({"clerk", "approver"}))
AUDITOR = Actor("qian", frozenset({"auditor"}))
PEOPLE = (CLERK, OTHER_CLERK, APPROVER, BOTH, AUDITOR)
CAST = (*PEOPLE, SCHEDULER)


def permit_table() -> dict[str, Any]:
    """The workflow as its file tells it, to be bent by a test."""
    return copy.deepcopy(tomllib.loads(PERMIT_TOML))


def defined(table: Mapping[str, Any]) -> Definition:
    """A definition without faults."""
    definition, problems = read_definition(table)
    assert not problems, [str(problem.located()) for problem in problems]
    return definition


def cases_table(name: str) -> sa.Table:
    """A table of cases, apart from the product's own tables."""
    return sa.Table(
        name,
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("reference", sa.String, unique=True),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("definition_sha256", sa.String, nullable=False),
        sa.Column("journal_head", sa.String, nullable=False),
        sa.Column("journal_key", sa.LargeBinary, nullable=False),
    )


def who_holds(_work: UnitOfWork, roles: Collection[str]) -> list[Actor]:
    """The people of the little office."""
    able = [person for person in PEOPLE if person.roles & set(roles)]
    return sorted(able, key=lambda person: person.username)


class Office:
    """The database, the workflows, and every step in a unit of work of its own."""

    def __init__(self, path: Path, *definitions: Definition, **options: Any) -> None:
        self.database = Database(f"sqlite:///{path}")
        self.cipher = FieldCipher([b"k" * 32])
        self.clock: Clock = SystemClock(ZoneInfo("Asia/Shanghai"))
        self.closed = False
        self.steps: list[tuple[str, Step]] = []
        self.tables = {d.key: cases_table(d.key) for d in definitions}
        self.workflows = self.works_by(*definitions, **options)
        self._make_tables()

    @property
    def permits(self) -> sa.Table:
        return self.tables["permit"]

    def works_by(self, *definitions: Definition, **options: Any) -> Workflows:
        """Workflows with the guards and effects of the toy, or those given."""
        return Workflows(
            {definition.key: definition for definition in definitions},
            [
                SubjectKind(
                    each.key,
                    self.tables[each.key],
                    "reference",
                    visible=options.get("visible", {}).get(each.key),
                    family=each.family,
                    letter=each.letter,
                )
                for each in definitions
            ],
            options.get(
                "guards",
                {
                    "opinion_is_kind": self._opinion_is_kind,
                    "office_is_open": self._office_is_open,
                },
            ),
            options.get(
                "effects",
                {
                    "count_note": self._effect("count_note"),
                    "echo_note": self._effect("echo_note"),
                },
            ),
            who_holds,
            lambda _work: frozenset(person.username for person in PEOPLE),
            options.get("records", ()),
        )

    @contextmanager
    def work(self, *, writes: bool = True) -> Iterator[Work]:
        """A unit of work; commits when it is left without an exception."""
        with self.database.transaction(writes=writes) as connection:
            work = Work(connection, self.clock, self.cipher, self.workflows)
            yield work
            work.commit()

    def begin(self, action: str = "prepare", actor: Actor = CLERK, **options: Any) -> int:
        kind = options.pop("kind", "permit")
        with self.work() as work:
            reference = f"N-{len(self.rows(self.tables[kind])) + 1}"
            return begin(work, kind, action, actor, {"reference": reference}, **options)

    def advance(self, case: int, action: str, actor: Actor, **options: Any) -> Entry:
        kind = options.pop("kind", "permit")
        with self.work() as work:
            return advance(work, kind, case, action, actor, **options)

    def rows(self, table: sa.Table) -> list[dict[str, Any]]:
        with self.database.transaction(writes=False) as connection:
            statement = sa.select(table).order_by(*table.primary_key)
            return [dict(row) for row in connection.execute(statement).mappings()]

    def everything(self) -> list[list[dict[str, Any]]]:
        """All cases and the whole journal, to compare."""
        return [self.rows(table) for table in (*self.tables.values(), JOURNAL)]

    def tamper(self, statement: sa.Executable) -> None:
        """Change the database by hand."""
        with self.database.transaction(writes=True) as connection:
            connection.execute(statement)
            connection.commit()

    def _make_tables(self) -> None:
        models = (
            WorkflowDefinition, Recusal, CaseDeadline, DeadlineChange,
            CalendarDay, CalendarYear, OfficeHours,
        )  # fmt: skip
        ours = [JOURNAL, SEALS, DEPLOYMENT, *map(table_of, models)]
        SQLModel.metadata.create_all(self.database.engine, tables=ours)
        for table in self.tables.values():
            table.metadata.create_all(self.database.engine)
        start = dt.datetime(2005, 1, 1, tzinfo=dt.UTC)
        self.tamper(
            sa.insert(DEPLOYMENT).values(id=1, is_rehearsal=False, last_instant=start, key_check="")
        )

    def _opinion_is_kind(self, _work: Work, step: Step) -> list[Problem]:
        words = step.fields.get("opinion", "").split()
        return [
            Problem("opinion.unkind", _('"{word}" is not kind.', word=word), field="opinion")
            for word in words
            if word in ("bad", "ugly")
        ]

    def _office_is_open(self, _work: Work, _step: Step) -> list[Problem]:
        return [Problem("office.closed", _("The office is closed."))] if self.closed else []

    def _effect(self, name: str) -> Callable[[Work, Step], None]:
        def effect(work: Work, step: Step) -> None:
            assert work.rows(sa.select(JOURNAL.c.id).where(JOURNAL.c.subject_id == step.subject_id))
            self.steps.append((name, step))

        return effect


def codes(problems: Collection[Problem]) -> list[str]:
    """What kinds of faults there are."""
    return sorted(codes_of(problems))
