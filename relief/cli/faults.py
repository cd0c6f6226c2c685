"""From a fault to words on stderr. Imported when there is one."""

from __future__ import annotations

import os
import secrets
import traceback
from pathlib import Path

import sqlalchemy as sa

from relief.cli.console import tell_problems
from relief.kernel.errors import Problem, ReliefError
from relief.kernel.settings import load_settings
from relief.kernel.text import Text, _


def tell(fault: Exception) -> None:
    """Say what was refused, or what failed and what to do about it."""
    if isinstance(fault, ReliefError):
        tell_problems(fault.problems)
    else:
        text = _of_database(fault) or _of_file(fault) or _unexpected(fault)
        tell_problems([Problem("failed", text)])


def _of_database(fault: Exception) -> Text | None:
    if isinstance(fault, sa.exc.ArgumentError | sa.exc.NoSuchModuleError):
        return _(
            "RELIEF_DATABASE_URL cannot be used; it should look like sqlite:///data/relief.db or "
            "postgresql+psycopg://user:password@host/name."
        )
    if not isinstance(fault, sa.exc.DatabaseError):
        return None
    said = str(fault.orig).strip().splitlines()[0] if str(fault.orig).strip() else ""
    for words, text in _DATABASE_FAULTS:
        if any(word in said.lower() for word in words):
            return text
    if isinstance(fault, sa.exc.OperationalError):
        return _("The database does not answer: {said}. Nothing was written.", said=said)
    return None


_DATABASE_FAULTS = (
    (
        ("locked", "lock timeout"),
        _("Another program holds the database. Nothing was written; try again in a moment."),
    ),
    (
        ("readonly", "read-only"),
        _(
            "The database cannot be written: its file or folder is read-only. Nothing was "
            "written; give this user the right to write there."
        ),
    ),
    (
        ("disk is full", "no space left", "disk i/o"),
        _("The disk of the database is full or failing. Nothing was written; make room on it."),
    ),
    (
        ("unable to open",),
        _("The database file cannot be opened; look at RELIEF_DATA_DIR and who may read it."),
    ),
    (
        ("not a database", "malformed"),
        _(
            "The database file is damaged, or is no database at all. Put it back from a backup, "
            "or look at RELIEF_DATA_DIR."
        ),
    ),
    (
        ("could not connect", "connection failed", "connection refused", "connection to server"),
        _(
            "The database server cannot be reached; look at RELIEF_DATABASE_URL, and whether the "
            "server runs. Nothing was written."
        ),
    ),
)


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
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.writelines(traceback.format_exception(fault))
    return path
