"""What a fault of the database means to people: one place for both databases.

Told by the codes that the drivers give, not by words, which a server says in its own language.
"""

from __future__ import annotations

import errno

import sqlalchemy as sa

from relief.kernel.errors import Problem
from relief.kernel.text import Text, _

_LOCKED = _("Another program holds the database. Nothing was written; try again in a moment.")
_READ_ONLY = _(
    "The database cannot be written: its file or folder is read-only. Nothing was written; give "
    "this user the right to write there."
)
_FULL = _("The disk of the database is full or failing. Nothing was written; make room on it.")
_NO_FILE = _("The database file cannot be opened; look at RELIEF_DATA_DIR and who may read it.")
_DAMAGED = _(
    "The database file is damaged, or is no database at all. Put it back from a backup, or look "
    "at RELIEF_DATA_DIR."
)
_NO_SERVER = _(
    "The database server cannot be reached; look at RELIEF_DATABASE_URL, and whether the server "
    "runs. Nothing was written."
)
_WENT_AWAY = _(
    "The database server went away. What was being done was rolled back, unless it had just been "
    "finished: look before you do it again."
)
_TURNED_AWAY = _(
    "The database server turned us away: {said}. Look at RELIEF_DATABASE_URL. Nothing was written."
)

# SQLite's names of its codes; the longer ones first decide where they differ from their family.
_SQLITE: tuple[tuple[str, str, Text], ...] = (
    ("SQLITE_BUSY", "locked", _LOCKED),
    ("SQLITE_LOCKED", "locked", _LOCKED),
    ("SQLITE_READONLY", "read_only", _READ_ONLY),
    ("SQLITE_IOERR_SHORT_READ", "damaged", _DAMAGED),
    ("SQLITE_IOERR_CORRUPTFS", "damaged", _DAMAGED),
    ("SQLITE_FULL", "full", _FULL),
    ("SQLITE_IOERR", "full", _FULL),
    ("SQLITE_CANTOPEN", "no_file", _NO_FILE),
    ("SQLITE_PERM", "no_file", _NO_FILE),
    ("SQLITE_CORRUPT", "damaged", _DAMAGED),
    ("SQLITE_NOTADB", "damaged", _DAMAGED),
)
# PostgreSQL's SQLSTATE, by how it begins (appendix A of its manual).
_POSTGRESQL: tuple[tuple[str, str, Text], ...] = (
    ("55P03", "locked", _LOCKED),
    ("25006", "read_only", _READ_ONLY),
    ("53100", "full", _FULL),
    ("58030", "full", _FULL),
    ("57P", "away", _WENT_AWAY),
    ("08", "away", _WENT_AWAY),
    ("XX001", "damaged", _DAMAGED),
    ("XX002", "damaged", _DAMAGED),
    ("28", "turned_away", _TURNED_AWAY),
    ("3D", "turned_away", _TURNED_AWAY),
    ("53300", "turned_away", _TURNED_AWAY),
)


def problem_of(fault: BaseException) -> Problem | None:
    """The fault in words, with a code (`database.full`, …); None where it is another kind."""
    if isinstance(fault, sa.exc.ArgumentError | sa.exc.NoSuchModuleError):
        text = _(
            "RELIEF_DATABASE_URL cannot be used; it should look like sqlite:///data/relief.db or "
            "postgresql+psycopg://user:password@host/name."
        )
        return Problem("database.address", text)
    if isinstance(fault, OSError) and fault.errno in (errno.ENOSPC, errno.EDQUOT):
        text = _(
            "The disk is full: {path} could not be written. Nothing half-written was left; make "
            "room on it.",
            path=fault.filename or _("A file"),
        )
        return Problem("disk.full", text)
    driver = fault.orig if isinstance(fault, sa.exc.DBAPIError) else fault
    return _of_driver(fault, driver)


def _of_driver(fault: BaseException, driver: BaseException | None) -> Problem | None:
    said = _first_line(driver)
    name = getattr(driver, "sqlite_errorname", None)
    if name is not None:
        return _of_code(str(name), _SQLITE, said) or _unknown(fault, said)
    if not isinstance(fault, sa.exc.DBAPIError):
        return None
    state = getattr(driver, "sqlstate", None)
    if state is not None:
        return _of_code(str(state), _POSTGRESQL, said) or _unknown(fault, said)
    return _without_code(fault, said)


def _of_code(code: str, known: tuple[tuple[str, str, Text], ...], said: str) -> Problem | None:
    for begins, name, text in known:
        if code.startswith(begins):
            values = {"said": said} if "{said}" in text.msgid else {}
            return Problem(f"database.{name}", Text(text.msgid, values))
    return None


def _without_code(fault: sa.exc.DBAPIError, said: str) -> Problem | None:
    """What the driver says itself: no connection came about, or it broke."""
    # Asked first: a lost commit has no statement either, and may be told with the FATAL of a server
    # that was stopped.
    if fault.connection_invalidated:
        return Problem("database.away", _WENT_AWAY)
    if "FATAL" in said:
        return Problem("database.turned_away", Text(_TURNED_AWAY.msgid, {"said": said}))
    if fault.statement is None and isinstance(fault, sa.exc.OperationalError):
        return Problem("database.away", _NO_SERVER)
    return _unknown(fault, said)


def _unknown(fault: BaseException, said: str) -> Problem | None:
    if not isinstance(fault, sa.exc.OperationalError):
        return None
    text = _("The database does not answer: {said}. Nothing was written.", said=said)
    return Problem("database.silent", text)


def _first_line(driver: BaseException | None) -> str:
    return next(iter(str(driver).strip().splitlines()), "")
