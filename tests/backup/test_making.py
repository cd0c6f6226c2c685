"""A backup holds everything but the keys, and takes the place of nothing but a backup."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import stat
import zipfile
from pathlib import Path

import pytest

from relief.backup import making
from relief.backup.making import make_backup, papers_not_in_it
from relief.backup.restoring import restore_backup
from relief.kernel.errors import ReliefError
from relief.kernel.settings import Settings
from tests.backup.conftest import everything
from tests.cli.conftest import WU
from tests.conftest import FIELD_KEY, settings_for
from tests.matters import opened
from tests.office import Office
from tests.papers import attached


def test_backup_holds_no_keys_and_no_number_in_plain(
    busy_office: Office, backup: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(backup) as opened:
        assert opened.testzip() is None
        assert not any("key" in name for name in opened.namelist())
        content = b"".join(opened.read(name) for name in opened.namelist())
    for secret in (WU, "6228480000000000001", FIELD_KEY):
        assert secret.encode() not in content


def test_backup_is_for_its_owner_alone_and_leaves_nothing_beside(backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600 or os.name != "posix"
    assert [p.name for p in backup.parent.glob("kept*")] == ["kept.zip"]


def test_manifest_counts_what_the_database_holds(busy_office: Office, backup: Path) -> None:
    with zipfile.ZipFile(backup) as opened:
        said = json.loads(opened.read("manifest.json"))
        database = opened.read("relief.db")
    assert said["counts"]["households"] == 1
    assert said["counts"]["payout_lines"] == 1
    assert said["is_rehearsal"] is True
    assert said["members"][0]["sha256"] == hashlib.sha256(database).hexdigest()


def test_existing_file_is_replaced_only_when_asked_for(busy_office: Office, backup: Path) -> None:
    before = backup.read_bytes()
    with pytest.raises(ReliefError, match="is there already"):
        make_backup(busy_office.relief, backup)
    assert backup.read_bytes() == before
    make_backup(busy_office.relief, backup, replace=True)


@pytest.mark.parametrize("name", ["relief.db", "keys.json", "budget.xlsx", "link.zip", "folder"])
def test_nothing_but_a_backup_gives_way_to_a_backup(
    busy_office: Office, backup: Path, name: str
) -> None:
    folder = busy_office.relief.settings.data_dir
    place = folder / name
    if name == "link.zip":
        place.symlink_to(backup)
    elif name == "folder":
        place.mkdir()
    elif not place.exists():
        with zipfile.ZipFile(place, "w") as table:
            table.writestr("sheet.xml", "12.00")
    before = b"" if place.is_dir() else place.read_bytes()
    with pytest.raises(ReliefError, match="another file"):
        make_backup(busy_office.relief, place, replace=True)
    assert place.is_dir() or place.read_bytes() == before
    assert place.is_symlink() == (name == "link.zip")


def test_backup_is_one_state_when_others_write_meanwhile(
    busy_office: Office, tmp_path: Path, empty: Settings
) -> None:
    """A commit that stands when it begins is in it; what is under way, or comes later, is not."""
    with busy_office.relief.work() as work:
        work.instant()
        before = everything(busy_office.relief.settings.data_dir / "relief.db")
        make_backup(busy_office.relief, tmp_path / "kept.zip")  # waits for nobody
        work.commit()
    busy_office.scheme(places_max=7)
    restore_backup(empty, tmp_path / "kept.zip", "an")
    assert everything(empty.data_dir / "relief.db") == before


def test_damaged_database_is_not_backed_up(busy_office: Office, tmp_path: Path) -> None:
    path = busy_office.relief.settings.data_dir / "relief.db"
    busy_office.relief.database.dispose()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("UPDATE user_role SET user_id = 999 WHERE role = 'clerk'")
    with pytest.raises(ReliefError, match="database of this office is damaged"):
        make_backup(busy_office.relief, tmp_path / "kept.zip")
    assert list(tmp_path.glob("kept*")) == []


def test_postgresql_is_pointed_to_its_own_tools(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, "postgresql+psycopg://u@127.0.0.1:1/none")
    with pytest.raises(ReliefError, match="pg_dump"):
        restore_backup(settings, tmp_path / "x.zip", "an")


def test_half_file_never_stands_under_the_name(
    busy_office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_anything: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(making.archive, "seal", full)
    with pytest.raises(OSError, match="No space"):
        make_backup(busy_office.relief, tmp_path / "kept.zip")
    assert list(tmp_path.glob("kept*")) == []


def test_backup_into_a_folder_of_its_own_does_not_take_itself_in(busy_office: Office) -> None:
    folder = busy_office.relief.settings.data_dir / "attachments"
    (folder / "letter.txt").write_text("一封信", encoding="utf-8")
    made = make_backup(busy_office.relief, folder / "kept.zip")
    taken_in = [member.name for member in made.manifest.members]
    assert [name for name in taken_in if name.startswith("attachments/")] == [
        "attachments/00/paper",
        "attachments/letter.txt",
    ]


@pytest.mark.skipif(os.name != "posix", reason="links need a right of their own on Windows")
def test_folder_that_leads_to_the_keys_is_left_out(busy_office: Office, tmp_path: Path) -> None:
    data = busy_office.relief.settings.data_dir
    (data / "keys.json").write_text("THE ONLY KEYS", encoding="utf-8")
    for name, target in (("attachments", data), ("templates", data.parent)):
        shutil.rmtree(data / name)
        (data / name).symlink_to(target)
    made = make_backup(busy_office.relief, tmp_path / "kept.zip")
    assert not any("keys.json" in member.name for member in made.manifest.members)
    assert b"THE ONLY KEYS" not in made.path.read_bytes()


@pytest.mark.skipif(os.name != "posix", reason="Windows makes no such name")
def test_name_that_cannot_come_back_is_told_before_anything_is_written(
    busy_office: Office, tmp_path: Path
) -> None:
    folder = busy_office.relief.settings.data_dir / "attachments"
    (folder / "letter 10:30.txt").write_text("一封信", encoding="utf-8")
    with pytest.raises(ReliefError, match=r"letter 10:30\.txt.*rename it"):
        make_backup(busy_office.relief, tmp_path / "kept.zip")
    assert list(tmp_path.glob("kept*")) == []


@pytest.mark.parametrize("harm", ["gone", "altered", "a link"])
def test_papers_that_are_not_in_a_backup_are_named(
    busy_office: Office, tmp_path: Path, harm: str
) -> None:
    paper = attached(busy_office, opened(busy_office))
    path, elsewhere = busy_office.relief.papers.path_of(paper.sha256), tmp_path / "elsewhere"
    assert papers_not_in_it(busy_office.relief) == []
    if harm == "altered":
        path.write_bytes(b"something else")
    else:
        path.rename(elsewhere)
    if harm == "a link":
        path.symlink_to(elsewhere)
    assert make_backup(busy_office.relief, tmp_path / "kept.zip").path.exists()
    (problem,) = papers_not_in_it(busy_office.relief)
    assert "Paper 1 of P2005-0001" in str(problem.text)
