"""A backup holds everything but the keys; it comes back whole into an empty place, or not."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import stat
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from relief.backup import archive, making, place, restoring
from relief.backup.making import make_backup
from relief.backup.manifest import is_safe
from relief.backup.restoring import restore_backup
from relief.bootstrap import Relief, open_relief
from relief.engine.journal.verification import verify_journal
from relief.kernel.database import DEPLOYMENT
from relief.kernel.errors import ReliefError
from relief.kernel.settings import Settings
from tests.cli.conftest import WU
from tests.conftest import FIELD_KEY, settings_for
from tests.office import Office

OTHER_KEY = SecretStr("b3RoZXJvdGhlcm90aGVyb3RoZXJvdGhlcm90aGVyb3Q=")


@pytest.fixture
def busy_office(sqlite_office: Office) -> Office:
    """An office with a household, a list, and a workflow file of its own."""
    office = sqlite_office
    office.scheme(go_live="2005-04")
    office.rates(("deep", "2005-01", 200_00))
    office.at("2005-03-25T09:00")
    household = {"household_no": "H1", "applicant_name": "吴试甲", "applicant_id": WU,
                 "township": "城关镇", "grade": "deep", "approved_on": "2005-03-24",
                 "account_name": "吴试甲", "account_no": "6228480000000000001",
                 "bank_name": "信用社"}  # fmt: skip
    office.register([household], [])
    office.at("2005-06-15T09:00")
    office.prepare("2005Q2")
    own = office.relief.settings.data_dir / "workflows"
    shutil.copytree(WORKFLOWS, own)
    return office


WORKFLOWS = Path(__file__).parent.parent.parent / "workflows"


@pytest.fixture
def backup(busy_office: Office, tmp_path: Path) -> Path:
    """A backup of it."""
    return make_backup(busy_office.relief, tmp_path / "kept.zip").path


@pytest.fixture
def empty(tmp_path: Path) -> Settings:
    """A new machine, with the keys."""
    return settings_for(tmp_path / "new", clock=None)


def everything(path: Path) -> str:
    """A database as text."""
    with closing(sqlite3.connect(path)) as connection:
        return "\n".join(sorted(connection.iterdump()))  # triggers stand in any order


def refused(settings: Settings, path: Path, username: str = "an") -> str:
    """The code of the refusal; nothing was touched by it."""
    before = sorted(settings.data_dir.rglob("*"))
    with pytest.raises(ReliefError) as caught:
        restore_backup(settings, path, username)
    assert sorted(settings.data_dir.rglob("*")) == before
    return caught.value.problems[0].code


def test_restored_office_is_the_one_that_was_backed_up(
    busy_office: Office, backup: Path, empty: Settings
) -> None:
    restored = restore_backup(empty, backup, "an")
    assert restored.problems == ()
    old = busy_office.relief.settings.data_dir
    assert everything(empty.data_dir / "relief.db") == everything(old / "relief.db")
    for path in (old / "workflows").iterdir():
        assert (empty.data_dir / "workflows" / path.name).read_bytes() == path.read_bytes()
    assert sorted(p.name for p in empty.data_dir.iterdir()) == ["relief.db", "workflows"]
    relief = open_relief(empty)
    with relief.reading() as work:
        assert verify_journal(work) == []
    relief.database.dispose()


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


@given(data=st.data())
def test_any_flipped_byte_is_refused(backup: Path, empty: Settings, data: st.DataObject) -> None:
    whole = backup.read_bytes()
    spoilt = backup.with_name("spoilt.zip")
    at = data.draw(st.integers(0, len(whole) - 1))
    mask = data.draw(st.integers(1, 255))
    spoilt.write_bytes(whole[:at] + bytes([whole[at] ^ mask]) + whole[at + 1 :])
    assert refused(empty, spoilt) in {"backup.damaged", "backup.not_ours"}


@pytest.mark.parametrize("kept", [0, 1, 100, 5_000, -1])
def test_file_that_was_cut_off_is_refused(backup: Path, empty: Settings, kept: int) -> None:
    backup.write_bytes(backup.read_bytes()[:kept])
    assert refused(empty, backup) in {"backup.damaged", "backup.not_ours"}


def test_zip_of_somebody_else_is_refused(tmp_path: Path, empty: Settings) -> None:
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as other:
        other.writestr("relief.db", b"x" * 1000)
    assert refused(empty, tmp_path / "other.zip") in {"backup.damaged", "backup.not_ours"}


def test_other_keys_are_refused(backup: Path, empty: Settings) -> None:
    other = empty.model_copy(update={"field_keys": OTHER_KEY})
    assert refused(other, backup) == "backup.other_keys"


def test_restore_without_keys_says_where_they_belong(backup: Path, empty: Settings) -> None:
    bare = empty.model_copy(update={"field_keys": None, "secret_key": None})
    assert refused(bare, backup) == "restore.no_keys"


@pytest.mark.parametrize(
    ("username", "code"), [("chen", "backup.role"), ("nobody", "user.unknown")]
)
def test_actor_who_is_no_admin_in_the_backup_is_refused(
    backup: Path, empty: Settings, username: str, code: str
) -> None:
    assert refused(empty, backup, username) == code
    assert restore_backup(empty, backup, "an").problems == ()


@pytest.mark.parametrize("name", ["relief.db", "relief.db-wal", "workflows/own.toml"])
def test_place_that_is_not_empty_is_refused(backup: Path, empty: Settings, name: str) -> None:
    path = empty.data_dir / name
    path.parent.mkdir(parents=True)
    path.write_text("somebody's work", encoding="utf-8")
    assert refused(empty, backup) == "restore.not_empty"
    assert path.read_text(encoding="utf-8") == "somebody's work"


def test_rehearsal_clock_is_refused_for_the_backup_of_a_real_office(
    sqlite_office: Office, tmp_path: Path, empty: Settings
) -> None:
    with sqlite_office.relief.work() as work:
        work.session.execute(to_a_real_one())
        work.commit()
    make_backup(sqlite_office.relief, tmp_path / "kept.zip")
    rehearsing = settings_for(tmp_path / "new")
    assert refused(rehearsing, tmp_path / "kept.zip") == "clock.real_database"


def to_a_real_one() -> Any:
    return DEPLOYMENT.update().values(is_rehearsal=False)


def made_by_hand(office: Relief, path: Path, **changed: Any) -> Path:
    """A backup whose manifest says something else, sealed all the same by the office's keys."""
    whole = make_backup(office, path.with_name("whole.zip")).path
    with zipfile.ZipFile(whole) as source, archive.writing(path) as target:
        said = json.loads(source.read("manifest.json"))
        extra = changed.pop("extra", {})
        said["members"] += [
            {"name": n, "size_bytes": len(b), "sha256": hashlib.sha256(b).hexdigest()}
            for n, b in extra.items()
        ]
        if "size" in changed:
            said["members"][0]["size_bytes"] = changed.pop("size")
        target.writestr("relief.db", source.read("relief.db"))
        for name, content in extra.items():
            target.writestr(name, content)
        target.writestr("manifest.json", json.dumps(said | changed))
    archive.seal(path, office.cipher)
    return path


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"format": 2}, "backup.newer"),
        ({"revision": "9999"}, "database.newer"),
        ({"size": 10}, "backup.damaged"),
        ({"counts": {"households": 9, "cases": 0, "payout_lines": 0, "journal_entries": 0,
                     "last_journal_hash": ""}}, "backup.damaged"),
        ({"extra": {"../outside": b"x"}}, "backup.unsafe_name"),
        ({"extra": {"keys.json": b"x"}}, "backup.unsafe_name"),
        ({"members": []}, "backup.not_ours"),
    ],
)  # fmt: skip
def test_backup_that_says_what_cannot_be_is_refused(
    sqlite_office: Office, tmp_path: Path, empty: Settings, changed: dict[str, Any], code: str
) -> None:
    path = made_by_hand(sqlite_office.relief, tmp_path / "by_hand.zip", **changed)
    assert refused(empty, path) == code
    assert not (tmp_path / "outside").exists()


@pytest.mark.parametrize(
    "name",
    ["/etc/x", "..", "workflows", "workflows/", "workflows/../../x", "workflows//x", "C:/x",
     "workflows/C:x", "workflows\\x", "workflows/..", "workflows/ .", "other/x", "relief.db/x",
     "workflows/a\x00b", "keys.json", ""],
)  # fmt: skip
def test_no_name_leads_out_of_our_folders(name: str) -> None:
    assert not is_safe(name)


@pytest.mark.parametrize("name", ["relief.db", "workflows/a.toml", "attachments/2005/批准.pdf"])
def test_names_below_our_folders_are_taken(name: str) -> None:
    assert is_safe(name)


STEPS: list[tuple[Any, str]] = [
    (restoring, "_unpack"),
    (restoring, "_check"),
    (restoring, "_bring_to_disk"),
    (restoring, "move_in"),
    (place, "_link"),
    (place, "sync_folder"),
]


class Killed(BaseException):
    """The process ends here: nothing tidies up after it."""


@pytest.mark.parametrize(("module", "name"), STEPS)
@pytest.mark.parametrize("after", [False, True])
def test_restore_that_was_killed_leaves_nothing_or_all_and_can_be_run_again(
    backup: Path, empty: Settings, monkeypatch: pytest.MonkeyPatch,
    module: Any, name: str, after: bool,
) -> None:  # fmt: skip
    step: Callable[..., Any] = getattr(module, name)
    tidy = place._take_away_leftovers

    def killed(*arguments: Any) -> None:
        if after:
            step(*arguments)
        monkeypatch.setattr(place, "_take_away_leftovers", lambda _place: None)
        raise Killed

    with monkeypatch.context():
        monkeypatch.setattr(module, name, killed)
        with pytest.raises(Killed):
            restore_backup(empty, backup, "an")
    monkeypatch.undo()
    monkeypatch.setattr(place, "_take_away_leftovers", tidy)
    if (empty.data_dir / "relief.db").exists():
        assert refused_as_whole(empty, backup)
    else:
        restore_backup(empty, backup, "an")
    open_relief(empty).database.dispose()
    assert sorted(p.name for p in empty.data_dir.iterdir()) == ["relief.db", "workflows"]


def refused_as_whole(settings: Settings, path: Path) -> bool:
    """It stands there, so that restoring again is refused."""
    with pytest.raises(ReliefError, match="empty place"):
        restore_backup(settings, path, "an")
    return True


def test_postgresql_is_pointed_to_its_own_tools(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, "postgresql+psycopg://u@127.0.0.1:1/none")
    with pytest.raises(ReliefError, match="pg_dump"):
        restore_backup(settings, tmp_path / "x.zip", "an")


def test_journal_that_was_tampered_with_is_restored_and_named(
    busy_office: Office, tmp_path: Path, empty: Settings
) -> None:
    """What is left of an office comes back; that it was tampered with is told."""
    path = busy_office.relief.settings.data_dir / "relief.db"
    with sqlite3.connect(path) as connection:
        (name,) = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'journal_entry' "
            "AND sql LIKE '%UPDATE%'"
        ).fetchone()
        connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE journal_entry SET actor = 'chen' WHERE id = 1")
    make_backup(busy_office.relief, tmp_path / "kept.zip")
    restored = restore_backup(empty, tmp_path / "kept.zip", "an")
    assert restored.problems
    assert (empty.data_dir / "relief.db").exists()


def test_half_file_never_stands_under_the_name(
    busy_office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_anything: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(making.archive, "seal", full)
    with pytest.raises(OSError, match="No space"):
        make_backup(busy_office.relief, tmp_path / "kept.zip")
    assert list(tmp_path.glob("kept*")) == []
