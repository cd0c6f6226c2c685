"""Offices that a property draws one after the other."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from relief.bootstrap import open_relief
from tests.conftest import settings_for
from tests.office import Office


@pytest.fixture
def sqlite_offices(sqlite_template: Path, tmp_path: Path) -> Iterator[Callable[[], Office]]:
    """Makes fresh offices on SQLite."""
    made: list[Office] = []

    def make() -> Office:
        folder = tmp_path / f"drawn{len(made)}"
        folder.mkdir()
        shutil.copy(sqlite_template, folder / "relief.db")
        made.append(Office(open_relief(settings_for(folder))))
        return made[-1]

    yield make
    for office in made:
        office.relief.database.dispose()
