"""The backup of a night: into the data folder, and to a second place where one is set; what is
older than 14 days goes, in both."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from relief.backup import archive
from relief.backup.making import make_backup
from relief.backup.place import fresh_beside, put_in_place
from relief.bootstrap import Relief
from relief.kernel.crypto import FieldCipher
from relief.kernel.errors import Conflict, ReliefError, refuse
from relief.kernel.private_files import private_file
from relief.kernel.text import _

KEPT_DAYS = 14
_KEPT_MIN = 3
_OURS = re.compile(r"relief-(\d{4}-\d{2}-\d{2})\.zip", re.ASCII)
# What a backup that was killed has left behind.
_HALF = re.compile(r"relief-\d{4}-\d{2}-\d{2}\.zip\.[0-9a-f]{8}(\.db)?\.new", re.ASCII)


@dataclass(frozen=True)
class Night:
    """Where the copies stand, and how many old ones went."""

    first: Path
    second: Path | None
    removed: int


def back_up_night(relief: Relief, day: dt.date) -> Night:
    """Make the backup of a day, once: one that stands there whole is kept. A second place that is
    not there is refused (`Conflict`), and the first copy stands."""
    folder = relief.settings.data_dir / "backups"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    first = folder / f"relief-{day}.zip"
    if not is_whole(first, relief.cipher):
        first.unlink(missing_ok=True)  # spoilt: what is written now is better
        make_backup(relief, first)
    removed = _remove_old(folder, day, relief.cipher)
    second_folder = relief.settings.backup_dir
    if second_folder is None:
        return Night(first, None, removed)
    second = _copy(first, second_folder, relief.cipher)
    return Night(first, second, removed + _remove_old(second_folder, day, relief.cipher))


def is_whole(path: Path, cipher: FieldCipher) -> bool:
    """True where a backup of this office stands there, every byte as it was written."""
    if not path.is_file():
        return False
    try:
        archive.check_keys(archive.read_outside(path), cipher)
    except ReliefError:
        return False
    return True


def _copy(first: Path, folder: Path, cipher: FieldCipher) -> Path:
    if not folder.is_dir():
        raise refuse(
            Conflict,
            "backup.second_place",
            _(
                "the second place, {folder}, is not there; put the stick in, or bring the share "
                "back. The first copy stands: {first}",
                folder=folder,
                first=first,
            ),
            "RELIEF_BACKUP_DIR",
        )
    second = folder / first.name
    if is_whole(second, cipher):
        return second
    _refuse_other_office(second, cipher)
    fresh = fresh_beside(second)
    try:
        _copy_bytes(first, fresh)
        if not is_whole(fresh, cipher):
            text = _("the copy in {folder} is not what was written; is the stick damaged?",
                     folder=folder)  # fmt: skip
            raise refuse(Conflict, "backup.copy_damaged", text, "RELIEF_BACKUP_DIR")
        put_in_place(fresh, second, replace=True)
    finally:
        fresh.unlink(missing_ok=True)
    return second


def _copy_bytes(source: Path, target: Path) -> None:
    with source.open("rb") as read, private_file(target) as written:
        written.writelines(archive.portions(read))


def _refuse_other_office(path: Path, cipher: FieldCipher) -> None:
    """Two offices do not share a folder: their files bear the same names."""
    if not path.is_file():
        return
    try:
        manifest = archive.read_outside(path)
    except ReliefError:
        return  # spoilt: what is written now is better
    archive.check_keys(manifest, cipher)


def _remove_old(folder: Path, day: dt.date, cipher: FieldCipher) -> int:
    """Remove what is ours and older than 14 days. The newest three good ones stay whatever their
    day: a clock that is a year ahead must not take them all. What is not ours, or cannot be read,
    stays."""
    for half in _named(folder, _HALF):
        half.unlink(missing_ok=True)
    good = [path for path in _named(folder, _OURS) if is_whole(path, cipher)]
    last_day = day - dt.timedelta(days=KEPT_DAYS)
    old = [path for path in good[:-_KEPT_MIN] if _day_of(path) < last_day]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _named(folder: Path, pattern: re.Pattern[str]) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if pattern.fullmatch(path.name):
            yield path


def _day_of(path: Path) -> dt.date:
    match = _OURS.fullmatch(path.name)
    assert match is not None
    try:
        return dt.date.fromisoformat(match[1])
    except ValueError:  # no day of any calendar: not ours, then
        return dt.date.max
