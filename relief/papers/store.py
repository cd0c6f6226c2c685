"""Where the bytes of papers lie: `attachments/ab/ab…` in the data folder, each file under the
SHA-256 of what it holds, sealed by the office's keys, and whole or not there at all.

A file is brought to the disk before the commit that names it. Where that commit fails, or the
process is killed, the file is named by nobody: the nightly job takes it away, under the lock of
record, which whoever writes a file has taken before.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

from relief.kernel.crypto import FieldCipher
from relief.kernel.errors import Conflict, NotFound, ReliefError, refuse
from relief.kernel.private_files import private_file, sync_folder
from relief.kernel.text import _

FOLDER = "attachments"
_NAME = re.compile(r"[0-9a-f]{64}")
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class PaperStore:
    """The files of one office."""

    def __init__(self, data_dir: Path, cipher: FieldCipher) -> None:
        self.folder = data_dir / FOLDER
        self._cipher = cipher

    def put(self, content: bytes) -> str:
        """Bring bytes to the disk, and give the name that they lie under. What lies there already,
        unharmed, is not written again. The caller has the lock of record."""
        sha256 = hashlib.sha256(content).hexdigest()
        if not self.fault(sha256):
            return sha256
        try:
            self._write(self.path_of(sha256), self._cipher.seal(content, _context(sha256)))
        except OSError as fault:
            raise _not_kept(fault) from fault
        return sha256

    def read(self, sha256: str) -> bytes:
        """The bytes under a name; refused where they are missing, or not what was put there."""
        if not _NAME.fullmatch(sha256):  # a row was changed by hand: nothing of ours lies there
            raise _altered()
        path = self.path_of(sha256)
        try:
            if path.is_symlink() or path.parent.is_symlink():
                raise FileNotFoundError(errno.ENOENT, "a link, which no backup follows")
            sealed = path.read_bytes()
        except OSError as fault:
            text = _(
                "The file is missing from the data folder, or cannot be read; put the folder "
                '"{folder}" back from a backup.',
                folder=FOLDER,
            )
            raise refuse(NotFound, "paper.file_gone", text) from fault
        try:
            content = self._cipher.open_bytes(sealed, _context(sha256))
        except ReliefError as fault:
            raise _altered() from fault
        if hashlib.sha256(content).hexdigest() != sha256:
            raise _altered()
        return content

    def fault(self, sha256: str) -> ReliefError | None:
        """What is wrong with the file under a name; None where it is as it was put there."""
        try:
            self.read(sha256)
        except ReliefError as refusal:
            return refusal
        return None

    def path_of(self, sha256: str) -> Path:
        """Where a file lies."""
        assert _NAME.fullmatch(sha256), "a name of ours"
        return self.folder / sha256[:2] / sha256

    def files(self) -> Iterator[tuple[str, Path]]:
        """Every file, under the name that it lies under; "" for one that was never finished. Links
        are not followed: what they lead to is not ours to take away."""
        for folder in sorted(self.folder.glob("??")):
            if folder.is_dir() and not folder.is_symlink():
                yield from self._files_in(folder)

    def _files_in(self, folder: Path) -> Iterator[tuple[str, Path]]:
        for path in folder.glob("*"):
            if path.is_file() and not path.is_symlink():
                is_whole = _NAME.fullmatch(path.name) and path == self.path_of(path.name)
                if is_whole or path.suffix == ".new":
                    yield (path.name if is_whole else ""), path

    def _write(self, path: Path, sealed: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if path.parent.is_symlink():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
        try:
            with private_file(fresh) as stream:
                stream.write(sealed)
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)
        for folder in (path.parent, self.folder, self.folder.parent):
            sync_folder(folder)


def _context(sha256: str) -> str:
    """The place that sealed bytes are bound to."""
    return f"paper.content:{sha256}"


def _altered() -> ReliefError:
    text = _(
        "The file in the data folder is not what was attached: it was altered or damaged, or the "
        'keys are others. Put the folder "{folder}" back from a backup.',
        folder=FOLDER,
    )
    return refuse(Conflict, "paper.file_altered", text)


def _not_kept(fault: OSError) -> ReliefError:
    if fault.errno in _FULL:
        text = _("The disk of the data folder is full. Nothing was attached; make room on it.")
    else:
        text = _(
            "The data folder cannot be written ({fault}). Nothing was attached; look who may "
            "write there.",
            fault=fault.strerror or type(fault).__name__,
        )
    return refuse(Conflict, "paper.not_kept", text)
