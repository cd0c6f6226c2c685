from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from little_office import Office, defined, permit_table
from plea import Desk


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path / "office.db", defined(permit_table()))
    yield office
    office.database.dispose()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "desk.db")
    yield desk
    desk.office.database.dispose()


@pytest.fixture
def _machine_abroad(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The machine keeps another zone than the office, and not UTC."""
    if not hasattr(time, "tzset"):
        pytest.skip("this system's zone is not a program's to set")
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "America/New_York")
        time.tzset()
        yield
    time.tzset()
