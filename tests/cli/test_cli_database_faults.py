"""A database that is full, read-only, damaged, another program's or held: said in the reader's
language, nothing half-written, and all is well when the cause is gone."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from relief.kernel import sqlite
from tests.cli.conftest import Shell

SET = ("scheme", "set", "--places", "3", "--actor", "an")
DAMAGED = "The database file is damaged, or is no database at all."


def file_of(shell: Shell) -> Path:
    """The database's file."""
    return shell.folder / "office" / "relief.db"


def content(shell: Shell) -> list[str]:
    """Everything in the database, as text."""
    with closing(sqlite3.connect(file_of(shell))) as connection:
        return sorted(connection.iterdump())


def works_again(shell: Shell) -> None:
    """What was refused is done now."""
    shell.ok(*SET)
    assert '"places": 3' in shell.ok("scheme", "show", "--json")


@pytest.fixture
def full_disk(shell: Shell) -> Iterator[None]:
    """No page can be added: every place for a new one is taken."""

    def no_more(connection: sqlite3.Connection, _record: object) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")

    sa.event.listen(Engine, "connect", no_more)
    yield
    sa.event.remove(Engine, "connect", no_more)


def many_contacts(shell: Shell) -> list[str]:
    """What takes room: a long answer."""
    words = ("contacts", "add", "--channel", "call", "--matter", "x" * 3900)
    return [*words, "--answer", "y" * 3900, "--actor", "chen"]


def test_full_disk_is_told_and_nothing_is_half_written(
    shell: Shell, request: pytest.FixtureRequest
) -> None:
    shell.ok("payouts", "list")
    before = content(shell)
    request.getfixturevalue("full_disk")
    done = [shell.run(*many_contacts(shell)) for _time in range(12)]
    (said, *_more) = [each for each in done if each.exit_code]
    assert said.exit_code == 1
    assert "The disk of the database is full or failing. Nothing was written" in said.stderr
    written = sum(not each.exit_code for each in done)
    assert (
        sum("call" in line for line in content(shell)) - sum("call" in line for line in before)
        == written
    )


def test_full_disk_works_again_when_there_is_room(shell: Shell) -> None:
    def none_at_all(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")

    before = content(shell)
    sa.event.listen(Engine, "connect", none_at_all)
    done = [shell.run(*many_contacts(shell)) for _time in range(8)]
    sa.event.remove(Engine, "connect", none_at_all)
    assert any(each.exit_code == 1 for each in done)
    assert all("Traceback" not in each.output for each in done)
    shell.ok(*many_contacts(shell))
    assert len(content(shell)) > len(before)


def test_real_full_disk_is_told_by_backup_and_by_what_writes(shell: Shell) -> None:
    with small_disk() as disk:
        (disk / "fill").write_bytes(b"x" * 2_500_000)
        (reason,) = shell.refused("backup", str(disk / "kept.zip"), "--actor", "an")
        assert "The disk" in reason
        assert "full" in reason
        assert sorted(path.name for path in disk.iterdir()) == ["fill"]
        (disk / "fill").unlink()
        shell.ok("backup", str(disk / "kept.zip"), "--actor", "an")


@contextmanager
def small_disk() -> Iterator[Path]:
    """A disk of 3 MB, where this user may mount one."""
    disk = Path(tempfile.mkdtemp(prefix="relief-disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True).returncode:
        disk.rmdir()
        pytest.skip("this user may not mount a small disk")
    try:
        yield disk
    finally:
        subprocess.run(["umount", str(disk)], check=True)
        disk.rmdir()


@pytest.mark.parametrize("words", [SET, ("tick",), ("init",)])
def test_read_only_database_is_told_and_works_again_when_it_is_writable(
    shell: Shell, words: tuple[str, ...]
) -> None:
    """On a disk that is mounted so: rights alone do not hold back root."""
    with small_disk() as disk:
        office = disk / "office"
        shutil.copytree(shell.folder / "office", office)
        shell.set("RELIEF_DATA_DIR", str(office))
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        reasons = shell.refused(*words)
        assert "read-only" in reasons[-1] or "cannot be opened" in reasons[-1], reasons
        assert "Traceback" not in "".join(reasons)
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
        works_again(shell)


def spoil_head(path: Path) -> None:
    with path.open("r+b") as stream:
        stream.write(b"\x00" * 100)


def spoil_middle(path: Path) -> None:
    size = path.stat().st_size
    with path.open("r+b") as stream:
        stream.seek(4096)
        stream.write(b"\xff" * (size - 8192))


def cut_off(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 3 // 4096 * 4096)


def other_bytes(path: Path) -> None:
    path.write_bytes(b"something else" * 1000)


@pytest.mark.parametrize("spoil", [spoil_head, spoil_middle, cut_off, other_bytes])
@pytest.mark.parametrize("words", [SET, ("households", "list"), ("tick",), ("init",)])
def test_damaged_database_is_told(shell: Shell, spoil: object, words: tuple[str, ...]) -> None:
    path = file_of(shell)
    whole = path.read_bytes()
    assert callable(spoil)
    spoil(path)
    result = shell.run(*words)
    assert result.exit_code == 1
    assert DAMAGED in result.stderr
    for log in path.parent.glob("relief.db-*"):
        log.unlink()
    path.write_bytes(whole)
    works_again(shell)


def test_database_of_another_program_is_told_and_left_alone(shell: Shell) -> None:
    path = file_of(shell)
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE deployment (id INTEGER PRIMARY KEY, host TEXT)")
        connection.execute("CREATE TABLE photo (id INTEGER PRIMARY KEY)")
    before = content(shell)
    for words in (SET, ("init",), ("tick",), ("payouts", "list")):
        (reason,) = shell.refused(*words)
        assert reason.startswith("This database belongs to another program (its tables: deployme")
    assert content(shell) == before


def test_empty_file_is_told_apart_from_a_place_that_was_never_set_up(shell: Shell) -> None:
    whole = file_of(shell).read_bytes()
    file_of(shell).write_bytes(b"")
    (reason,) = shell.refused(*SET)
    assert "is empty" in reason
    assert "relief restore" in reason
    assert file_of(shell).stat().st_size == 0
    file_of(shell).write_bytes(whole)
    works_again(shell)


def test_init_takes_an_empty_file_for_a_new_place(shell: Shell) -> None:
    """A first `init` that was killed at once leaves one."""
    file_of(shell).write_bytes(b"")
    shell.ok("init")


def test_held_database_works_again_when_it_is_free(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_MS_MAX", 10)
    with closing(sqlite3.connect(file_of(shell), isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        for words in (SET, ("tick",)):
            assert "Another program holds the database" in shell.refused(*words)[-1]
        shell.ok("payouts", "list")
    works_again(shell)


def test_fault_is_told_in_the_language_that_is_set(shell: Shell) -> None:
    other_bytes(file_of(shell))
    shell.set("RELIEF_LOCALE", "zh_Hans_CN")
    (reason,) = shell.refused(*SET)
    assert "数据库" in reason


def test_backup_and_restore_by_command(shell: Shell) -> None:
    kept = str(shell.folder / "kept.zip")
    assert "The keys are NOT in it" in shell.ok("backup", kept, "--actor", "an")
    assert "is there already" in shell.refused("backup", kept, "--actor", "an")[0]
    shell.ok("backup", kept, "--actor", "an", "--replace")
    assert "Only an admin" in shell.refused("backup", kept + "2", "--actor", "chen")[0]
    assert "an empty place" in shell.refused("restore", kept, "--actor", "an")[0]
    shell.set("RELIEF_DATA_DIR", str(shell.folder / "new"))
    assert "The journal is as it was written." in shell.ok("restore", kept, "--actor", "an")
    works_again(shell)


def test_backup_without_a_paper_that_is_named_is_made_and_says_so(shell: Shell) -> None:
    with closing(sqlite3.connect(file_of(shell))) as holder, holder:
        holder.execute(
            "INSERT INTO paper (subject_kind, subject_id, number, token, kind, sealed_name, "
            "file_type, size_bytes, sha256, recorded_at, recorded_by, detached_by) VALUES "
            "('petition', 1, 1, '', '', x'00', 'pdf', 9, ?, '2005-06-15 01:00:00.000000', 'chen', "
            "'')",
            ("ab" * 32,),
        )
    kept = shell.folder / "kept.zip"
    result = shell.run("backup", str(kept), "--actor", "an")
    assert result.exit_code == 1
    assert kept.exists()
    assert "Paper 1 of petition 1" in result.output
    assert "1 papers in it are NOT as they were attached" in result.output
