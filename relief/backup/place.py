"""Where an office's things stand, and how a restored one comes there: whole, or not at all.

The database comes last: as long as it is not there, nothing is. What a restore that was killed has
left is named in a note, and taken away by the next one.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import make_url

from relief.backup.manifest import FOLDERS
from relief.kernel.errors import Conflict, NotAllowed, Problem, ReliefError, refuse
from relief.kernel.private_files import private_file, sync_folder
from relief.kernel.settings import Settings
from relief.kernel.text import _

_NOTE = "restore.json"
# A log that an earlier database left would be played into the new one.
_LOGS = ("-wal", "-shm", "-journal")


@dataclass(frozen=True)
class Place:
    """The database's file, and the data folder beside it."""

    database: Path
    folder: Path


def is_sqlite(settings: Settings) -> bool:
    """Whether the database is a file of SQLite's; another is kept safe by its own tools."""
    return make_url(settings.url).get_backend_name() == "sqlite"


def place_of(settings: Settings) -> Place:
    """Where the settings say; PostgreSQL has ways of its own."""
    url = make_url(settings.url)
    if not is_sqlite(settings) or not url.database:
        raise refuse(
            NotAllowed,
            "backup.postgresql",
            _(
                "This is for SQLite. PostgreSQL is backed up with its own tools, pg_dump and "
                "pg_restore; docs/backup.md has the commands."
            ),
        )
    return Place(Path(url.database), settings.data_dir)


def check_empty(place: Place) -> None:
    """Refuse to restore over anything of an office; what a killed restore left is taken away first.

    Other files in the folder are nobody's of ours and stay: keys, logs, earlier backups, what a
    system puts into every folder.
    """
    _take_away_leftovers(place)
    logs = [Path(f"{place.database}{end}") for end in _LOGS]
    own = [place.folder / name for name in FOLDERS]
    there = [path for path in (place.database, *logs) if path.exists()]
    there += [path for path in own if path.is_file() or (path.is_dir() and any(path.iterdir()))]
    if there:
        raise Conflict(_not_empty(path) for path in there)


def fresh_beside(path: Path) -> Path:
    """A name beside a place, that nobody else takes."""
    return path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")


@contextmanager
def staging(place: Place) -> Iterator[Place]:
    """A place beside the place, to be filled and checked; gone in the end, whatever happens."""
    place.database.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    place.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = fresh_beside(place.folder / "restore")
    beside = Place(fresh_beside(place.database), folder)
    _write_note(place, [beside.database, folder])
    try:
        folder.mkdir(mode=0o700)
        yield beside
    finally:
        _take_away_leftovers(place)


def move_in(beside: Place, place: Place) -> None:
    """Bring everything to its place, the database last: with it the office is there."""
    moves = [name for name in FOLDERS if (beside.folder / name).is_dir()]
    _write_note(place, [beside.database, beside.folder, *(place.folder / name for name in moves)])
    for name in moves:
        target = place.folder / name
        if target.is_dir():
            target.rmdir()  # it is empty, or it refuses
        (beside.folder / name).rename(target)
    _link(beside.database, place.database)
    sync_folder(place.folder)
    sync_folder(place.database.parent)


def put_in_place(fresh: Path, path: Path, *, replace: bool) -> None:
    """Give a finished file its name; over another one only where that is asked for."""
    if replace:
        fresh.replace(path)
    else:
        _link(fresh, path)
    sync_folder(path.parent)


def already_there(path: Path) -> ReliefError:
    """The refusal to write over a file."""
    text = _("{path} is there already; name another file, or move it away.", path=path)
    return refuse(Conflict, "backup.exists", text, "FILE")


def _link(fresh: Path, path: Path) -> None:
    """Never over what stands there, even if it came a moment ago."""
    try:
        os.link(fresh, path)
    except FileExistsError as fault:
        raise already_there(path) from fault
    except OSError:  # a stick knows no second names
        if path.exists():
            raise already_there(path) from None
        fresh.rename(path)
        return
    fresh.unlink()


def _write_note(place: Place, leftovers: list[Path]) -> None:
    note = place.folder / _NOTE
    fresh = fresh_beside(note)
    text = json.dumps([str(path.absolute()) for path in leftovers])
    with private_file(fresh) as stream:
        stream.write(text.encode())
    fresh.replace(note)


def _take_away_leftovers(place: Place) -> None:
    """What the note names: all of it while there is no database, else what stands beside."""
    note = place.folder / _NOTE
    if not note.is_file():
        return
    for name in json.loads(note.read_text(encoding="utf-8")):
        path = Path(name)
        if not place.database.exists() or path.name.endswith(".new"):
            _remove(path)
    note.unlink()


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    for each in (path, *(Path(f"{path}{end}") for end in _LOGS)):
        each.unlink(missing_ok=True)


def _not_empty(path: Path) -> Problem:
    text = _(
        "A backup is restored into an empty place, and {path} is there. Move it away, or set "
        "RELIEF_DATA_DIR to a folder with the key file and no office.",
        path=path,
    )
    return Problem("restore.not_empty", text, "RELIEF_DATA_DIR")
