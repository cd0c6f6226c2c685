"""New files that hold what is for nobody else on this machine."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

# Windows would else write every line feed as two characters.
_BINARY = getattr(os, "O_BINARY", 0)
_OWNER_ALONE = 0o600
_OTHERS = 0o077
_making = threading.Lock()


@contextmanager
def private_file(path: Path) -> Iterator[BinaryIO]:
    """Open a new file, readable by its owner alone from its first byte, and bring it to the disk in
    the end. `FileExistsError` where one is there."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, _OWNER_ALONE)
    with os.fdopen(descriptor, "wb") as stream:
        yield stream
        stream.flush()
        os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk, too (POSIX)."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_private(path: Path) -> None:
    """An empty file for its owner alone, where there is none: whoever fills it keeps its rights.
    What stands there, or cannot be made, is left to whoever opens it.

    One thread at a time: to close a file takes away the locks that this process has on it, and
    another may have opened it meanwhile.
    """
    with _making, suppress(OSError):
        if not path.exists():
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ALONE))


def shut_out_others(path: Path) -> None:
    """Take a file's rights away from everybody but its owner (POSIX); what is not there, or is
    somebody else's file, stays as it is."""
    if os.name != "posix":
        return
    with suppress(OSError):
        if path.stat().st_mode & _OTHERS:
            path.chmod(_OWNER_ALONE)
