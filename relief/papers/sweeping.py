"""Taking away the files that no case names: a commit failed after they were written, or the
process was killed."""

from __future__ import annotations

from relief.kernel.unit_of_work import UnitOfWork
from relief.papers.queries import names_in_use
from relief.papers.store import PaperStore


def remove_unnamed(work: UnitOfWork, store: PaperStore) -> int:
    """Remove them, and say how many. Under the lock of record: whoever attaches a file has it from
    before the file is written until the row is there, so that no named file is ever removed."""
    work.take_turn()
    named = names_in_use(work)
    unnamed = [path for name, path in store.files() if name not in named]
    for path in unnamed:
        path.unlink(missing_ok=True)
    return len(unnamed)
