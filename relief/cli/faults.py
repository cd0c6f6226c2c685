"""From a fault to words on stderr. Imported when there is one."""

from __future__ import annotations

import secrets
import traceback
from pathlib import Path

from relief.cli.console import tell_problems
from relief.kernel.database_faults import problem_of
from relief.kernel.errors import Problem, ReliefError
from relief.kernel.private_files import private_file
from relief.kernel.settings import load_settings
from relief.kernel.text import Text, _


def tell(fault: Exception) -> None:
    """Say what was refused, or what failed and what to do about it."""
    if isinstance(fault, ReliefError):
        tell_problems(fault.problems)
    else:
        known = problem_of(fault)
        tell_problems([known or Problem("failed", _of_file(fault) or _unexpected(fault))])


def _of_file(fault: Exception) -> Text | None:
    if not isinstance(fault, OSError):
        return None
    return _(
        "{path} cannot be used: {reason}.",
        path=fault.filename or _("A file"),
        reason=fault.strerror or str(fault),
    )


def _unexpected(fault: Exception) -> Text:
    """A fault of ours: its traceback is kept for whoever mends it."""
    error_id = secrets.token_hex(4)
    try:
        path = _keep(fault, error_id)
    except (OSError, ReliefError):
        return _(
            "Something went wrong that should not (error {id}); nothing was written. Its details "
            "could not be kept either: the data folder cannot be written.",
            id=error_id,
        )
    return _(
        "Something went wrong that should not (error {id}); nothing was written. The details are "
        "in {path}: hand that file to whoever looks after the program.",
        id=error_id,
        path=path,
    )


def _keep(fault: Exception, error_id: str) -> Path:
    """Write the traceback into the data folder, readable by its owner alone."""
    folder = load_settings().data_dir / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"error-{error_id}.txt"
    with private_file(path) as stream:
        stream.write("".join(traceback.format_exception(fault)).encode())
    return path
