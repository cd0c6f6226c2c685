"""One state of a SQLite database as a file, taken while others write, and what it holds.

`VACUUM INTO` reads in one transaction: under WAL nobody waits for it and it waits for nobody. The
online backup API in portions begins anew at every commit of another process (measured: beside a
writer it did not end); in one go it is quicker, and copies what was deleted, too.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from relief.backup.manifest import Counts
from relief.kernel.private_files import private_file
from relief.kernel.sqlite import BUSY_MS_MAX


def take_snapshot(database: Path, snapshot: Path) -> None:
    """Write the database as it stands now into a new file, readable by its owner alone."""
    with private_file(snapshot):
        pass  # SQLite fills it: an empty file is taken as it is, with its rights
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MS_MAX}")
        connection.execute("VACUUM INTO ?", (str(snapshot),))


def is_sound(snapshot: Path) -> bool:
    """False for a database whose pages, indices or links contradict each other."""
    with _reading(snapshot) as connection:
        try:
            pages = connection.execute("PRAGMA integrity_check").fetchall()
            broken_link = connection.execute("PRAGMA foreign_key_check").fetchone()
        except sqlite3.DatabaseError:
            return False
    return pages == [("ok",)] and broken_link is None


def counts_of(snapshot: Path) -> Counts:
    """How much a database holds."""
    with _reading(snapshot) as connection:

        def count(table: str) -> int:
            return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608

        last = "SELECT hash FROM journal_entry ORDER BY id DESC LIMIT 1"
        (last_hash,) = connection.execute(last).fetchone() or ("",)
        return Counts(
            households=count("household"),
            cases=count("petition_case"),
            payout_lines=count("payout_line"),
            journal_entries=count("journal_entry"),
            last_journal_hash=last_hash,
        )


def revision_of(snapshot: Path) -> str:
    """The shape at which it stands."""
    with _reading(snapshot) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


@contextmanager
def _reading(snapshot: Path) -> Iterator[sqlite3.Connection]:
    """A connection that writes nothing, not even beside the file."""
    uri = f"{snapshot.absolute().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        yield connection
