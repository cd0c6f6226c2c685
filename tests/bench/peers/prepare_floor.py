"""The least that a list can cost: its items and its lines, each by one INSERT … SELECT.

By bare sqlite3, in a copy of the same office: the same rows to read, the same tables and indexes
to write, the same settings, one commit. It knows only what a first quarter needs: members whose
spell covers the month, times the rate of the grade. It knows no corrections, exceptions, earlier
payments or recoveries, writes no events and no checkpoints, checks nothing, and opens nothing that
is sealed. With `hashed` it also opens what stands in the list (identity and account of each line)
and takes a SHA-256 over it: that is no part of the goal, and shows what the product's promise that
a list is approved to the byte costs by itself.
"""

from __future__ import annotations

import hashlib
import sqlite3
from base64 import urlsafe_b64decode
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.bench.peer import answer
from tests.bench.stopwatch import Stopwatch

FIELD_KEY = "YmVuY2ggYmVuY2ggYmVuY2ggYmVuY2ggYmVuY2ggYmU="
_FIRST_MONTH = 2005 * 12 + 3
_AT = "2005-06-15 01:00:00.000000"
_RUN = """INSERT INTO payout_run (id, reference, quarter, kind, number, first_month, last_month,
    as_of, prepared_by, settings, line_count, total_fen, sha256, approved_sha256,
    new_over_paid_count, new_over_paid_fen, state, version, definition_sha256, journal_head,
    journal_key)
VALUES (1, '2005Q2-r1', '2005Q2', 'regular', 1, :first, :first + 2, :at, '', '{}', 0, 0, '', '',
    0, 0, 'draft', 0, '', '', x'')"""
_ITEMS = """
WITH month (month) AS (VALUES (:first), (:first + 1), (:first + 2)),
paid (month, grade, fen) AS MATERIALIZED (
    SELECT month.month, rate.grade, rate.rate_fen FROM month JOIN rate ON rate.from_month = (
        SELECT max(later.from_month) FROM rate AS later
        WHERE later.grade = rate.grade AND later.from_month <= month.month))
INSERT INTO payout_item (household_id, month, line_id, kind, amount_fen, persons, rate_fen, made_at)
SELECT grade.household_id, paid.month, grade.household_id, 'regular', count(*) * paid.fen, count(*),
    paid.fen, :at
FROM grade CROSS JOIN enrolment ON enrolment.household_id = grade.household_id
CROSS JOIN paid ON paid.grade = grade.grade AND enrolment.from_month <= paid.month
    AND (enrolment.until_month IS NULL OR enrolment.until_month > paid.month)
CROSS JOIN membership ON membership.household_id = grade.household_id AND membership.counted
    AND membership.from_month <= paid.month
    AND (membership.until_month IS NULL OR membership.until_month > paid.month)
GROUP BY grade.household_id, paid.month"""
_LINES = """
INSERT INTO payout_line (id, run_id, household_id, number, reference, account_id, identity_id,
    due_fen, over_fen, recovery_fen, amount_fen, made_at)
SELECT household.id, 1, household.id, household.id, printf('2005Q2-r1-%05d', household.id),
    account.id, person_identity.id, owed.fen, 0, 0, owed.fen, :at
FROM (SELECT household_id, sum(amount_fen) AS fen FROM payout_item GROUP BY household_id) AS owed
CROSS JOIN household ON household.id = owed.household_id
CROSS JOIN account ON account.household_id = household.id AND account.superseded_at IS NULL
LEFT JOIN person_identity ON person_identity.person_id = account.payee_id
    AND person_identity.superseded_at IS NULL"""
_LISTED = """SELECT household.id, household.household_no, account.payee_name, account.bank_name,
    payout_line.amount_fen, account.sealed_number, account.token, person_identity.sealed_number,
    person_identity.token
FROM payout_line JOIN household ON household.id = payout_line.household_id
JOIN account ON account.id = payout_line.account_id
JOIN person_identity ON person_identity.id = payout_line.identity_id ORDER BY household.household_no
"""


def measure(folder: str, hashed: bool = False) -> dict[str, Any]:
    """Write the first quarter's list."""
    connection = connect(Path(folder) / "relief.db")
    named = {"first": _FIRST_MONTH, "at": _AT}
    connection.execute("PRAGMA foreign_keys = OFF")  # the run names no workflow
    connection.execute(_RUN, named)
    connection.execute("PRAGMA foreign_keys = ON")
    with Stopwatch() as watch:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("PRAGMA defer_foreign_keys = ON")  # the items come before their lines
        connection.execute(_ITEMS, named)
        connection.execute(_LINES, named)
        if hashed:
            _take_hash(connection)
        connection.execute("COMMIT")
    lines = "SELECT count(*), sum(amount_fen) FROM payout_line"
    agrees = list(connection.execute(lines).fetchone())
    connection.close()
    return {**watch.figures(agrees[0], "line"), "agrees": agrees}


def connect(path: Path) -> sqlite3.Connection:
    """The database as the product sets it."""
    connection = sqlite3.connect(path, isolation_level=None)
    for setting in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {setting}")
    return connection


def opener() -> Any:
    """Opens what the product sealed for a place, by the bare cipher."""
    decrypt = AESGCM(urlsafe_b64decode(FIELD_KEY)).decrypt

    def opened(sealed: bytes, context: str) -> str:
        return decrypt(sealed[1:13], sealed[13:], context.encode()).decode()

    return opened


def _take_hash(connection: sqlite3.Connection) -> None:
    opened, digest = opener(), hashlib.sha256()
    for number, *shown, account, account_token, identity, identity_token in connection.execute(
        _LISTED
    ):
        account_no = opened(account, f"account.number:{number}:{account_token}")
        id_number = opened(identity, f"person_identity.number:{identity_token}")
        digest.update(f"{shown}{account_no}{id_number}\n".encode())


if __name__ == "__main__":
    answer(measure)
