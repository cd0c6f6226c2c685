"""Keeps the details of an unexpected fault for whoever mends it, readable by its owner alone."""

from __future__ import annotations

import secrets
import traceback
from pathlib import Path

from relief.kernel.private_files import private_file

FOLDER = "logs"


def new_fault_id() -> str:
    """What people quote, and the file is named after."""
    return secrets.token_hex(4)


def keep_fault(data_dir: Path, fault: BaseException, fault_id: str) -> Path:
    """Write the traceback into the data folder (`OSError` where that cannot be written)."""
    folder = data_dir / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"error-{fault_id}.txt"
    with private_file(path) as stream:
        stream.write("".join(traceback.format_exception(fault)).encode())
    return path
