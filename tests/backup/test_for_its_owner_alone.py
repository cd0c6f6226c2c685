"""What holds an office is readable by its owner alone, whoever made the folder and whatever the
machine gives to new files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from relief.accounts.service import add_user
from relief.backup.nightly import back_up_night
from relief.backup.restoring import restore_backup
from relief.bootstrap import Relief, initialise, open_relief
from relief.kernel.fault_log import keep_fault
from relief.kernel.settings import Settings
from tests.conftest import settings_for
from tests.office import PASSWORD

pytestmark = pytest.mark.skipif(os.name != "posix", reason="rights of files are POSIX's")


@pytest.fixture(params=[0o022, 0o000], ids=["read by all", "written by all"], autouse=True)
def _new_files_are_open(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A folder that somebody made for all to read; the keys come into it."""
    folder = tmp_path / "shared"
    folder.mkdir(mode=0o755)
    return settings_for(folder).model_copy(update={"secret_key": None, "field_keys": None})


def open_to_others(folder: Path) -> list[str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.name for path in files if path.stat().st_mode & 0o077)


def named(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def with_admin(relief: Relief) -> Relief:
    with relief.work() as work:
        add_user(work, None, "an", ["admin"], PASSWORD)
        work.commit()
    return relief


def test_new_office_is_for_its_owner_alone_with_what_stands_beside(settings: Settings) -> None:
    relief = with_admin(initialise(settings))
    keep_fault(settings.data_dir, ValueError("x"), "1234")
    back_up_night(relief, relief.clock.today())
    with relief.work() as work:
        work.instant()
        there = named(settings.data_dir)
        assert {"relief.db", "relief.db-wal", "relief.db-shm", "keys.json", "logs"} <= there
        assert open_to_others(settings.data_dir) == []
    relief.database.dispose()


def test_earlier_office_is_closed_to_others_when_it_is_set_up_again(settings: Settings) -> None:
    initialise(settings).database.dispose()
    database = settings.data_dir / "relief.db"
    database.chmod(0o644)
    open_relief(settings).database.dispose()
    assert open_to_others(settings.data_dir) == ["relief.db"]  # that alone is for `init` to change
    initialise(settings).database.dispose()
    assert open_to_others(settings.data_dir) == []


def test_restored_office_is_for_its_owner_alone(settings: Settings, tmp_path: Path) -> None:
    relief = with_admin(initialise(settings))
    kept = back_up_night(relief, relief.clock.today()).first
    relief.database.dispose()
    fresh = tmp_path / "fresh"
    fresh.mkdir(mode=0o755)
    (settings.data_dir / "keys.json").rename(fresh / "keys.json")
    restore_backup(settings.model_copy(update={"data_dir": fresh}), kept, "an")
    assert "relief.db" in named(fresh)
    assert open_to_others(fresh) == []
