"""Bringing a backup back into an empty place: everything is checked before anything is touched."""

from __future__ import annotations

import shutil
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from relief.auditing import verify_office
from relief.backup import archive
from relief.backup.making import check_may_back_up
from relief.backup.manifest import DATABASE, Manifest, damaged
from relief.backup.place import Place, check_empty, move_in, place_of, staging
from relief.backup.snapshot import counts_of, is_sound
from relief.bootstrap import initialise, open_relief
from relief.kernel.crypto import FieldCipher, key_file_exists, load_keys
from relief.kernel.database import Database
from relief.kernel.errors import Conflict, Invalid, Problem, refuse
from relief.kernel.private_files import private_file
from relief.kernel.settings import Settings
from relief.kernel.text import _
from relief.migrations.apply import check_known


@dataclass(frozen=True)
class Restored:
    """What was brought back; `problems`: what its journal shows, which was so in the backup."""

    manifest: Manifest
    database: Path
    problems: tuple[Problem, ...]


def restore_backup(settings: Settings, path: Path, username: str) -> Restored:
    """Restore a backup, by an enabled admin of the office that it holds.

    Refused before anything is touched: a place that is not empty, a file that is damaged or not
    ours, other keys, a newer program's backup, another actor. Killed at any moment it leaves no
    database or the whole one, and can be run again.
    """
    place = place_of(settings)
    check_empty(place)
    cipher, settings = _keys(settings)
    manifest = archive.read_whole(path, cipher)
    check_known(manifest.revision)
    _check_room(place, manifest)
    with staging(place) as beside:
        _unpack(path, manifest, beside)
        problems = _check(_settings_of(settings, beside), manifest, username)
        _bring_to_disk(beside)
        move_in(beside, place)
    _look_again(settings)
    return Restored(manifest, place.database, problems)


def _keys(settings: Settings) -> tuple[FieldCipher, Settings]:
    """The keys that are here, written into the settings, so that they open the place beside."""
    if not key_file_exists(settings):
        raise refuse(
            Conflict,
            "restore.no_keys",
            _(
                "A backup does not hold the keys. Put the key file (keys.json) that belongs to it "
                "into {folder} first.",
                folder=settings.data_dir,
            ),
            "RELIEF_FIELD_KEYS",
        )
    keys = load_keys(settings)
    text = ",".join(urlsafe_b64encode(key).decode() for key in keys.field_keys)
    told = {"secret_key": SecretStr(keys.secret_key), "field_keys": SecretStr(text)}
    return FieldCipher(keys.field_keys), settings.model_copy(update=told)


def _check_room(place: Place, manifest: Manifest) -> None:
    folder = next(
        each for each in (place.folder, *place.folder.absolute().parents) if each.exists()
    )
    free = shutil.disk_usage(folder).free
    if free < manifest.size_bytes:
        text = _(
            "There is not room enough in {folder}: {needed} MB are needed, {free} MB are free.",
            folder=folder,
            needed=manifest.size_bytes // 1_000_000 + 1,
            free=free // 1_000_000,
        )
        raise refuse(Invalid, "restore.no_room", text, "RELIEF_DATA_DIR")


def _unpack(path: Path, manifest: Manifest, beside: Place) -> None:
    with archive.opened(path) as opened:
        for member in manifest.members:
            is_database = member.name == DATABASE
            target = beside.database if is_database else beside.folder / member.name
            target.parent.mkdir(parents=True, exist_ok=True)
            with private_file(target) as stream:
                stream.writelines(archive.unpacked(opened, member))


def _check(settings: Settings, manifest: Manifest, username: str) -> tuple[Problem, ...]:
    """Open what was unpacked as the office will; an older shape is upgraded as `init` does."""
    database = place_of(settings).database
    if not is_sound(database):
        raise damaged()
    if counts_of(database) != manifest.counts:
        raise damaged()
    relief = initialise(settings)
    try:
        with relief.reading() as work:
            check_may_back_up(work, username)
            return tuple(verify_office(work, relief.papers))
    finally:
        relief.database.dispose()


def _settings_of(settings: Settings, place: Place) -> Settings:
    url = f"sqlite:///{place.database}"
    return settings.model_copy(update={"data_dir": place.folder, "database_url": url})


def _bring_to_disk(beside: Place) -> None:
    """Close the log: the file alone is the database."""
    database = Database(f"sqlite:///{beside.database}")
    with database.engine.connect() as connection:
        connection.rollback()
        cursor = connection.connection.cursor()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.close()
    database.dispose()
    assert not Path(f"{beside.database}-wal").exists(), "what is in the log would be lost"


def _look_again(settings: Settings) -> None:
    """Where it stands now it opens, under these keys, as any command opens it."""
    open_relief(settings).database.dispose()
