"""Making a backup: a snapshot, the office's own folders, and a manifest; read back before it gets
its name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from relief import __version__
from relief.accounts.queries import find_actor
from relief.backup import archive
from relief.backup.manifest import DATABASE, FOLDERS, MANIFEST, Manifest, is_safe
from relief.backup.place import already_there, fresh_beside, place_of, put_in_place
from relief.backup.snapshot import counts_of, is_sound, revision_of, take_snapshot
from relief.bootstrap import Relief
from relief.engine.work import Work
from relief.kernel.crypto import sealed_key_check
from relief.kernel.errors import Conflict, Invalid, NotAllowed, Problem, refuse
from relief.kernel.text import _
from relief.papers.store import FOLDER as PAPERS
from relief.papers.verification import file_faults


@dataclass(frozen=True)
class Backup:
    """A backup that was made and read back."""

    path: Path
    size_bytes: int
    manifest: Manifest


def check_may_back_up(work: Work, username: str) -> None:
    """A backup holds everything: it is for an admin to make, and to bring back."""
    if "admin" not in find_actor(work, username).roles:
        raise refuse(
            NotAllowed,
            "backup.role",
            _("Only an admin may make a backup or restore one."),
            "actor",
        )


def make_backup(relief: Relief, path: Path, *, replace: bool = False) -> Backup:
    """Write everything but the keys into one file, while others go on working.

    No half file ever stands under the name. An existing file is refused (`Conflict`) unless it is
    to be replaced, and then, too, where it is anything but a backup. Refused, too, where the
    database itself is damaged.
    """
    database = place_of(relief.settings).database
    if not path.parent.is_dir():
        text = _("There is no folder {folder}; make it first.", folder=path.parent)
        raise refuse(Invalid, "backup.no_folder", text, "FILE")
    _check_name(path, replace=replace)
    fresh = fresh_beside(path)
    snapshot = fresh.with_suffix(".db.new")
    try:
        take_snapshot(database, snapshot)
        _check_sound(snapshot)
        # After the snapshot: every paper that it names is on the disk by now. Before ours stands
        # among them.
        own_files = [own for own in _own_files(relief.settings.data_dir) if own[1] != snapshot]
        _write(relief, fresh, snapshot, own_files)
        manifest = archive.read_whole(fresh, relief.cipher)
        size = fresh.stat().st_size
        put_in_place(fresh, path, replace=replace)
    finally:
        snapshot.unlink(missing_ok=True)
        fresh.unlink(missing_ok=True)
    return Backup(path, size, manifest)


def papers_not_in_it(relief: Relief) -> list[Problem]:
    """The papers that a backup made now does not hold as they were attached: their files are
    missing, altered, or links. The backup is made all the same: what there is, is kept."""
    with relief.reading() as work:
        return file_faults(work, relief.papers)


def _check_name(path: Path, *, replace: bool) -> None:
    """Nothing but a backup gives way to a backup: not a database, keys, a table, or a device."""
    if not (path.exists() or path.is_symlink()):
        return
    if not replace or path.is_dir():
        raise already_there(path)
    if path.is_symlink() or not path.is_file() or not archive.is_backup(path):
        text = _(
            "{path} is no backup, and only a backup is replaced by a new one; name another file, "
            "or move it away.",
            path=path,
        )
        raise refuse(Conflict, "backup.replaces_other", text, "FILE")


def _check_sound(snapshot: Path) -> None:
    if not is_sound(snapshot):
        text = _(
            "The database of this office is damaged; nothing was backed up. Keep the older "
            "backups, and restore the newest good one into an empty place."
        )
        raise refuse(Conflict, "backup.database_damaged", text)


def _write(
    relief: Relief, fresh: Path, snapshot: Path, own_files: Sequence[tuple[str, Path]]
) -> None:
    with archive.writing(fresh) as opened:
        members = [archive.add(opened, DATABASE, snapshot)]
        for own in own_files:
            with suppress(FileNotFoundError):  # a file that no case names was swept meanwhile
                members.append(archive.add(opened, *own))
        manifest = Manifest(
            program=__version__,
            made_at=relief.clock.now().astimezone(relief.settings.zone).isoformat(),
            is_rehearsal=relief.is_rehearsal,
            revision=revision_of(snapshot),
            key_check=sealed_key_check(relief.cipher),
            counts=counts_of(snapshot),
            members=tuple(members),
        )
        opened.writestr(MANIFEST, manifest.as_bytes())
    archive.seal(fresh, relief.cipher)


def _own_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """The files of the office's own folders, in order. Links in them are not followed; a folder may
    itself be a link to another disk, but not to where the keys are."""
    for name in FOLDERS:
        own = folder / name
        if folder.resolve().is_relative_to(own.resolve()):
            continue
        for path in sorted(own.rglob("*")):
            is_half = name == PAPERS and path.suffix == ".new"
            if path.is_file() and not path.is_symlink() and not is_half:
                yield _safe(path.relative_to(folder).as_posix()), path


def _safe(name: str) -> str:
    if is_safe(name):
        return name
    text = _(
        'The file "{name}" has a name that cannot be restored everywhere; rename it, with letters, '
        "digits, dots, hyphens and blanks alone.",
        name=name,
    )
    raise refuse(Conflict, "backup.file_name", text, "FILE")
