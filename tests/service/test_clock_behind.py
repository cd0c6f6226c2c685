"""A machine whose clock was set back: a real office's records wait until it is right."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from relief.bootstrap import Relief, open_relief
from relief.kernel.clock import SystemClock
from relief.kernel.errors import Conflict, Problem
from relief.kernel.unit_of_work import DEPLOYMENT
from relief.scheduler.runner import tick
from tests.office import Office

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def real(office: Office) -> Office:
    """An office that is no rehearsal, with a record of this minute."""
    with office.relief.database.transaction(writes=True) as connection:
        connection.execute(sa.update(DEPLOYMENT).values(is_rehearsal=False))
        connection.commit()
    office.relief = reopened(office)
    office.scheme(places_max=3)
    return office


def reopened(office: Office) -> Relief:
    """The office as the next command opens it."""
    office.relief.database.dispose()
    return open_relief(office.relief.settings.model_copy(update={"clock": None}))


def set_back(monkeypatch: pytest.MonkeyPatch, by: dt.timedelta) -> None:
    """Set the machine's clock back."""
    now = SystemClock.now
    monkeypatch.setattr(SystemClock, "now", lambda clock: now(clock) - by)


def everything(office: Office) -> list[Any]:
    with office.relief.reading() as work:
        return list(work.rows(sa.select(DEPLOYMENT)))


def test_nothing_is_written_while_the_clock_is_behind(
    real: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(real)
    with monkeypatch.context() as wrong:
        set_back(wrong, 6 * MINUTE)
        with pytest.raises(Conflict, match=r"The clock of this machine says .* the last record is"):
            real.scheme(places_max=4)
        with pytest.raises(Conflict, match="until the clock has passed that"):
            tick(real.relief)
        assert everything(real) == before  # reading goes on
    real.scheme(places_max=4)


def test_a_few_minutes_are_taken_and_the_order_of_record_holds(
    real: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    ((_id, _rehearsal, last, _key, _mark),) = everything(real)
    set_back(monkeypatch, 4 * MINUTE)
    real.scheme(places_max=4)
    ((_id, _rehearsal, later, _key, _mark),) = everything(real)
    assert later > last


def fault_on_opening(office: Office) -> Problem | None:
    """What the next command that opens the office is told."""
    relief = open_relief(office.relief.settings.model_copy(update={"clock": None}))
    relief.database.dispose()
    return relief.clock_fault


def test_whoever_opens_the_office_is_told(real: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    assert fault_on_opening(real) is None
    set_back(monkeypatch, dt.timedelta(days=30))
    fault = fault_on_opening(real)
    assert fault is not None
    assert fault.code == "clock.behind"


def test_record_of_a_clock_that_was_ahead_is_told_with_both_ways_on(
    real: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as ahead:
        set_back(ahead, dt.timedelta(days=-30))
        real.scheme(places_max=4)
    ((_id, _rehearsal, last, _key, _mark),) = everything(real)
    fault = fault_on_opening(real)
    assert fault is not None
    said = str(fault.text)
    assert f"{last.astimezone(real.relief.settings.zone):%Y-%m-%d %H:%M}: nothing is" in said
    assert said.endswith(
        "If the clock is wrong, set it right. If it is right now, it was ahead when that was "
        "recorded: wait until then, or, where no list was released since, restore the last backup "
        "from before."
    )
    set_back(monkeypatch, dt.timedelta(days=-31))  # once real time has caught up
    real.scheme(places_max=5)


def test_rehearsal_goes_on_from_where_it_stands(office: Office) -> None:
    office.at("2005-06-15T09:00")
    office.scheme(places_max=3)
    assert fault_on_opening(office) is None
