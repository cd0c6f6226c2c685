"""A backup comes back whole into an empty place, or not at all."""

from __future__ import annotations

import hashlib
import re
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from relief.auditing import verify_office
from relief.backup import making, place, restoring
from relief.backup.making import make_backup
from relief.backup.manifest import FOLDERS
from relief.backup.restoring import restore_backup
from relief.bootstrap import open_relief
from relief.engine.journal.verification import verify_journal
from relief.kernel.crypto import key_check
from relief.kernel.database import Database
from relief.kernel.errors import ReliefError
from relief.kernel.settings import Settings
from relief.kernel.unit_of_work import DEPLOYMENT
from relief.migrations.apply import downgrade
from relief.papers.verification import verify_papers
from relief.payouts.queries import all_runs
from tests.backup.conftest import (
    OTHER_KEY,
    OWN_FILES,
    OWN_FOLDERS,
    everything,
    made_by_hand,
    refused,
)
from tests.conftest import settings_for
from tests.conventions.source import PACKAGE
from tests.matters import opened
from tests.office import Office
from tests.papers import JPEG, PDF, attached


def test_restored_office_is_the_one_that_was_backed_up(
    busy_office: Office, backup: Path, empty: Settings
) -> None:
    restored = restore_backup(empty, backup, "an")
    assert restored.problems == ()
    old = busy_office.relief.settings.data_dir
    assert everything(empty.data_dir / "relief.db") == everything(old / "relief.db")
    own = [path for name in OWN_FOLDERS for path in (old / name).rglob("*") if path.is_file()]
    assert len(own) > len(OWN_FILES)
    for path in own:
        assert (empty.data_dir / path.relative_to(old)).read_bytes() == path.read_bytes()
    assert sorted(p.name for p in empty.data_dir.iterdir()) == sorted(["relief.db", *OWN_FOLDERS])
    relief = open_relief(empty)
    with relief.reading() as work:
        assert verify_journal(work) == []
    relief.database.dispose()


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


def test_other_files_in_the_folder_stay_as_they_are(backup: Path, empty: Settings) -> None:
    others = ("lost+found/1", "logs/error-1.txt", "backups/relief-2005-06-30.zip", "notes.txt")
    for name in others:
        path = empty.data_dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("somebody's own", encoding="utf-8")
    assert restore_backup(empty, backup, "an").problems == ()
    kept = {name: (empty.data_dir / name).read_text(encoding="utf-8") for name in others}
    assert kept == dict.fromkeys(others, "somebody's own")


def test_rehearsal_clock_is_refused_for_the_backup_of_a_real_office(
    sqlite_office: Office, tmp_path: Path, empty: Settings
) -> None:
    with sqlite_office.relief.work() as work:
        work.connection.execute(to_a_real_one())
        work.commit()
    make_backup(sqlite_office.relief, tmp_path / "kept.zip")
    rehearsing = settings_for(tmp_path / "new")
    assert refused(rehearsing, tmp_path / "kept.zip") == "clock.real_database"


def to_a_real_one() -> Any:
    return DEPLOYMENT.update().values(is_rehearsal=False)


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
    assert sorted(p.name for p in empty.data_dir.iterdir()) == sorted(["relief.db", *OWN_FOLDERS])


def refused_as_whole(settings: Settings, path: Path) -> bool:
    """It stands there, so that restoring again is refused."""
    with pytest.raises(ReliefError, match="empty place"):
        restore_backup(settings, path, "an")
    return True


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


def test_backup_of_an_older_program_is_upgraded(
    busy_office: Office, backup: Path, empty: Settings, tmp_path: Path
) -> None:
    older = tmp_path / "older.db"
    with zipfile.ZipFile(backup) as opened:
        older.write_bytes(opened.read("relief.db"))
    database = Database(f"sqlite:///{older}")
    downgrade(database.engine, "0006")
    database.dispose()
    with closing(sqlite3.connect(older)) as connection:  # the log goes into the file
        connection.execute("PRAGMA journal_mode = DELETE")
        unsealed = key_check(busy_office.relief.cipher)  # as that program wrote it
        connection.execute("UPDATE deployment SET key_check = ?", [unsealed])
        connection.commit()
    content = older.read_bytes()
    member = {"name": "relief.db", "size_bytes": len(content),
              "sha256": hashlib.sha256(content).hexdigest()}  # fmt: skip
    path = made_by_hand(
        busy_office.relief, tmp_path / "older.zip",
        revision="0006", members=[member], database=content,
    )  # fmt: skip
    assert restore_backup(empty, path, "an").problems == ()
    relief = open_relief(empty)  # refuses any version but the newest
    with relief.reading() as work:
        assert [run.reference for run in all_runs(work)] == ["2005Q2-r1"]
    relief.database.dispose()


def test_papers_come_back_with_their_cases(
    busy_office: Office, tmp_path: Path, empty: Settings
) -> None:
    case = opened(busy_office)
    first = attached(busy_office, case, "身份证.pdf")
    kept = make_backup(busy_office.relief, tmp_path / "papers.zip").path
    assert restore_backup(empty, kept, "an").problems == ()
    relief = open_relief(empty)
    assert relief.papers.read(first.sha256) == PDF
    with relief.reading() as work:
        assert verify_papers(work, relief.papers) == []
    relief.database.dispose()


def test_paper_that_came_while_the_backup_was_made_is_in_it_where_its_case_is(
    busy_office: Office, tmp_path: Path, empty: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = opened(busy_office)
    taken = making.take_snapshot

    def with_a_paper_just_before(database: Path, snapshot: Path) -> None:
        attached(busy_office, case, "刚到.pdf")
        taken(database, snapshot)
        attached(busy_office, case, "太晚.jpg", JPEG)

    monkeypatch.setattr(making, "take_snapshot", with_a_paper_just_before)
    kept = make_backup(busy_office.relief, tmp_path / "papers.zip").path
    assert restore_backup(empty, kept, "an").problems == ()
    relief = open_relief(empty)
    with relief.reading() as work:
        assert verify_papers(work, relief.papers) == []
    relief.database.dispose()


def test_restore_says_which_papers_are_missing(
    busy_office: Office, tmp_path: Path, empty: Settings
) -> None:
    paper = attached(busy_office, opened(busy_office))
    busy_office.relief.papers.path_of(paper.sha256).unlink()
    kept = make_backup(busy_office.relief, tmp_path / "papers.zip").path
    problems = restore_backup(empty, kept, "an").problems
    assert [problem.code for problem in problems] == ["paper.file_gone"]


@pytest.mark.parametrize(
    ("tampering", "code"),
    [
        ("sha256 = '00'", "paper.file_altered"),
        ("subject_id = 9999", "paper.gone"),
        ("recorded_at = 'then'", "audit.row_unreadable"),
    ],
)
def test_row_that_was_altered_is_restored_and_named(
    busy_office: Office, tmp_path: Path, empty: Settings, tampering: str, code: str
) -> None:
    attached(busy_office, opened(busy_office))
    with sqlite3.connect(busy_office.relief.settings.data_dir / "relief.db") as connection:
        connection.execute("DROP TRIGGER paper_is_final")
        connection.execute(f"UPDATE paper SET {tampering}")
    kept = make_backup(busy_office.relief, tmp_path / "papers.zip").path
    problems = restore_backup(empty, kept, "an").problems
    assert code in [problem.code for problem in problems]
    assert (empty.data_dir / "relief.db").exists()


@pytest.mark.parametrize(
    ("tampering", "found"),
    [
        ("facts = 'not json'", {"journal.entry_changed", "paper.altered", "paper.file_gone"}),
        ("at = 'then' WHERE id = 1", {"audit.stopped", "paper.file_gone"}),
    ],
)
def test_search_that_a_row_stops_is_told_and_the_others_go_on(
    sqlite_office: Office, tampering: str, found: set[str]
) -> None:
    """A column of the journal holds what no program of ours writes there."""
    office = sqlite_office
    paper = attached(office, opened(office))
    office.relief.papers.path_of(paper.sha256).unlink()
    with sqlite3.connect(office.relief.settings.data_dir / "relief.db") as connection:
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'journal_entry'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(f"UPDATE journal_entry SET {tampering}")
    with office.relief.reading() as work:
        codes = {problem.code for problem in verify_office(work, office.relief.papers)}
    assert found <= codes


def looked_up() -> Iterator[str]:
    """What the program looks up in the data folder, by the name there."""
    for path in PACKAGE.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        for said in re.findall(r"data_dir / (\S+?)\b[^.\w]|\bfolders\((\S+?),", source):
            name = "".join(said)
            value = re.search(rf'^{name.strip(chr(34))} = "(.+)"', source, re.MULTILINE)
            if name.startswith('"') or value:
                yield value[1] if value else name.strip('"')


def test_every_folder_that_the_program_looks_up_is_in_a_backup() -> None:
    """But for what is no work of the office: keys, logs, backups, what a demo plays with."""
    found = set(looked_up())
    assert found - {"keys.json", "logs", "backups", "files", "relief.db"} == set(FOLDERS)
    assert set(OWN_FOLDERS) == set(FOLDERS)
