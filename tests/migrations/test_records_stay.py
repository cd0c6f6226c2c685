"""What was recorded stays: the database refuses, whoever asks."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from relief.kernel.database import Database
from relief.migrations.apply import upgrade
from tests.migrations.rows import all_rows, put_a_row_in_every_table, reflected

FINAL = ["journal_entry", "journal_seal", "workflow_definition", "line_event"]
FACTS = [
    "enrolment", "membership", "grade", "hold", "account", "recovery_choice", "person_identity",
]  # fmt: skip
KEPT = ["rate", "payout_run", "payout_line", "payout_item", "payout_exception", "released_file"]


@pytest.fixture
def filled(database: Database) -> Database:
    """A database with a row in every table."""
    upgrade(database.engine)
    put_a_row_in_every_table(database)
    return database


@pytest.mark.parametrize("table", [*FINAL, *FACTS, *KEPT])
def test_row_is_kept_when_someone_deletes_it(filled: Database, table: str) -> None:
    with pytest.raises(sa.exc.IntegrityError, match=f"rows of {table} are never removed"):
        _do(filled, f"DELETE FROM {table}")
    assert len(all_rows(filled)[table]) == 1


@pytest.mark.parametrize("table", [*FINAL, *FACTS])
def test_no_column_of_a_record_can_be_changed(filled: Database, table: str) -> None:
    free = {"superseded_at"}
    for column in reflected(filled).tables[table].columns.keys() - free:
        with pytest.raises(sa.exc.IntegrityError, match=f"rows of {table} are never changed"):
            _do(filled, f"UPDATE {table} SET {column} = {column}")


@pytest.mark.parametrize("table", FACTS)
def test_fact_is_superseded_once(filled: Database, table: str) -> None:
    _do(filled, f"UPDATE {table} SET superseded_at = '2005-06-30 00:00:00.000000'")
    with pytest.raises(sa.exc.IntegrityError, match=f"rows of {table} are never changed"):
        _do(filled, f"UPDATE {table} SET superseded_at = NULL")


def test_rate_is_confirmed_once(filled: Database) -> None:
    with pytest.raises(sa.exc.IntegrityError, match="rows of rate are never changed"):
        _do(filled, "UPDATE rate SET rate_fen = 1")
    confirm = "UPDATE rate SET confirmed_at = '2005-06-30 00:00:00.000000', confirmed_by = 'y'"
    _do(filled, confirm)
    with pytest.raises(sa.exc.IntegrityError, match="rows of rate are never changed"):
        _do(filled, confirm)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE payout_item SET voided_at = '2005-06-30 00:00:00.000000'",
        "UPDATE payout_run SET state = 'cancelled'",
        "UPDATE household SET state = 'exited'",
        "DELETE FROM payout_checkpoint",
    ],
)
def test_database_lets_through_what_a_step_of_a_run_needs(filled: Database, statement: str) -> None:
    assert _do(filled, statement) == 1


@pytest.mark.parametrize("table", ["payout_line", "payout_item"])
def test_amount_can_be_changed_by_hand_so_that_verify_has_to_find_it(
    filled: Database, table: str
) -> None:
    assert _do(filled, f"UPDATE {table} SET amount_fen = amount_fen + 1") == 1


def _do(database: Database, statement: str) -> int:
    with database.engine.begin() as connection:
        return connection.exec_driver_sql(statement).rowcount
