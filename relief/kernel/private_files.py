"""New files that hold what is for nobody else on this machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

# Windows would else write every line feed as two characters.
_BINARY = getattr(os, "O_BINARY", 0)


@contextmanager
def private_file(path: Path) -> Iterator[BinaryIO]:
    """Open a new file, readable by its owner alone from its first byte, and bring it to the disk in
    the end. `FileExistsError` where one is there."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        yield stream
        stream.flush()
        os.fsync(stream.fileno())
