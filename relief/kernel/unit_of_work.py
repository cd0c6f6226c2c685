"""The unit of work: one use case, one transaction, the only commit.

Leaving without `commit()` rolls back. Whoever writes facts, items or runs asks `instant()`: that
takes the one lock and gives an instant of record later than every one before it, so what was known
at an instant never changes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.engine import Connection
from sqlmodel import Field, SQLModel

from relief.kernel import sqlite
from relief.kernel.clock import Clock
from relief.kernel.columns import instant, table_of
from relief.kernel.crypto import FieldCipher
from relief.kernel.errors import Conflict, Problem
from relief.kernel.text import _

# One number for the whole product: PostgreSQL's advisory lock of whoever writes records.
_RECORD_LOCK = 0x72656C696566
_STREAMED_ROWS = 2_000
# The execution option of a connection that holds the results which are still being read.
HALF_READ = "half_read"
# One statement takes at most 65,535 values on PostgreSQL, and 32,766 on SQLite.
_VALUES_MAX = 5_000
Value = TypeVar("Value")
MICROSECOND = dt.timedelta(microseconds=1)


class Deployment(SQLModel, table=True):
    """The one row that says what this database is and when it last recorded anything.

    `key_check` tells the keys that it was made with, and whether all that stood before rows were
    sealed was sealed (`crypto.sealed_key_check`). `seals_mark` is the office's mark over the daily
    seals."""

    __table_args__ = (sa.CheckConstraint("id = 1", name="only_one"),)

    id: int = Field(default=1, primary_key=True)
    is_rehearsal: bool
    last_instant: dt.datetime = instant()
    key_check: str
    seals_mark: str = Field(default="", sa_column_kwargs={"server_default": sa.text("''")})


@cache
def _insert_into(model: type[SQLModel]) -> sa.Insert:
    return sa.insert(table_of(model))


DEPLOYMENT = table_of(Deployment)
# Built once: every unit of work that writes says them.
_TAKE_LOCK = sa.select(sa.func.pg_advisory_xact_lock(_RECORD_LOCK))
_LAST_RECORDED = sa.select(DEPLOYMENT.c.last_instant)
_RECORDED = sa.update(DEPLOYMENT).values(last_instant=sa.bindparam("b_instant"))
_RECORDED_IF_LATER = _RECORDED.where(DEPLOYMENT.c.last_instant < sa.bindparam("b_instant"))


def in_chunks(values: Iterable[Value]) -> Iterator[list[Value]]:
    """Values for `IN (…)`, in portions that one statement of either database takes; each once."""
    ordered = list(dict.fromkeys(values))
    for start in range(0, len(ordered), _VALUES_MAX):
        yield ordered[start : start + _VALUES_MAX]


def clock_fault(clock: Clock, last: dt.datetime) -> Problem | None:
    """What stands against writing where the machine's clock is behind the last record: dates of
    today would be wrong, and what is entered now would carry an instant that never was."""
    now = clock.now()
    if clock.behind_max is None or last - now <= clock.behind_max:
        return None
    text = _(
        "The clock of this machine says {now}, but the last record is of {last}: nothing is "
        "written until the clock has passed that; reading goes on meanwhile. If the clock is "
        "wrong, set it right. If it is right now, it was ahead when that was recorded: wait until "
        "then, or, where no list was released since, restore the last backup from before.",
        now=f"{now.astimezone(clock.zone):%Y-%m-%d %H:%M}",
        last=f"{last.astimezone(clock.zone):%Y-%m-%d %H:%M}",
    )
    return Problem("clock.behind", text)


class UnitOfWork:
    """One transaction. Rolls back unless `commit()` was called."""

    def __init__(
        self, connection: Connection, clock: Clock, cipher: FieldCipher, *, writes: bool = True
    ) -> None:
        self.connection = connection
        self._writes = writes
        self.clock = clock
        self.cipher = cipher
        self._instant: dt.datetime | None = None
        self._is_over = False
        self.looked: dict[Hashable, Any] | None = None  # see kernel/looking.py

    @property
    def today(self) -> dt.date:
        """The office's date."""
        return self.clock.today()

    @property
    def is_sqlite(self) -> bool:
        """True on SQLite, for the few statements that differ."""
        return self.connection.dialect.name == "sqlite"

    def instant(self) -> dt.datetime:
        """Take the lock of record, once, and give this unit's instant of record."""
        self._check_writes()
        if self._instant is None:
            assert self.looked is None, "nothing is written while it is only looked"
            self.take_turn()
            self._instant = self._recorded_now() or self._recorded_after_the_last()
        return self._instant

    def _recorded_now(self) -> dt.datetime | None:
        """The instant that it is, as one of record; None where it is not after the last one."""
        now = self.clock.now()
        is_later = self.connection.execute(_RECORDED_IF_LATER, {"b_instant": now}).rowcount
        return now if is_later else None

    def _recorded_after_the_last(self) -> dt.datetime:
        """The first instant after the last one; refused where the machine's clock is wrong."""
        last = self._last_instant()
        fault = clock_fault(self.clock, last)
        if fault is not None:
            raise Conflict(fault)
        recorded = max(self.clock.now(), last + MICROSECOND)
        self.connection.execute(_RECORDED, {"b_instant": recorded})
        return recorded

    def clock_fault(self) -> Problem | None:
        """What stands against an instant of record now: the machine's clock is behind the last."""
        return clock_fault(self.clock, self._last_instant())

    def take_turn(self) -> None:
        """Take the lock of record alone: for what has to be counted before it is written, and keeps
        real time instead of the office's (who is signed in, what failed)."""
        self._check_writes()
        if not self.is_sqlite:  # SQLite: BEGIN IMMEDIATE has locked already
            self.connection.execute(_TAKE_LOCK)

    def as_known_now(self) -> dt.datetime:
        """An instant at which all that is recorded so far is known; takes no lock."""
        if self._instant is not None:
            return self._instant
        return max(self.clock.now(), self._last_instant() + MICROSECOND)

    def _last_instant(self) -> dt.datetime:
        return cast(dt.datetime, self.connection.execute(_LAST_RECORDED).scalar_one())

    def insert(self, model: type[SQLModel], **values: object) -> int:
        """Insert one row and give its id."""
        self._check_writes()
        key = self.connection.execute(_insert_into(model), values).inserted_primary_key
        assert key is not None
        return int(key[0])

    def put(self, model: type[SQLModel], **values: object) -> None:
        """Insert one row, or write over the one that has its key; of two at once the later
        stands."""
        self._check_writes()
        table = table_of(model)
        insert = (sqlite_dialect if self.is_sqlite else postgresql).insert(table).values(values)
        key = [column.name for column in table.primary_key]
        changed = {name: insert.excluded[name] for name in values if name not in key}
        statement = insert.on_conflict_do_update(index_elements=key, set_=changed)
        self.connection.execute(statement)

    def insert_all(self, model: type[SQLModel], rows: Sequence[Mapping[str, object]]) -> None:
        """Insert many rows by set."""
        self._check_writes()
        if rows:
            self.connection.execute(_insert_into(model), list(rows))

    def rows(self, statement: sa.Executable) -> Sequence[Any]:
        """All rows of a statement."""
        return self.connection.execute(statement).all()

    def stream(
        self, statement: sa.Select[Any], parameters: Mapping[str, object] | None = None
    ) -> Iterator[sa.RowMapping]:
        """The rows one after the other, in constant memory. Whoever stops early leaves no cursor
        open behind (PostgreSQL keeps one on the server); what a fault left half read is closed at
        the end of the transaction."""
        result = self.connection.execute(
            statement, dict(parameters or {}), execution_options={"yield_per": _STREAMED_ROWS}
        )
        half_read = _half_read(self.connection)
        half_read.add(result)
        try:
            yield from result.mappings()
        finally:
            result.close()
            half_read.discard(result)

    def commit(self) -> None:
        """The only commit, once. Whoever has something to tell may still read: that takes no lock,
        and waits for no writer."""
        self._check_writes()
        self.connection.commit()
        self._is_over = True
        if self.is_sqlite:
            sqlite.only_reads(self.connection)

    def _check_writes(self) -> None:
        assert self._writes, "this unit of work only reads"
        assert not self._is_over, "this unit of work is committed; what is written now is another's"


def close_half_read(connection: Connection) -> None:
    """Close what is still being read. A fault holds on to its generators, and they would close
    their cursors when it is forgotten: in whatever transaction the connection serves by then."""
    for result in list(_half_read(connection)):
        result.close()


def _half_read(connection: Connection) -> set[sa.CursorResult[Any]]:
    found: set[sa.CursorResult[Any]] = connection.get_execution_options()[HALF_READ]
    return found
