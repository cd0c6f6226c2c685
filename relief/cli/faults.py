"""From a fault to words on stderr. Imported when there is one."""

from __future__ import annotations

from relief.cli.console import tell_problems
from relief.kernel.database_faults import problem_of
from relief.kernel.errors import Problem, ReliefError
from relief.kernel.fault_log import keep_fault, new_fault_id
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
    error_id = new_fault_id()
    try:
        path = keep_fault(load_settings().data_dir, fault, error_id)
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
