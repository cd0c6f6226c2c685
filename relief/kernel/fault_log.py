"""Keeps the details of an unexpected fault for whoever mends it, readable by its owner alone.

A fault has a file of its own, which no two programs write, so that none has to wait for another;
the newest of them stay.
"""

from __future__ import annotations

import secrets
import traceback
from contextlib import suppress
from pathlib import Path

from relief.kernel.private_files import private_file

FOLDER = "logs"
# A fault that comes a thousand times a day fills no disk.
FILES_MAX, FILE_BYTES_MAX = 500, 100_000


def new_fault_id() -> str:
    """What people quote, and the file is named after."""
    return secrets.token_hex(4)


def keep_fault(data_dir: Path, fault: BaseException, fault_id: str) -> Path:
    """Write the traceback into the data folder (`OSError` where that cannot be written)."""
    folder = data_dir / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"error-{fault_id}.txt"
    with private_file(path) as stream:
        # Its end says what failed.
        stream.write("".join(traceback.format_exception(fault)).encode()[-FILE_BYTES_MAX:])
    _remove_old(folder, but_not=path)
    return path


def _remove_old(folder: Path, but_not: Path) -> None:
    """Take away the oldest of ours; what another program has taken away meanwhile is gone."""
    ages: list[tuple[int, Path]] = []
    for path in set(folder.glob("error-*.txt")) - {but_not}:
        with suppress(OSError):
            ages.append((path.stat().st_mtime_ns, path))
    for _age, path in sorted(ages)[: max(len(ages) + 1 - FILES_MAX, 0)]:
        with suppress(OSError):
            path.unlink()
