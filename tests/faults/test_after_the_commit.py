"""What is asked of a unit of work when it is committed: it tells, and holds nobody up."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from relief.desk.tables import Contact
from relief.households.scheme import scheme_terms
from relief.kernel import sqlite
from relief.kernel.unit_of_work import DEPLOYMENT, UnitOfWork
from tests.office import Office


def test_who_tells_of_what_is_done_waits_for_no_writer_and_holds_none_up(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pause_s(_waited_s: float) -> float:
        raise AssertionError("somebody waits")

    monkeypatch.setattr(sqlite, "pause_s", pause_s)
    monkeypatch.setattr(sqlite, "turn_s", pause_s)
    with office.relief.work() as done:
        done.instant()
        done.commit()
        assert scheme_terms(done)
        with office.relief.work() as other:
            other.instant()
            assert scheme_terms(done)
            other.commit()


def test_what_is_read_is_one_state_whatever_is_written_beside(office: Office) -> None:
    recorded = sa.select(DEPLOYMENT.c.last_instant)
    with office.relief.reading() as work:
        before = work.connection.execute(recorded).scalar_one()
        with office.relief.work() as other:
            other.instant()
            other.commit()
        assert work.connection.execute(recorded).scalar_one() == before
    with office.relief.reading() as work:
        assert work.connection.execute(recorded).scalar_one() > before


@pytest.mark.parametrize("write", ["instant", "take_turn", "commit"])
def test_who_only_reads_writes_nothing(office: Office, write: str) -> None:
    with (
        office.relief.reading() as work,
        pytest.raises(AssertionError, match="only reads"),
    ):
        getattr(work, write)()


def busy_ms(work: UnitOfWork) -> int:
    """How long SQLite itself waits on the connection of a unit of work."""
    return int(work.connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one())


def test_sqlite_waits_by_itself_for_who_reads_and_never_for_who_writes(
    sqlite_office: Office,
) -> None:
    for _twice in range(2):
        with sqlite_office.relief.work() as work:
            work.instant()
            assert busy_ms(work) == 0
            work.commit()
            assert busy_ms(work) == sqlite.BUSY_MS_MAX
        with sqlite_office.relief.reading() as work:
            assert busy_ms(work) == sqlite.BUSY_MS_MAX


@pytest.mark.parametrize("write", ["instant", "take_turn", "commit"])
def test_nothing_is_written_any_more_when_it_is_committed(office: Office, write: str) -> None:
    with office.relief.work() as done:
        done.instant()
        done.commit()
        with pytest.raises(AssertionError, match="is committed"):
            getattr(done, write)()


def test_no_row_is_written_any_more_either(office: Office) -> None:
    with office.relief.work() as done:
        done.commit()
        for write in (UnitOfWork.insert, UnitOfWork.put):
            with pytest.raises(AssertionError, match="is committed"):
                write(done, Contact)
        with pytest.raises(AssertionError, match="is committed"):
            done.insert_all(Contact, [{"id": 1}])
