from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from little_office import Office, defined, permit_table


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path / "office.db", defined(permit_table()))
    yield office
    office.database.dispose()
