"""Whether the office's own workflow files changed while the program runs."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

from relief.kernel.clock import Pace

_LOOKED_AT_EVERY_SECONDS = 1.0
# The files of a folder by name, each with what changes when it is written.
Files = frozenset[tuple[str, int, int, int]]


class Watch:
    """Looks at a folder when it is asked, once a second at most: between two looks it costs no more
    than to read a clock."""

    def __init__(self, folder: Path, every_seconds: float = _LOOKED_AT_EVERY_SECONDS) -> None:
        self._folder = folder
        self._pace = Pace(every_seconds)
        self._one = threading.Lock()
        self._taken = files_in(folder)

    def take(self, anew: Callable[[], bool]) -> None:
        """Call `anew` where the files are others than those that it was called for last; where it
        answers False, once more at the next look. One does so, the others go on meanwhile."""
        if not self._pace.is_due() or not self._one.acquire(blocking=False):
            return
        try:
            files = self._now()
            if files != self._taken and anew():
                self._taken = files
        finally:
            self._one.release()

    def _now(self) -> Files:
        """The files now; those of before where nobody may look."""
        try:
            return files_in(self._folder)
        except OSError:
            return self._taken


def files_in(folder: Path) -> Files:
    """The workflow files of a folder as they are now; none where there is no such folder."""
    try:
        with os.scandir(folder) as entries:
            return frozenset(_told(entry) for entry in entries if entry.name.endswith(".toml"))
    except (FileNotFoundError, NotADirectoryError):
        return frozenset()


def _told(entry: os.DirEntry[str]) -> tuple[str, int, int, int]:
    """A file with what changes when it is written; the name alone of one that nobody can look at
    (a link that leads nowhere, a file taken away this moment)."""
    try:
        told = entry.stat()
    except OSError:
        return entry.name, 0, 0, 0
    return entry.name, told.st_mtime_ns, told.st_size, told.st_ino
