"""What is asked of a unit of work when it is committed: it tells, and holds nobody up."""

from __future__ import annotations

import pytest

from relief.desk.tables import Contact
from relief.households.scheme import scheme_terms
from relief.kernel import sqlite
from relief.kernel.unit_of_work import UnitOfWork
from tests.office import Office


def test_who_tells_of_what_is_done_waits_for_no_writer_and_holds_none_up(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_MS_MAX", 10)
    with office.relief.work() as done:
        done.instant()
        done.commit()
        assert scheme_terms(done)
        with office.relief.work() as other:
            other.instant()
            assert scheme_terms(done)
            other.commit()


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
